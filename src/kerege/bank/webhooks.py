# SPDX-License-Identifier: Apache-2.0
"""Webhooks: a customer's notices sent to an address of theirs, again and again until taken.

A notice becomes a delivery in one SQL transaction, so none is lost and none is made twice; it may
arrive twice, under the same `Idempotency-Key`. What nobody took for a day is kept on a list, from
which it can be sent again.
"""

import asyncio
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Final

import msgspec
import sqlalchemy as sa

from kerege.bank import outbox_store, webhooks_store
from kerege.bank.webhook_address import parse_hook_url
from kerege.bank.webhook_sending import DeliveryFailed, HookSender
from kerege.bank.webhooks_store import Delivery, Webhook
from kerege.errors import KeregeError
from kerege.runtime.clock import Clock
from kerege.runtime.ids import IdMaker
from kerege.runtime.tables import Tables
from kerege.wallet.wire import Notice

__all__ = ["BACKOFF_S", "MAX_WEBHOOKS", "Dispatcher", "TooManyWebhooks", "Webhooks", "backoff_us"]

MAX_WEBHOOKS: Final = 5
"""Of one customer: an accounting system, a till, and spares."""

MAX_WAITING: Final = 1_000
"""Deliveries of one webhook under way; meanwhile no more notices become deliveries."""

BACKOFF_S: Final = (5, 30, 120, 600, 1_800, 3_600, 3 * 3_600, 6 * 3_600, 12 * 3_600)
"""Before each further try: a restart is soon over, a weekend's outage is for the dead list."""

MAX_DEAD: Final = 500
"""Of the deliveries given up, how many are shown at once."""

DEAD_KEPT_S: Final = 30 * 24 * 3_600
"""How long what was given up is kept."""

_AT_ONCE: Final = 16
"""Deliveries under way in one process: slow receivers wait for each other, not for the bank."""

_CLAIM_S: Final = 60
"""A delivery takes ten seconds at most; after a crash another process takes over."""

_IDLE_S: Final = 2.0
"""How soon another process's notices are seen; ours ring."""

_PAGE: Final = 500
_US: Final = 1_000_000


class TooManyWebhooks(KeregeError):
    """A customer has as many webhooks as are allowed."""


class Webhooks:
    """Addresses of customers. Every method takes whose they are: nobody sees another's."""

    def __init__(
        self,
        tables: Tables,
        clock: Clock,
        ids: IdMaker,
        *,
        allow: Collection[str] = (),
        ring: Callable[[], None],
    ) -> None:
        """`allow` as in `parse_hook_url`; `ring` is called when something is to be sent."""
        self._tables = tables
        self._clock = clock
        self._ids = ids
        self._allow = frozenset(allow)
        self._ring = ring

    def add(self, customer: str, url: str, kinds: Sequence[str] = ()) -> Webhook:
        """Send a customer's notices from now on. Raises `ForbiddenAddress`, `TooManyWebhooks`."""
        parse_hook_url(url, allow=self._allow)
        with self._tables.begin() as connection:
            if webhooks_store.count_of_customer(connection, customer) >= MAX_WEBHOOKS:
                raise TooManyWebhooks(
                    f"a customer has at most {MAX_WEBHOOKS} webhooks", remedy="remove one first"
                )
            webhook = Webhook(
                id=f"hook_{self._ids.make().hex()}",
                customer=customer,
                url=url,
                kinds=tuple(kinds),
                made_us=self._clock.now_us(),
                cursor=outbox_store.last_id(connection),
                paused=False,
            )
            webhooks_store.insert_webhook(connection, webhook)
        return webhook

    def of(self, customer: str) -> list[Webhook]:
        """A customer's webhooks."""
        with self._tables.read() as connection:
            return webhooks_store.webhooks_of(connection, customer)

    def remove(self, customer: str, webhook: str) -> bool:
        """Remove one with what it still had to deliver; False if the customer has none such."""
        with self._tables.begin() as connection:
            found = self._own(connection, customer, webhook)
            if found:
                webhooks_store.delete_webhook(connection, webhook)
        return found

    def pause(self, customer: str, webhook: str, *, paused: bool) -> bool:
        """Stop sending for a while, or go on; False if the customer has none such."""
        with self._tables.begin() as connection:
            found = self._own(connection, customer, webhook)
            if found:
                webhooks_store.set_paused(connection, webhook, paused=paused)
        self._ring()
        return found

    def dead(self, customer: str, webhook: str) -> list[Delivery] | None:
        """What was given up, newest first; None if the customer has no such webhook."""
        with self._tables.read() as connection:
            if not self._own(connection, customer, webhook):
                return None
            return webhooks_store.dead_of(connection, webhook, limit=MAX_DEAD)

    def redeliver(self, customer: str, webhook: str) -> int | None:
        """Try again what was given up; says how many, None if there is no such webhook."""
        with self._tables.begin() as connection:
            if not self._own(connection, customer, webhook):
                return None
            dead = webhooks_store.dead_of(connection, webhook, limit=MAX_DEAD)
            for delivery in dead:
                again = msgspec.structs.replace(
                    delivery, dead=False, tries=0, next_us=self._clock.now_us()
                )
                webhooks_store.update_delivery(connection, again)
        self._ring()
        return len(dead)

    @staticmethod
    def _own(connection: sa.Connection, customer: str, webhook: str) -> bool:
        found = webhooks_store.find_webhook(connection, webhook)
        return found is not None and found.customer == customer


class Dispatcher:
    """Makes deliveries of notices and sends them; several may work on one database."""

    def __init__(self, tables: Tables, sender: HookSender, clock: Clock) -> None:
        self._tables = tables
        self._sender = sender
        self._clock = clock

    def step(self) -> int:
        """Queue what is new, try what is due; says how many were tried. For a thread of its own,
        which has an event loop only when there is something to send."""
        due = self._claim()
        if due:
            asyncio.run(self._try_all(due))
        return len(due)

    async def _try_all(self, due: Sequence[tuple[Delivery, str, Notice]]) -> None:
        limit = asyncio.Semaphore(_AT_ONCE)
        await asyncio.gather(*(self._try(limit, *each) for each in due))

    def _claim(self) -> list[tuple[Delivery, str, Notice]]:
        now_us = self._clock.now_us()
        # Looked at without a lock first: most of the time there is nothing, and payments write too.
        with self._tables.read() as connection:
            if not webhooks_store.has_work(connection, now_us=now_us):
                return []
        with self._tables.begin() as connection:
            self._queue(connection, now_us)
            webhooks_store.delete_old_dead(connection, before_us=now_us - DEAD_KEPT_S * _US)
            until_us = now_us + _CLAIM_S * _US
            due = webhooks_store.claim_due(
                connection, now_us=now_us, until_us=until_us, limit=_PAGE
            )
            notices = outbox_store.notices_by_id(connection, [each.notice for each, _ in due])
        return [(each, url, notices[each.notice]) for each, url in due if each.notice in notices]

    def _queue(self, connection: sa.Connection, now_us: int) -> None:
        waiting = webhooks_store.waiting_by_webhook(connection)
        full = [webhook for webhook, count in waiting.items() if count >= MAX_WAITING]
        fresh = webhooks_store.unsent(connection, excluding=full, limit=_PAGE)
        cursors, rows = _queued(fresh, now_us)
        webhooks_store.insert_deliveries(connection, rows)
        webhooks_store.set_cursors(connection, cursors)

    async def _try(
        self, limit: asyncio.Semaphore, delivery: Delivery, url: str, notice: Notice
    ) -> None:
        body = msgspec.json.encode(notice)
        try:
            async with limit:
                await self._sender.send(url, body, event_id=f"{delivery.webhook}.{delivery.notice}")
        except DeliveryFailed as fault:
            await asyncio.to_thread(self._failed, delivery, fault.message)
        else:
            await asyncio.to_thread(self._arrived, delivery)

    def _arrived(self, delivery: Delivery) -> None:
        with self._tables.begin() as connection:
            webhooks_store.delete_delivery(connection, delivery.webhook, delivery.notice)

    def _failed(self, delivery: Delivery, fault: str) -> None:
        tries = delivery.tries + 1
        dead = tries > len(BACKOFF_S)
        next_us = self._clock.now_us() + (0 if dead else backoff_us(tries))
        failed = msgspec.structs.replace(
            delivery, tries=tries, next_us=next_us, dead=dead, fault=fault[:200]
        )
        with self._tables.begin() as connection:
            webhooks_store.update_delivery(connection, failed)


def backoff_us(tries: int) -> int:
    """How long to wait after the `tries`-th vain try, in microseconds."""
    return BACKOFF_S[min(tries, len(BACKOFF_S)) - 1] * _US


def _queued(
    fresh: Iterable[tuple[str, int, str]], now_us: int
) -> tuple[dict[str, int], list[Delivery]]:
    """How far each webhook comes, and its new deliveries."""
    cursors: dict[str, int] = {}
    rows: list[Delivery] = []
    for webhook, notice, kind in fresh:
        cursors[webhook] = notice
        if kind:
            rows.append(
                Delivery(webhook=webhook, notice=notice, tries=0, next_us=now_us, dead=False)
            )
    return cursors, rows
