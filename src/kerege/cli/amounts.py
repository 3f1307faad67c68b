# SPDX-License-Identifier: Apache-2.0
"""Amounts and instants as a command prints and reads them."""

from datetime import UTC, datetime, timedelta

import click

from kerege.money import ENGLISH, MAX_MINOR, PLAIN, Amount, Asset, Unit, format_amount

__all__ = ["Instant", "amount_told", "amount_values", "instant_told"]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def amount_told(minor: int, asset: Asset) -> str:
    """An amount to read: `KZT 1,234.50`; a sum beyond what `Amount` holds in minor units."""
    if abs(minor) > MAX_MINOR:
        return f"{asset.code} {minor} minor units"
    # A terminal's lines are searched and copied: no no-break space.
    return format_amount(Amount(minor, asset), ENGLISH, Unit.CODE).replace("\u00a0", " ")


def amount_values(minor: int, asset: Asset) -> dict[str, object]:
    """An amount for a program: minor units, and the same as a decimal number in text."""
    return {"minor": minor, "text": format_amount(Amount(minor, asset), PLAIN)}


def instant_told(at_us: int) -> str:
    """Microseconds since 1970 UTC as ISO 8601; beyond the year 9999 as the number they are."""
    try:
        return (_EPOCH + timedelta(microseconds=at_us)).isoformat().replace("+00:00", "Z")
    except OverflowError:
        return f"{at_us} us after 1970"


class Instant(click.ParamType[int]):
    """ISO 8601 with a time zone, read as microseconds since 1970 UTC."""

    name = "time"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> int:
        """Read `value`, such as 2027-01-15T08:00:00Z or 2027-01-15T13:00:00.5+05:00."""
        if isinstance(value, int):
            return value
        try:
            found = datetime.fromisoformat(str(value))
        except ValueError:
            self.fail(f"{value!r} is not a time; write it like 2027-01-15T08:00:00Z", param, ctx)
        if found.tzinfo is None:
            self.fail(f"{value!r} has no time zone; add Z or an offset like +05:00", param, ctx)
        return (found - _EPOCH) // _MICROSECOND
