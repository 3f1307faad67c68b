# SPDX-License-Identifier: Apache-2.0
"""What a wallet needs of its bank: an interface, with an HTTP implementation and a twin."""

from collections.abc import Iterator
from typing import Protocol

from kerege.errors import KeregeError
from kerege.wallet.wire import Answer, Notice, Payee, StandingRequest, Statement, WalletState

__all__ = ["BankLine", "BankRefused", "BankUnreachable", "SessionEnded"]


class BankUnreachable(KeregeError):
    """No answer, or none that says what became of the request: send the same again.

    `wait_s`: how long the bank asks us to wait, 0 if it did not say.
    """

    def __init__(self, message: str, *, wait_s: float = 0.0, place: str = "") -> None:
        """Keep how long to wait beside the message."""
        super().__init__(message, place=place, remedy="the same is sent again")
        self.wait_s = wait_s


class BankRefused(KeregeError):
    """The bank answered that it will not do this; sending it again would not help.

    `code` is the problem's stable name (RFC 9457), `status` the HTTP status.
    """

    def __init__(self, message: str, *, code: str, status: int, remedy: str = "") -> None:
        """Keep what programs decide by beside the words for people."""
        super().__init__(message, remedy=remedy)
        self.code = code
        self.status = status


class SessionEnded(BankRefused):
    """The bank does not know who is asking (any more): log in, then do it again."""


class BankLine(Protocol):
    """A customer's line to the bank. Every call raises `BankUnreachable` or `BankRefused`."""

    def submit(self, order: bytes) -> Answer:
        """Hand in a signed order; the same order gets the first answer again."""

    def try_out(self, order: bytes) -> Answer:
        """What would become of an order now; changes nothing."""

    def answer(self, order_id: str) -> Answer | None:
        """What became of an order, `None` if the bank never saw it."""

    def receipt(self, order_id: str) -> bytes:
        """The receipt of an accepted order (docs/formats/receipt.md)."""

    def open_wallet(self, opening: bytes, *, name: str) -> Answer:
        """Open a wallet of the customer with the signed document `Open`."""

    def wallet(self, wallet_id: str) -> WalletState:
        """One wallet of the customer's with its balances."""

    def statement(self, wallet_id: str, *, asset: str, before: int, limit: int) -> Statement:
        """What happened, newest first; `before` 0 begins with the newest."""

    def resolve(self, to: str) -> Payee:
        """Whom an alias, a wallet id or a QR payload names."""

    def post_request(self, request: bytes, *, note: str) -> StandingRequest:
        """Publish a signed request to pay, so that payers can be shown it by its id."""

    def requests(self, wallet_id: str) -> tuple[StandingRequest, ...]:
        """The customer's requests that are still open."""

    def notices(self, *, after: int, wait_s: float) -> Iterator[Notice]:
        """What happened since `after`, then what happens, until `wait_s` passed in silence."""
