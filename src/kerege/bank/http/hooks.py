# SPDX-License-Identifier: Apache-2.0
"""Routes of webhooks: addresses that are told what happens to a customer."""

import asyncio
from typing import Annotated

from litestar import Router, delete, get, post
from litestar.params import JSONBody, PathParameter
from msgspec import Meta, Struct

from kerege.bank.http.signed_in import PAYMENTS, WALLETS, CustomerRequest, needs
from kerege.bank.ownership import NothingHere
from kerege.bank.webhook_address import MAX_URL_CHARS
from kerege.bank.webhooks import Webhooks
from kerege.bank.webhooks_store import Webhook
from kerege.service import BEARER, StrictJson

__all__ = ["FailedDelivery", "HookList", "HookView", "NewHook", "Redelivered", "hook_routes"]

_HookName = Annotated[
    str, PathParameter(pattern=r"^hook_[0-9a-f]{32}$", description="`hook_` and 32 hex digits")
]
_Kind = Annotated[str, Meta(pattern=r"^[a-z][a-z.-]{0,31}$(?!\n)", max_length=32)]


class NewHook(Struct, frozen=True, forbid_unknown_fields=True):
    """Where to send, and which kinds of notices; all if none is named."""

    url: Annotated[str, Meta(min_length=1, max_length=MAX_URL_CHARS)]
    kinds: Annotated[tuple[_Kind, ...], Meta(max_length=16)] = ()


class HookView(Struct, frozen=True):
    """A webhook. Deliveries are signed by the bank (RFC 9421)."""

    id: str
    url: str
    kinds: tuple[str, ...]
    made_us: int
    paused: bool


class HookList(Struct, frozen=True):
    """A customer's webhooks."""

    webhooks: list[HookView]


class FailedDelivery(Struct, frozen=True):
    """A notice nobody took: its id, how often it was tried, what happened last."""

    notice: int
    tries: int
    fault: str


class DeadList(Struct, frozen=True):
    """What was given up, newest first."""

    deliveries: list[FailedDelivery]


class Redelivered(Struct, frozen=True):
    """How many deliveries are tried again."""

    count: int


def hook_routes(webhooks: Webhooks) -> Router:
    """The routes."""

    @post("/", dto=StrictJson, status_code=201, opt=needs(PAYMENTS), summary="Add a webhook")
    async def add(request: CustomerRequest, data: JSONBody[NewHook]) -> HookView:
        """Public https addresses only. Notices from now on are sent there."""
        customer = request.user.customer
        return _view(await asyncio.to_thread(webhooks.add, customer, data.url, data.kinds))

    @get("/", opt=needs(WALLETS), summary="My webhooks")
    async def show_all(request: CustomerRequest) -> HookList:
        """All of them."""
        found = await asyncio.to_thread(webhooks.of, request.user.customer)
        return HookList([_view(each) for each in found])

    @delete("/{webhook:str}", opt=needs(PAYMENTS), summary="Remove a webhook")
    async def remove(request: CustomerRequest, webhook: _HookName) -> None:
        """Also what it had still to deliver."""
        if not await asyncio.to_thread(webhooks.remove, request.user.customer, webhook):
            raise NothingHere("webhook")

    @get("/{webhook:str}/failures", opt=needs(WALLETS), summary="What nobody took")
    async def show_dead(request: CustomerRequest, webhook: _HookName) -> DeadList:
        """Deliveries that were tried for a day in vain."""
        found = await asyncio.to_thread(webhooks.dead, request.user.customer, webhook)
        if found is None:
            raise NothingHere("webhook")
        return DeadList([FailedDelivery(each.notice, each.tries, each.fault) for each in found])

    @post(
        "/{webhook:str}/redeliver",
        status_code=200,
        opt=needs(PAYMENTS),
        summary="Try again what nobody took",
    )
    async def redeliver(request: CustomerRequest, webhook: _HookName) -> Redelivered:
        """Everything on the list of failures."""
        count = await asyncio.to_thread(webhooks.redeliver, request.user.customer, webhook)
        if count is None:
            raise NothingHere("webhook")
        return Redelivered(count)

    return Router(
        "/v1/webhooks",
        route_handlers=[add, show_all, remove, show_dead, redeliver],
        tags=["events"],
        security=[BEARER],
    )


def _view(webhook: Webhook) -> HookView:
    return HookView(
        id=webhook.id,
        url=webhook.url,
        kinds=webhook.kinds,
        made_us=webhook.made_us,
        paused=webhook.paused,
    )
