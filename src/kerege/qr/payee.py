# SPDX-License-Identifier: Apache-2.0
"""Codes of a Kerege country: who is paid, for which request, until when.

Whoever scans a code asks `read_payable` and gets either what to pay or why it cannot be paid here.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from kerege.qr.errors import RuleError
from kerege.qr.merchant import MerchantCode, read_merchant_code
from kerege.qr.payload import Payload
from kerege.qr.schemes import (
    IDENTIFIER_TAG,
    Profile,
    Scheme,
    accounts_of,
    identifier_of,
    schemes_in,
)
from kerege.qr.tlv import DataObject, write_objects

__all__ = [
    "MAX_PAYEE_CHARS",
    "MAX_REQUEST_CHARS",
    "Foreign",
    "Payable",
    "account_object",
    "read_payable",
    "terms_object",
]

MAX_PAYEE_CHARS = 60
"""Characters of an alias or wallet id: with the identifier they fit the template's 99."""

MAX_REQUEST_CHARS = 60
"""Characters of a request's id: with identifier and expiry they fit the template's 99."""

_PAYEE, _EXPIRY, _REQUEST = "01", "01", "02"
_ID = re.compile(r"[A-Za-z0-9+@._:-]*")
_INSTANT = "%Y%m%dT%H%M%SZ"
_INSTANT_FORM = re.compile(r"[0-9]{8}T[0-9]{6}Z")

_TEXTS = {
    "kk": (
        "Бұл код {whose} жүйесінікі, мұнда төленбейді.",
        "Бұл код бізге белгісіз жүйенікі, мұнда төленбейді.",
    ),
    "ru": (
        "Это код системы {whose}, здесь его оплатить нельзя.",
        "Это код неизвестной нам системы, здесь его оплатить нельзя.",
    ),
    "en": (
        "This code is of {whose} and cannot be paid here.",
        "This code is of a scheme we do not know and cannot be paid here.",
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Payable:
    """A code of this country; `expires_at` is aware, UTC, whole seconds."""

    code: MerchantCode
    payee: str
    request_id: str | None
    expires_at: datetime | None

    def is_expired(self, now: datetime) -> bool:
        """Whether the code's last instant has passed."""
        return self.expires_at is not None and now > self.expires_at


@dataclass(frozen=True, slots=True)
class Foreign:
    """A payment code, but not one that is paid here; `schemes` are those we recognise, or none."""

    schemes: tuple[Scheme, ...]

    def explain(self, language: str) -> str:
        """The answer for the payer in `kk`, `ru` or `en` (any other language gets English)."""
        known, unknown = _TEXTS.get(language, _TEXTS["en"])
        if not self.schemes:
            return unknown
        names = (f"{scheme.name} ({scheme.country})" for scheme in self.schemes)
        return known.replace("{whose}", ", ".join(names))


def account_object(profile: Profile, payee: str) -> DataObject:
    """The merchant account template that names a payee (an alias or wallet id).

    Raises `RuleError` for an empty or too long payee or one with other characters than letters,
    digits and `+@._:-`.
    """
    payee_item = DataObject(_PAYEE, payee, f"{profile.account_tag}.{_PAYEE}")
    _read_id(payee_item, MAX_PAYEE_CHARS)
    return _template(profile, profile.account_tag, [payee_item])


def terms_object(
    profile: Profile, *, expires_at: datetime | None = None, request_id: str | None = None
) -> DataObject:
    """The template of a dynamic code's terms. Raises `RuleError`, also for a naive `expires_at`."""
    terms = []
    if expires_at is not None:
        item = DataObject(_EXPIRY, "", f"{profile.terms_tag}.{_EXPIRY}")
        if expires_at.tzinfo is None:
            raise RuleError((item.fault("the instant has no time zone", "give it in UTC"),))
        terms.append(DataObject(_EXPIRY, expires_at.astimezone(UTC).strftime(_INSTANT)))
    if request_id is not None:
        item = DataObject(_REQUEST, request_id, f"{profile.terms_tag}.{_REQUEST}")
        _read_id(item, MAX_REQUEST_CHARS)
        terms.append(item)
    return _template(profile, profile.terms_tag, terms)


def _template(profile: Profile, tag: str, objects: list[DataObject]) -> DataObject:
    return DataObject(
        tag, write_objects([DataObject(IDENTIFIER_TAG, profile.identifier), *objects])
    )


def read_payable(payload: Payload, profile: Profile) -> Payable | Foreign:
    """What to pay, or whose code it is. A code may be of several schemes; ours is enough.

    Raises `RuleError` if the code is ours but breaks a rule: EMVCo's, the country's currency, two
    payees, or the form of payee, request and expiry.
    """
    accounts = accounts_of(payload, profile.scheme)
    if not accounts:
        return Foreign(schemes_in(payload))
    code = read_merchant_code(payload)
    _check_country(payload, profile)
    _check_single(accounts)
    terms = _read_terms(payload, profile)
    return Payable(
        code=code,
        payee=_read_payee(accounts[0]),
        request_id=_read_id(terms[_REQUEST], MAX_REQUEST_CHARS) if _REQUEST in terms else None,
        expires_at=_read_instant(terms[_EXPIRY]) if _EXPIRY in terms else None,
    )


def _check_country(payload: Payload, profile: Profile) -> None:
    expected = {"53": profile.currency.number, "58": profile.country}
    faults = tuple(
        item.fault(f"{profile.scheme.id} goes with {expected[item.tag]}", "refuse the code")
        for item in payload.objects
        if item.tag in expected and item.value != expected[item.tag]
    )
    if faults:
        raise RuleError(faults)


def _check_single(templates: tuple[DataObject, ...]) -> None:
    """Two templates of ours could show one payee and pay another."""
    if len(templates) > 1:
        message = f"a second template of {identifier_of(templates[1])}"
        raise RuleError((templates[1].fault(message, "refuse the code"),))


def _read_payee(account: DataObject) -> str:
    payee = next((item for item in account.objects() if item.tag == _PAYEE), None)
    if payee is None:
        raise RuleError((account.fault("sub-tag 01, the payee, is missing", "add it"),))
    return _read_id(payee, MAX_PAYEE_CHARS)


def _read_terms(payload: Payload, profile: Profile) -> dict[str, DataObject]:
    """The data objects of the terms template, by tag; none if the code has no terms."""
    templates = tuple(
        item
        for item in payload.between("80", "99")
        if (identifier_of(item) or "").lower() == profile.identifier
    )
    _check_single(templates)
    return {item.tag: item for template in templates for item in template.objects()}


def _read_instant(item: DataObject) -> datetime:
    try:
        if _INSTANT_FORM.fullmatch(item.value):
            return datetime.strptime(item.value, _INSTANT).replace(tzinfo=UTC)
    except ValueError:
        pass  # the right form, but no such day or hour
    raise RuleError((item.fault("not an instant", "write it like 20261231T235959Z"),))


def _read_id(item: DataObject, longest: int) -> str:
    """The value, if it is an id. Raises `RuleError`."""
    match = _ID.match(item.value)
    reached = match.end() if match else 0
    if reached < len(item.value) or not 1 <= reached <= longest:
        message = f"not 1 to {longest} letters, digits and +@._:-"
        raise RuleError((item.fault(message, "correct it", at=min(reached, longest)),))
    return item.value
