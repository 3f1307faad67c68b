# SPDX-License-Identifier: Apache-2.0
"""Schemes: whose account a code names. `schemes.toml` has the data; a country is a few lines."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import resources
from types import MappingProxyType

from kerege.money import ISO4217, Asset
from kerege.qr.errors import StructureError
from kerege.qr.payload import Payload
from kerege.qr.tlv import DataObject

__all__ = ["PROFILES", "SCHEMES", "Profile", "Scheme", "accounts_of", "schemes_in"]

IDENTIFIER_TAG = "00"


@dataclass(frozen=True, slots=True)
class Scheme:
    """A payment scheme and how its account templates are told: tags and identifier."""

    id: str
    name: str
    country: str
    identifier: re.Pattern[str]
    first_tag: str
    last_tag: str


@dataclass(frozen=True, slots=True)
class Profile:
    """How one country's codes are written, and which scheme is paid there."""

    country: str
    scheme: Scheme
    currency: Asset
    identifier: str
    account_tag: str
    terms_tag: str


def accounts_of(payload: Payload, scheme: Scheme) -> tuple[DataObject, ...]:
    """The merchant account templates of that scheme; a sound code has one or none."""
    accounts = payload.between(scheme.first_tag, scheme.last_tag)
    return tuple(item for item in accounts if _is_of(item, scheme))


def schemes_in(payload: Payload) -> tuple[Scheme, ...]:
    """The schemes we recognise in a code; it need not keep EMVCo's rules."""
    return tuple(scheme for scheme in SCHEMES if accounts_of(payload, scheme))


def identifier_of(item: DataObject) -> str | None:
    """The globally unique identifier of a template, nothing if it has none or is no template."""
    try:
        inside = item.objects()
    except StructureError:
        return None
    return next((inner.value for inner in inside if inner.tag == IDENTIFIER_TAG), None)


def _is_of(item: DataObject, scheme: Scheme) -> bool:
    identifier = identifier_of(item)
    return identifier is not None and scheme.identifier.fullmatch(identifier) is not None


def _read_schemes(table: Mapping[str, list[dict[str, str]]]) -> Iterator[Scheme]:
    for row in table["scheme"]:
        yield Scheme(
            id=row["id"],
            name=row["name"],
            country=row["country"],
            identifier=re.compile(row["identifier"], re.IGNORECASE | re.ASCII),
            first_tag=row["first_tag"],
            last_tag=row["last_tag"],
        )


def _read_profiles(table: Mapping[str, dict[str, dict[str, str]]]) -> Iterator[Profile]:
    for country, row in table["country"].items():
        yield Profile(
            country=country,
            scheme=next(scheme for scheme in SCHEMES if scheme.id == row["scheme"]),
            currency=ISO4217.by_code(row["currency"]),
            identifier=row["identifier"],
            account_tag=row["account_tag"],
            terms_tag=row["terms_tag"],
        )


_TABLE = tomllib.loads(
    resources.files(__package__).joinpath("schemes.toml").read_text(encoding="utf-8")
)

SCHEMES: tuple[Scheme, ...] = tuple(_read_schemes(_TABLE))
"""All schemes we recognise, our own first."""

PROFILES: Mapping[str, Profile] = MappingProxyType(
    {profile.country: profile for profile in _read_profiles(_TABLE)}
)
"""Countries of Kerege by ISO 3166 code."""
