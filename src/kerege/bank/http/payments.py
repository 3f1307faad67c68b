# SPDX-License-Identifier: Apache-2.0
"""Routes of payments: the way a signed order takes, kept short, and what became of it.

An order that was decided is answered 200 whatever the verdict: a refusal is an answer. 202 says
that it is on its way and the core has not answered yet: the same order, sent again, finds out.
"""

import asyncio
from collections.abc import Sequence
from concurrent.futures import Future
from typing import Annotated, Final, Protocol

import msgspec
from litestar import MediaType, Response, Router, get, post
from litestar.openapi import ResponseSpec
from litestar.params import JSONBody, PathParameter
from litestar.types import HTTPScope
from msgspec import Meta, Struct

from kerege.bank.answer import Answer as Decided
from kerege.bank.answer import refused
from kerege.bank.core_line import CoreLine
from kerege.bank.customer import CustomerId
from kerege.bank.http.signed_in import (
    PAYMENTS,
    WALLETS,
    CustomerRequest,
    Door,
    language_of,
    needs,
)
from kerege.bank.http.telling import Teller
from kerege.bank.http.turns import Turns
from kerege.bank.incoming import Owners
from kerege.bank.outgoing import Job, done
from kerege.bank.outgoing_store import Kept
from kerege.bank.ownership import NothingHere, Ownership
from kerege.bank.refusal import BankRefusal
from kerege.bank.trying import Trial
from kerege.keys import parse_compact
from kerege.payments import TopUp, Verdict, decode_document
from kerege.service import (
    BEARER,
    ReadBody,
    StraightRoute,
    StrictJson,
    choose_language,
    decode_json,
    header_of,
    require_json,
)
from kerege.wallet.wire import Answer

__all__ = [
    "SENT",
    "PaymentDesk",
    "PaymentIn",
    "Payments",
    "payment_routes",
    "straight_payments",
]

SENT: Final = "sent"
"""The code of an order that the core has not answered yet."""

_ON_ITS_WAY: Final = 202
_Jws = Annotated[str, Meta(min_length=1, max_length=64 * 1024, pattern=r"^[A-Za-z0-9_.-]+$(?!\n)")]
_OrderName = Annotated[
    str, PathParameter(pattern=r"^ord_[0-9a-f]{32}$", description="`ord_` and 32 hex digits")
]
_BODY_BYTES: Final = 72 * 1024


class PaymentIn(Struct, frozen=True, forbid_unknown_fields=True):
    """An order document signed by the customer's wallet (compact JWS)."""

    order: _Jws


_PAYMENT_IN: Final = msgspec.json.Decoder(PaymentIn)


class Payments(Protocol):
    """The way out of a bank: `bank.outgoing.Outgoing`."""

    def read(self, text: bytes, customer: str) -> Job | Decided:
        """A customer's signed order, or why it is refused unread."""

    def send_all(self, jobs: Sequence[Job]) -> Sequence[Future[Decided]]:
        """Orders their wallets' owners hand in; a future is done when there is an answer."""

    def find(self, order_id: str) -> Kept | None:
        """An order this bank was given."""


class PaymentDesk:
    """A customer's orders; what blocks is called in threads."""

    def __init__(
        self,
        payments: Payments,
        ownership: Ownership,
        terms: Owners,
        core: CoreLine,
        trial: Trial,
    ) -> None:
        self._payments = payments
        self._trial = trial
        self._terms = terms
        self._ownership = ownership
        self._core = core
        self._turns = Turns(self._hand_over)

    async def submit(self, actor: CustomerId, text: bytes) -> Decided:
        """Hand in an order for whoever owns its wallet: `actor`, or a child `actor` answers for."""
        read = self._payments.read(text, actor)
        if isinstance(read, Decided):
            return read
        answer = await self._turns.hand_in(read)
        if answer.verdict.code != BankRefusal.WALLET_NOT_YOURS:
            return answer
        try:
            _, owner = await asyncio.to_thread(self._ownership.require, actor, read.sending.wallet)
        except NothingHere:
            return answer
        return await self._turns.hand_in(read.of(owner)) if owner != actor else answer

    def _hand_over(self, read: Sequence[Job]) -> list[Future[Decided]]:
        """Orders that came together, of whoever hands them in; others' are refused."""
        owners = self._terms.owners([one.sending.wallet for one in read])
        mine = [one for one in read if owners.get(one.sending.wallet) == one.sending.customer]
        sent = iter(self._payments.send_all(mine))
        return [
            next(sent)
            if owners.get(one.sending.wallet) == one.sending.customer
            else done(refused(one.sending.id, BankRefusal.WALLET_NOT_YOURS))
            for one in read
        ]

    def found(self, actor: CustomerId, order: str) -> tuple[Verdict, str]:
        """The verdict of an order, and the text the log keeps if it is not the customer's."""
        kept = self._kept(actor, order)
        if kept.answer is None:
            # The core may have answered a moment ago, before it was written down here.
            return self._core.verdict(order) or Verdict(order=order, code=SENT), ""
        return kept.answer.verdict, _evidence(kept.sending.text)

    def receipt(self, actor: CustomerId, order: str) -> bytes:
        """The receipt of an accepted order."""
        self._kept(actor, order)
        text = self._core.receipt(order)
        if text is None:
            raise NothingHere("receipt yet")
        return text.encode()

    def try_out(self, actor: CustomerId, text: bytes) -> Verdict:
        """What would become of an order."""
        wallet = decode_document(parse_compact(text).payload).wallet
        _, owner = self._ownership.require(actor, wallet)
        return self._trial.try_out(text, customer=owner)

    def _kept(self, actor: CustomerId, order: str) -> Kept:
        kept = self._payments.find(order)
        if kept is None:
            raise NothingHere("payment")
        if kept.sending.customer != actor:
            self._ownership.require(actor, kept.sending.wallet)
        return kept


def straight_payments(desk: PaymentDesk, door: Door, teller: Teller) -> StraightRoute:
    """`POST /v1/payments` without the framework: the way of nearly all of a bank's requests."""

    async def pay(scope: HTTPScope, read: ReadBody) -> tuple[int, bytes]:
        customer = door.admit(scope, PAYMENTS).customer
        require_json(scope)
        data = decode_json(await read(), _PAYMENT_IN)
        decided = await desk.submit(customer, data.order.encode())
        language = choose_language(header_of(scope, b"accept-language").decode("latin-1"))
        answer = msgspec.json.encode(await teller.told(decided.verdict, language))
        return _status_of(decided), answer

    return StraightRoute(pay, _BODY_BYTES)


def payment_routes(desk: PaymentDesk, teller: Teller) -> Router:
    """The routes; the first is served straight, and stands here too for its description."""

    @post(
        "/",
        dto=StrictJson,
        status_code=200,
        request_max_body_size=_BODY_BYTES,
        opt=needs(PAYMENTS),
        summary="Hand in a signed order",
        media_type=MediaType.JSON,
        responses={_ON_ITS_WAY: ResponseSpec(Answer, description="On its way: ask again.")},
    )
    async def pay(request: CustomerRequest, data: JSONBody[PaymentIn]) -> Response[Answer]:
        """Payments, holds, captures, releases, refunds, mandates, pulls. Repeats are harmless."""
        decided = await desk.submit(request.user.customer, data.order.encode())
        answer = await teller.told(decided.verdict, language_of(request))
        return Response(answer, status_code=_status_of(decided))

    @post(
        "/try",
        dto=StrictJson,
        status_code=200,
        request_max_body_size=_BODY_BYTES,
        opt=needs(WALLETS),
        summary="What would become of an order",
    )
    async def try_out(request: CustomerRequest, data: JSONBody[PaymentIn]) -> Answer:
        """At the bank (limits, the deposit's help) and at the core. Changes nothing; money that
        comes or goes meanwhile may change the answer."""
        customer, text = request.user.customer, data.order.encode()
        verdict = await asyncio.to_thread(desk.try_out, customer, text)
        return await teller.told(verdict, language_of(request))

    @get("/{order:str}", opt=needs(WALLETS), summary="What became of an order")
    async def show(request: CustomerRequest, order: _OrderName) -> Answer:
        """The first answer; `code` is `sent` while the core has not answered."""
        verdict, evidence = await asyncio.to_thread(desk.found, request.user.customer, order)
        return await teller.told(verdict, language_of(request), evidence=evidence)

    @get(
        "/{order:str}/receipt",
        opt=needs(WALLETS),
        summary="The receipt of an accepted order",
        media_type="text/plain",
    )
    async def show_receipt(request: CustomerRequest, order: _OrderName) -> bytes:
        """docs/formats/receipt.md; there is one about a second after acceptance."""
        return await asyncio.to_thread(desk.receipt, request.user.customer, order)

    return Router(
        "/v1/payments",
        route_handlers=[pay, try_out, show, show_receipt],
        tags=["payments"],
        security=[BEARER],
    )


def _status_of(decided: Decided) -> int:
    return 200 if decided.is_final else _ON_ITS_WAY


def _evidence(text: bytes) -> str:
    """The text itself if it is the bank's own around the customer's."""
    document = decode_document(parse_compact(text).payload)
    return text.decode() if isinstance(document, TopUp) else ""
