# SPDX-License-Identifier: Apache-2.0
"""A scene in memory, for tests and for trying out: facts in dictionaries, money in a real ledger.

What the core node does around `plan`, without signatures, institutions and a register: an order's
text is taken for genuine. Pure but for the ledger it is given.
"""

from collections.abc import Callable, Mapping
from typing import Final

from kerege.errors import InvariantViolation
from kerege.keys import JwsEncodingError, encode_base64url, parse_compact
from kerege.ledger.ids import AccountId, Mark, OrderId, parse_order_id
from kerege.ledger.order import Order
from kerege.ledger.outcome import Outcome
from kerege.payments.documents import (
    Document,
    MalformedDocument,
    Pay,
    Request,
    decode_document,
    decode_request,
    encode_document,
)
from kerege.payments.fees import NO_FEES, FeeSchedule
from kerege.payments.planning import plan
from kerege.payments.refusal import Refusal
from kerege.payments.scene import Past, Plan, Refused, WalletFacts
from kerege.payments.verdict import Verdict, refused_verdict, verdict_of
from kerege.programmes import ActiveProgramme

__all__ = ["MemoryScene", "unsigned_text"]


_NONE: Final = AccountId(0)


class MemoryScene:
    """A `Scene` over `post`, a ledger's way to decide one order, and `spendable`, what an
    account of it can part with."""

    def __init__(
        self,
        *,
        post: Callable[[Order], Outcome],
        spendable: Callable[[AccountId], int],
        now_us: Callable[[], int],
        allowance_sink: AccountId,
        fees: FeeSchedule = NO_FEES,
        purse: Callable[[AccountId], Mapping[Mark, int]] = lambda _: {},
    ) -> None:
        """`purse`: what an account can part with of each mark, if there are programmes."""
        self.fees = fees
        self.programmes: dict[Mark, ActiveProgramme] = {}
        self.converters: dict[str, AccountId] = {}
        self.purse = purse
        self.allowance_sink = allowance_sink
        self.wallets: dict[str, WalletFacts] = {}
        self.orders: dict[OrderId, Past] = {}
        self._post = post
        self._spendable = spendable
        self._now_us = now_us

    @property
    def now_us(self) -> int:
        """The ledger's time."""
        return self._now_us()

    def wallet(self, wallet_id: str) -> WalletFacts | None:
        """A wallet put into `wallets`."""
        return self.wallets.get(wallet_id)

    def converter(self, asset: str) -> AccountId:
        """An account put into `converters`; where there is none, no programme has its money."""
        return self.converters.get(asset, _NONE)

    def past(self, order_id: OrderId) -> Past | None:
        """An order that `submit` saw accepted."""
        return self.orders.get(order_id)

    def allowance(self, opening: Order) -> AccountId:
        """The account, opened in the ledger now if it was not yet."""
        outcome = self._post(opening)
        if outcome.refusal is not None:
            raise InvariantViolation(f"an allowance was not opened: {outcome.refusal.name}")
        return AccountId(outcome.results[0])

    def spendable(self, account: AccountId) -> int:
        """What the ledger says now."""
        return self._spendable(account)

    def request(self, text: str) -> Request | Refusal:
        """The request in an unsigned text."""
        try:
            return decode_request(_payload(text))
        except MalformedDocument:
            return Refusal.REQUEST_INVALID

    def payment(self, text: str) -> Pay | Refusal:
        """The payment in an unsigned text."""
        try:
            document = decode_document(_payload(text))
        except MalformedDocument:
            return Refusal.ORDER_TEXT_INVALID
        return document if isinstance(document, Pay) else Refusal.ORDER_TEXT_INVALID

    def submit(self, document: Document) -> Verdict:
        """Plan a document, ask the ledger, remember what was accepted.

        A repeat is the ledger's to know: planned anew it might have other steps by now.
        """
        order_id = parse_order_id(document.id)
        known = self.orders.get(order_id)
        if known is not None and known.document == document:
            return verdict_of(self._post(known.order), Plan(known.order.steps, ()))
        planned = plan(document, self)
        if isinstance(planned, Refused):
            return refused_verdict(order_id, planned)
        order = Order(
            order_id, planned.steps, planned.terms(document), unsigned_text(document).encode()
        )
        outcome = self._post(order)
        if outcome.accepted:
            past = Past(
                document=document, order=order, results=outcome.results, at_us=outcome.at_us
            )
            self.orders[order_id] = past
        return verdict_of(outcome, planned)


def unsigned_text(document: Document | Request) -> str:
    """A document in the shape of a compact JWS, its signature a blank: for `MemoryScene` only."""
    header = encode_base64url(b'{"alg":"Ed25519"}')
    return f"{header}.{encode_base64url(encode_document(document))}.{encode_base64url(bytes(64))}"


def _payload(text: str) -> bytes:
    try:
        return parse_compact(text.encode()).payload
    except JwsEncodingError as fault:
        raise MalformedDocument(fault.message) from None
