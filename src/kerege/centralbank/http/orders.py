# SPDX-License-Identifier: Apache-2.0
"""`/v1/orders`: bring signed orders, try one, ask what became of one, get its receipt."""

import asyncio
from collections.abc import Callable
from typing import Annotated, Final

import msgspec
from litestar import Response, Router, get, post
from litestar.params import JSONBody, PathParameter
from litestar.types import HTTPScope

from kerege.centralbank.acceptance import Acceptance
from kerege.centralbank.http.callers import (
    KEEPS_WALLETS,
    CoreRequest,
    check_roles,
    require_roles,
)
from kerege.centralbank.http.wire import (
    MAX_BATCH_BYTES,
    MAX_ORDER_BYTES,
    OrderText,
    OrderTexts,
    Verdicts,
    order_of,
)
from kerege.centralbank.order_quotas import OrderQuotas
from kerege.centralbank.parties import is_party
from kerege.centralbank.receipts import ReceiptDesk
from kerege.centralbank.register import Register
from kerege.centralbank.register_participants import Participant
from kerege.centralbank.telling import Teller
from kerege.ledger import Ledger
from kerege.payments import ACCEPTED, ParticipantId, Verdict
from kerege.runtime import Clock
from kerege.service import (
    REPEATABLE,
    Gate,
    Metrics,
    Problem,
    ReadBody,
    StraightRoute,
    StrictJson,
    decode_json,
    require_json,
)
from kerege.translog.receipt import format_receipt

__all__ = ["OrdersDesk", "order_routes", "straight_orders"]

_ORDER_TEXTS: Final = msgspec.json.Decoder(OrderTexts)

OrderName = Annotated[
    str, PathParameter(pattern=r"^ord_[0-9a-f]{32}$", description="`ord_` and 32 hex digits")
]


class OrdersDesk:
    """What the routes work with."""

    def __init__(
        self,
        *,
        acceptance: Acceptance,
        ledger: Ledger,
        register: Register,
        teller: Teller,
        receipts: ReceiptDesk,
        clock: Clock,
        metrics: Metrics,
        on_news: Callable[[], None],
    ) -> None:
        """`on_news` is called when orders were accepted; it must not block."""
        self.acceptance = acceptance
        self._ledger = ledger
        self._register = register
        self._teller = teller
        self._receipts = receipts
        self._clock = clock
        self._metrics = metrics
        self._on_news = on_news
        self._quotas = OrderQuotas()

    async def bring(self, caller: Participant, texts: OrderTexts) -> list[Verdict]:
        """Verdicts on orders of the caller's customers; raises `Problem` above its quota."""
        orders = [text.encode() for text in texts.orders]
        if not orders:
            return []
        self._quotas.take(caller, len(orders), now_us=self._clock.now_us())
        verdicts = await self.acceptance.submit_all_here(caller.id, orders)
        self._count(verdicts)
        return verdicts

    def outcome(self, bank: ParticipantId, order: str) -> Verdict:
        """What became of an order that is the caller's business; raises `Problem` 404."""
        order_id = order_of(order)
        verdict = self.acceptance.verdict(order_id)
        if verdict is None or (verdict.accepted and not self._concerns(bank, order)):
            raise Problem("not_found", "no order of this id was decided")
        return verdict

    def receipt(self, bank: ParticipantId, order: str) -> bytes:
        """Its receipt; raises `NotYetLogged` or `Problem` 404."""
        if not self._concerns(bank, order):
            raise Problem("not_found", "no order of this id was accepted")
        return format_receipt(self._receipts.receipt(order_of(order)))

    def _concerns(self, bank: ParticipantId, order: str) -> bool:
        accepted = self._ledger.accepted(order_of(order))
        return accepted is not None and is_party(
            bank, accepted, register=self._register, teller=self._teller
        )

    def _count(self, verdicts: list[Verdict]) -> None:
        counts: dict[str, int] = {}
        for verdict in verdicts:
            counts[verdict.code] = counts.get(verdict.code, 0) + 1
        for code, count in counts.items():
            self._metrics.count_order(code, count)
        if ACCEPTED in counts:
            self._on_news()


def straight_orders(desk: OrdersDesk, gate: Gate[Participant]) -> StraightRoute:
    """`POST /v1/orders` without the framework: the way of nearly all orders."""

    async def bring(scope: HTTPScope, read: ReadBody) -> tuple[int, bytes]:
        caller, signed = await gate.admit_scope(
            scope, read, max_bytes=MAX_BATCH_BYTES, is_repeatable=True
        )
        scope["user"], scope["auth"] = caller, signed
        check_roles(caller, KEEPS_WALLETS)
        require_json(scope)
        verdicts = await desk.bring(caller, decode_json(signed.body, _ORDER_TEXTS))
        return 200, msgspec.json.encode(Verdicts(verdicts))

    return StraightRoute(bring, MAX_BATCH_BYTES)


def order_routes(desk: OrdersDesk) -> Router:
    """The routes, for institutions that keep wallets; the first is served straight, and stands here
    too for its description."""

    @post(
        "/v1/orders",
        dto=StrictJson,
        status_code=200,
        request_max_body_size=MAX_BATCH_BYTES,
        opt={REPEATABLE: True},
    )
    async def bring_orders(request: CoreRequest, data: JSONBody[OrderTexts]) -> Verdicts:
        """Bring signed orders of your customers; one verdict each, in their order.

        Sending the same orders again is harmless, and gives the first verdicts. A suspended
        institution's orders are refused by verdict.
        """
        return Verdicts(await desk.bring(request.user, data))

    @post(
        "/v1/orders/try",
        dto=StrictJson,
        status_code=200,
        request_max_body_size=MAX_ORDER_BYTES,
        opt={REPEATABLE: True},
    )
    async def try_order(request: CoreRequest, data: JSONBody[OrderText]) -> Verdict:
        """What would become of a signed order now; changes nothing."""
        bank, text = request.user.id, data.order.encode()
        return await asyncio.to_thread(desk.acceptance.try_out, bank, text)

    @get("/v1/orders/{order:str}")
    async def read_order(request: CoreRequest, order: OrderName) -> Verdict:
        """What became of an order of your customers, or one that moved their money."""
        return await asyncio.to_thread(desk.outcome, request.user.id, order)

    @get("/v1/orders/{order:str}/receipt", media_type="text/plain")
    async def read_receipt(request: CoreRequest, order: OrderName) -> Response[bytes]:
        """Its receipt: proof of inclusion in the public log, checkable offline.

        404 until its leaf is under a published checkpoint, about a second after acceptance.
        """
        receipt = await asyncio.to_thread(desk.receipt, request.user.id, order)
        return Response(receipt, media_type="text/plain")

    return Router(
        "/",
        route_handlers=[bring_orders, try_order, read_order, read_receipt],
        middleware=[require_roles(*KEEPS_WALLETS)],
        tags=["orders"],
    )
