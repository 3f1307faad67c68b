# SPDX-License-Identifier: Apache-2.0
"""Amounts to text and back, exactly: what `format_amount` prints, `parse_amount` reads."""

from dataclasses import dataclass

from kerege.money.amount import MAX_MINOR, Amount
from kerege.money.asset import Asset
from kerege.money.errors import MoneyTextError
from kerege.money.notation import SPACES, Notation, Unit, unit_name

__all__ = ["MAX_TEXT_CHARS", "format_amount", "parse_amount"]

MAX_TEXT_CHARS = 64
"""Characters of an amount: the longest we print has 39."""

_DIGITS = "0123456789"  # str.isdigit would let other scripts in
_GROUP = 3


def format_amount(amount: Amount, notation: Notation, unit: Unit = Unit.NONE) -> str:
    """The amount with all decimals of its asset, such as `1 234,50 ₸` or `₸1,234.50`."""
    digits = str(abs(amount.minor)).rjust(amount.asset.scale + 1, "0")
    point = len(digits) - amount.asset.scale
    whole, decimals = _grouped(digits[:point], notation), digits[point:]
    return (
        (notation.minus_marks[0] if amount.minor < 0 else "")
        + notation.unit_prefix(amount.asset, unit)
        + (whole + notation.decimal_mark + decimals if decimals else whole)
        + notation.unit_suffix(amount.asset, unit)
    )


def _grouped(whole: str, notation: Notation) -> str:
    if not notation.group_marks:
        return whole
    first = len(whole) % _GROUP or _GROUP
    groups = [whole[:first], *(whole[at : at + _GROUP] for at in range(first, len(whole), _GROUP))]
    return notation.group_marks[0].join(groups)


def parse_amount(text: str, asset: Asset, notation: Notation) -> Amount:
    """Read an amount of `asset`, with or without its sign or code where the language has it.

    Digits are grouped by one kind of mark throughout or not at all, and may have fewer decimals
    than the asset, never more: nothing is rounded or guessed. Raises `MoneyTextError` with the
    character at fault.
    """
    if not isinstance(text, str):
        raise MoneyTextError("an amount is read from text", index=0, remedy="give a str")
    if len(text) > MAX_TEXT_CHARS:
        raise MoneyTextError(
            f"an amount is text of at most {MAX_TEXT_CHARS} characters",
            index=MAX_TEXT_CHARS,
            remedy="give the amount alone",
        )
    reader = _Reader(text, asset, notation)
    negative = reader.take(notation.minus_marks) != ""
    if notation.unit_leads and reader.take_unit():
        reader.take(SPACES)
    minor = reader.take_whole() * 10**asset.scale + reader.take_decimals()
    if not notation.unit_leads:
        reader.take_spaced_unit()
    reader.expect_end()
    if minor > MAX_MINOR:
        raise reader.fault("the amount is too large to be counted", 0, "split it")
    return Amount(-minor if negative else minor, asset)


@dataclass(slots=True)
class _Reader:
    """A place in the text, moving right."""

    text: str
    asset: Asset
    notation: Notation
    index: int = 0

    def take(self, marks: str) -> str:
        """The next character if it is one of `marks`, else nothing."""
        mark = self.text[self.index : self.index + 1]
        if mark == "" or mark not in marks:
            return ""
        self.index += 1
        return mark

    def take_digits(self) -> str:
        """The run of ASCII digits here, perhaps empty."""
        start = self.index
        while self.take(_DIGITS):
            pass
        return self.text[start : self.index]

    def take_unit(self) -> bool:
        """Whether the asset's sign or code stood here."""
        for name in (unit_name(self.asset, Unit.SIGN), self.asset.code):
            if self.text.startswith(name, self.index):
                self.index += len(name)
                return True
        return False

    def take_spaced_unit(self) -> None:
        """A unit after the digits; a space without a unit stays unread, hence a fault."""
        start = self.index
        self.take(SPACES)
        if not self.take_unit():
            self.index = start

    def take_whole(self) -> int:
        """The digits before the decimal mark, grouped or not, without leading zeros."""
        start, run = self.index, self.take_digits()
        if not run:
            raise self.fault("a digit is missing", start, f"write it like {self._example()}")
        if len(run) > 1 and run[0] == "0":
            raise self.fault("a leading zero", start, "leave it out")
        return int(run + self._take_groups(len(run)))

    def _take_groups(self, first_size: int) -> str:
        """Digits of all groups after the first; a space may be the unit's, so it must lead on."""
        mark, digits = "", ""
        while self._at_group():
            place = self.index
            found = self.take(self.notation.group_marks)
            group = self.take_digits()
            if found != (mark or found) or len(group) != _GROUP or first_size > _GROUP:
                advice = f"group by threes with one kind of mark, like {self._example()}"
                raise self.fault("a misplaced group mark", place, advice)
            mark, digits = found, digits + group
        return digits

    def _at_group(self) -> bool:
        mark, following = self.text[self.index : self.index + 1], self.text[self.index + 1 :][:1]
        if not mark or mark not in self.notation.group_marks:
            return False
        return mark not in SPACES or (following != "" and following in _DIGITS)

    def take_decimals(self) -> int:
        """The minor units after the decimal mark; missing places count as zeros."""
        scale, place = self.asset.scale, self.index
        if not self.take(self.notation.decimal_mark):
            return 0
        run = self.take_digits()
        if not run and scale:
            raise self.fault("a digit is missing", self.index, "complete or drop the decimals")
        if len(run) > scale or not scale:
            advice = f"{self.asset.code} has {scale} decimals; write it like {self._example()}"
            raise self.fault("too many decimals", place + 1 + scale if scale else place, advice)
        return int(run.ljust(scale, "0"))

    def expect_end(self) -> None:
        """Raise if anything is left."""
        if self.index < len(self.text):
            advice = f"write it like {self._example()}"
            raise self.fault("an unexpected character", self.index, advice)

    def fault(self, message: str, index: int, remedy: str) -> MoneyTextError:
        """The error for the character at `index`."""
        return MoneyTextError(message, index=index, remedy=remedy)

    def _example(self) -> str:
        """1234 and a half, or the like, as this language writes it; grouped where it groups."""
        half = 5 * 10 ** (self.asset.scale - 1) if self.asset.scale else 0
        amount = Amount(min(1234 * 10**self.asset.scale + half, MAX_MINOR), self.asset)
        return format_amount(amount, self.notation)
