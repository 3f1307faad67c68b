# SPDX-License-Identifier: Apache-2.0
"""Past payments as a dry run reads them: JSON lines, oldest first. Pure.

The form is in docs/formats/programme.md. Wallets are whatever tells them apart; no person is in it.
"""

from collections.abc import Iterable, Iterator
from typing import Annotated, Final

import msgspec
from msgspec import Meta, Struct

from kerege.errors import KeregeError
from kerege.ledger.account import MAX_AMOUNT
from kerege.programmes.document import Item
from kerege.programmes.situation import Contracted, Party, Situation

__all__ = ["MAX_LINE_BYTES", "MalformedPastPayment", "PastPayment", "read_past_payments"]

MAX_LINE_BYTES: Final = 64 * 1024
"""One payment with all its items; a longer line is another kind of file."""

_MAX_US: Final = 2**53
_MAX_ITEMS: Final = 1000

_Wallet = Annotated[str, Meta(min_length=1, max_length=64)]
_Amount = Annotated[int, Meta(ge=1, le=MAX_AMOUNT)]
_Short = Annotated[str, Meta(max_length=64)]


class MalformedPastPayment(KeregeError):
    """A line is not a past payment, or comes before the one above it."""


class PastPayment(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One leg of a payment that was made: `payer` and `payee` are wallets, `payer_is` and
    `payee_is` what the core knew of them then. Amounts are minor units."""

    at_us: Annotated[int, Meta(ge=0, le=_MAX_US)]
    payer: _Wallet
    payee: _Wallet
    payer_is: Party
    payee_is: Party
    amount: _Amount
    purpose: Annotated[int, Meta(ge=0, lt=2**31)] = 0
    channel: _Short = ""
    items: Annotated[tuple[Item, ...], Meta(max_length=_MAX_ITEMS)] = ()
    contract: Contracted | None = None
    invoiced: bool = False

    def situation(self) -> Situation:
        """What rules may look at."""
        return Situation(
            payer=self.payer_is,
            payee=self.payee_is,
            amount=self.amount,
            at_us=self.at_us,
            purpose=self.purpose,
            channel=self.channel,
            items=self.items,
            contract=self.contract,
            invoiced=self.invoiced,
        )


_DECODER: Final[msgspec.json.Decoder[PastPayment]] = msgspec.json.Decoder(PastPayment)


def read_past_payments(lines: Iterable[bytes]) -> Iterator[PastPayment]:
    """The payments in JSON lines, one at a time; blank lines are skipped.

    Raises `MalformedPastPayment` with the line where one is malformed or older than the one before:
    what caps count is kept for one day, week or month at a time.
    """
    last_us = 0
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        payment = _decoded(line, number)
        if payment.at_us < last_us:
            raise MalformedPastPayment(
                "this payment is older than the one before",
                place=f"line {number}",
                remedy="sort the lines by at_us",
            )
        last_us = payment.at_us
        yield payment


def _decoded(line: bytes, number: int) -> PastPayment:
    if len(line) > MAX_LINE_BYTES:
        raise MalformedPastPayment(
            f"more than {MAX_LINE_BYTES} bytes", place=f"line {number}", remedy="one payment a line"
        )
    try:
        return _DECODER.decode(line)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as fault:
        what, _, place = str(fault).partition(" - at ")
        inner = place.replace("`", "")[:100]
        raise MalformedPastPayment(
            f"not a past payment: {what[:200]}",
            place=f"line {number}{', ' if inner else ''}{inner}",
            remedy="see docs/formats/programme.md, Past payments",
        ) from None
