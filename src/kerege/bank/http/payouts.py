# SPDX-License-Identifier: Apache-2.0
"""The route that reads payout files: salaries, benefits, refunds from a spreadsheet."""

import asyncio
from typing import Annotated, Final

from litestar import Router, post
from litestar.params import JSONBody
from msgspec import Meta, Struct

from kerege.bank.http.signed_in import WALLETS, CustomerRequest, needs
from kerege.bank.payouts import Payouts
from kerege.runtime.clock import Clock
from kerege.service import BEARER, Rates, StrictJson, require_rate
from kerege.wallet.wire import PayoutPlan

__all__ = ["PayoutText", "payout_routes"]

MAX_TEXT_CHARS: Final = 512 * 1024
"""Some ten thousand lines: larger payrolls come in several files."""

_BODY_BYTES: Final = 4 * 1024 * 1024


class PayoutText(Struct, frozen=True, forbid_unknown_fields=True):
    """A file's text (CSV: `to`, `amount`, `purpose`, `note`) and what it pays in."""

    text: Annotated[str, Meta(max_length=MAX_TEXT_CHARS)]
    asset: Annotated[str, Meta(pattern=r"^[A-Z][A-Z0-9-]{2,11}$(?!\n)", max_length=12)]


def payout_routes(payouts: Payouts, rates: Rates, clock: Clock) -> Router:
    """`rates` bounds how many names a customer may ask for, in files as one by one."""

    @post(
        "/",
        dto=StrictJson,
        status_code=200,
        request_max_body_size=_BODY_BYTES,
        opt=needs(WALLETS),
        summary="Whom a payout file pays",
    )
    async def plan(request: CustomerRequest, data: JSONBody[PayoutText]) -> PayoutPlan:
        """Reads the whole file and finds every payee; nothing is paid. Pay what it says in orders
        of several legs; each line's outcome is a leg's."""
        names = await asyncio.to_thread(payouts.aliases_in, data.text, data.asset)
        if names:
            require_rate(rates, request.user.customer, now_us=clock.now_us(), tokens=names)
        return await asyncio.to_thread(payouts.plan, data.text, data.asset)

    return Router("/v1/payouts", route_handlers=[plan], tags=["payments"], security=[BEARER])
