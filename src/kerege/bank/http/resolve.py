# SPDX-License-Identifier: Apache-2.0
"""The route that says whom a text names, held back so that names cannot be tried in numbers."""

import asyncio
from typing import Annotated

from litestar import Router, post
from litestar.params import JSONBody
from msgspec import Meta, Struct

from kerege.bank.http.signed_in import WALLETS, CustomerRequest, language_of, needs
from kerege.bank.resolving import MAX_TO_CHARS, Resolving
from kerege.runtime.clock import Clock
from kerege.service import BEARER, Rates, StrictJson, require_rate
from kerege.wallet.wire import Payee

__all__ = ["NameIn", "resolve_routes"]


class NameIn(Struct, frozen=True, forbid_unknown_fields=True):
    """An alias, a wallet id, or the payload of a QR code."""

    to: Annotated[str, Meta(min_length=1, max_length=MAX_TO_CHARS)]


def resolve_routes(resolving: Resolving, rates: Rates, clock: Clock) -> Router:
    """`rates` bounds how many names a customer may ask for."""

    @post("/", dto=StrictJson, status_code=200, opt=needs(WALLETS), summary="Whom this names")
    async def resolve(request: CustomerRequest, data: JSONBody[NameIn]) -> Payee:
        """Who is paid, as far as the payee lets others see; `text` says why not."""
        require_rate(rates, request.user.customer, now_us=clock.now_us())
        return await asyncio.to_thread(resolving.resolve, data.to, language_of(request))

    return Router("/v1/resolve", route_handlers=[resolve], tags=["payments"], security=[BEARER])
