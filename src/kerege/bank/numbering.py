# SPDX-License-Identifier: Apache-2.0
"""How telephone and tax numbers of the country look, from its profile. Pure."""

from collections.abc import Mapping

import msgspec
from msgspec import Struct

from kerege.errors import KeregeError
from kerege.payments.aliases import Numbering

__all__ = ["MalformedNumbering", "read_numbering"]


class MalformedNumbering(KeregeError):
    """A profile that does not say how numbers look; `place` names the member."""


class _CheckDigit(Struct, frozen=True):
    modulus: int
    weights: tuple[tuple[int, ...], ...]


class _Tax(Struct, frozen=True):
    digits: int
    check_digit: _CheckDigit | None = None


class _Phone(Struct, frozen=True):
    prefix: str
    digits: int


class _Profile(Struct, frozen=True):
    phone: _Phone
    tax_number: _Tax


def read_numbering(profile: Mapping[str, object]) -> Numbering:
    """The `phone` and `tax_number` of a profile as `tomllib` gave it.

    Raises `MalformedNumbering`.
    """
    try:
        read = msgspec.convert(profile, _Profile)
    except msgspec.ValidationError as fault:
        what, _, place = str(fault).partition(" - at ")
        raise MalformedNumbering(what, place=place.strip("`").removeprefix("$.")) from None
    check = read.tax_number.check_digit
    return Numbering(
        phone_prefix=read.phone.prefix,
        phone_digits=read.phone.digits,
        tax_digits=read.tax_number.digits,
        check_modulus=check.modulus if check else 0,
        check_weights=check.weights if check else (),
    )
