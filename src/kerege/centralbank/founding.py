# SPDX-License-Identifier: Apache-2.0
"""Founds the country that a node's settings describe, once; later starts find it founded."""

from typing import Final

from kerege.centralbank.core_settings import CoreSettings, CoreSettingsError
from kerege.centralbank.register import Register, found_country
from kerege.centralbank.register_parameters import decode_parameters
from kerege.keys import KeyEncodingError, PublicKey, parse_jwk
from kerege.payments import parse_participant_id

__all__ = ["found_as_set"]

_MAX_BYTES: Final = 1024 * 1024


def found_as_set(register: Register, settings: CoreSettings) -> None:
    """Found the country, or see that it is the one described; nothing without `[founding]`.

    Raises `CoreSettingsError`, `CountryExists` or `MalformedParameters`.
    """
    founding = settings.founding
    if founding is None:
        return
    path = settings.path(founding.parameters)
    try:
        with path.open("rb") as file:
            text = file.read(_MAX_BYTES)
    except OSError as error:
        raise CoreSettingsError(f"cannot be read: {error.strerror}", place=str(path)) from error
    staff = {
        parse_participant_id(name): _key(jwk, place=f"founding.staff.{name}")
        for name, jwk in founding.staff.items()
    }
    operator = _key(founding.operator, place="founding.operator")
    found_country(register, decode_parameters(text), staff=staff, operator_key=operator)


def _key(jwk: str, *, place: str) -> PublicKey:
    try:
        return parse_jwk(jwk.encode()).public_key
    except KeyEncodingError as error:
        raise CoreSettingsError(error.message, place=place, remedy=error.remedy) from error
