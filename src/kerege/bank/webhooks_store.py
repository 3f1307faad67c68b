# SPDX-License-Identifier: Apache-2.0
"""Statements of webhooks and their deliveries."""

from collections.abc import Collection, Sequence
from typing import Final

import sqlalchemy as sa
from msgspec import Struct

from kerege.bank.desk_store import DELIVERIES, NOTICES, WEBHOOKS

__all__ = [
    "Delivery",
    "Webhook",
    "claim_due",
    "count_of_customer",
    "dead_of",
    "delete_delivery",
    "delete_old_dead",
    "delete_webhook",
    "find_webhook",
    "has_work",
    "insert_deliveries",
    "insert_webhook",
    "next_due",
    "set_cursors",
    "set_paused",
    "unsent",
    "update_delivery",
    "waiting_by_webhook",
    "webhooks_of",
]

_KINDS_BETWEEN: Final = " "


class Webhook(Struct, frozen=True, kw_only=True):
    """An address that is told a customer's notices. `kinds`: which; all if empty."""

    id: str
    customer: str
    url: str
    kinds: tuple[str, ...]
    made_us: int
    cursor: int
    paused: bool


class Delivery(Struct, frozen=True, kw_only=True):
    """A notice on its way to a webhook; `next_us` is when it is tried (again)."""

    webhook: str
    notice: int
    tries: int
    next_us: int
    dead: bool
    fault: str = ""


def insert_webhook(connection: sa.Connection, webhook: Webhook) -> None:
    """Add a webhook."""
    connection.execute(
        sa.insert(WEBHOOKS).values(
            id=webhook.id,
            customer=webhook.customer,
            url=webhook.url,
            kinds=_KINDS_BETWEEN.join(webhook.kinds),
            made_us=webhook.made_us,
            cursor=webhook.cursor,
            paused=webhook.paused,
        )
    )


def webhooks_of(connection: sa.Connection, customer: str) -> list[Webhook]:
    """A customer's webhooks, oldest first."""
    query = sa.select(WEBHOOKS).where(WEBHOOKS.c.customer == customer).order_by(WEBHOOKS.c.id)
    return [_webhook(row) for row in connection.execute(query)]


def count_of_customer(connection: sa.Connection, customer: str) -> int:
    """How many webhooks a customer has."""
    query = sa.select(sa.func.count()).where(WEBHOOKS.c.customer == customer)
    return connection.scalar(query) or 0


def find_webhook(connection: sa.Connection, webhook: str) -> Webhook | None:
    """One webhook."""
    row = connection.execute(sa.select(WEBHOOKS).where(WEBHOOKS.c.id == webhook)).first()
    return None if row is None else _webhook(row)


def delete_webhook(connection: sa.Connection, webhook: str) -> None:
    """Remove a webhook with its deliveries."""
    connection.execute(sa.delete(DELIVERIES).where(DELIVERIES.c.webhook == webhook))
    connection.execute(sa.delete(WEBHOOKS).where(WEBHOOKS.c.id == webhook))


def set_paused(connection: sa.Connection, webhook: str, *, paused: bool) -> None:
    """Stop or go on."""
    connection.execute(sa.update(WEBHOOKS).where(WEBHOOKS.c.id == webhook).values(paused=paused))


_UNINDEXED_ID: Final = NOTICES.c.id + 0
"""By the index of ids SQLite would look at every notice there is for those of the few webhooks."""


def unsent(
    connection: sa.Connection, *, excluding: Collection[str], limit: int
) -> list[tuple[str, int, str]]:
    """Webhook, notice and kind of what no delivery was made for yet, oldest notice first.

    The kind is empty where the webhook does not ask for it. Webhooks in `excluding` are left out.
    """
    query = (
        sa.select(WEBHOOKS.c.id, NOTICES.c.id, NOTICES.c.kind, WEBHOOKS.c.kinds)
        .join(
            NOTICES,
            (NOTICES.c.customer == WEBHOOKS.c.customer) & (NOTICES.c.id > WEBHOOKS.c.cursor),
        )
        .where(WEBHOOKS.c.paused.is_(False), WEBHOOKS.c.id.not_in(excluding))
        .order_by(_UNINDEXED_ID)
        .limit(limit)
    )
    return [
        (row[0], row[1], row[2] if not row[3] or row[2] in row[3].split(_KINDS_BETWEEN) else "")
        for row in connection.execute(query)
    ]


def has_work(connection: sa.Connection, *, now_us: int) -> bool:
    """Whether there is a notice no delivery was made for, or a delivery that is due."""
    due = sa.select(DELIVERIES.c.notice).where(
        DELIVERIES.c.dead.is_(False), DELIVERIES.c.next_us <= now_us
    )
    if connection.execute(due.limit(1)).first() is not None:
        return True
    return bool(unsent(connection, excluding=(), limit=1))


def set_cursors(connection: sa.Connection, cursors: dict[str, int]) -> None:
    """Note how far each webhook has come."""
    if cursors:
        connection.execute(
            sa.update(WEBHOOKS)
            .where(WEBHOOKS.c.id == sa.bindparam("hook"))
            .values(cursor=sa.bindparam("reached")),
            [{"hook": hook, "reached": cursor} for hook, cursor in cursors.items()],
        )


def insert_deliveries(connection: sa.Connection, rows: Sequence[Delivery]) -> None:
    """Queue deliveries."""
    if rows:
        connection.execute(
            sa.insert(DELIVERIES),
            [
                {
                    "webhook": row.webhook,
                    "notice": row.notice,
                    "tries": row.tries,
                    "next_us": row.next_us,
                    "dead": row.dead,
                    "fault": row.fault,
                }
                for row in rows
            ],
        )


def waiting_by_webhook(connection: sa.Connection) -> dict[str, int]:
    """How many deliveries of each webhook are under way."""
    query = (
        sa.select(DELIVERIES.c.webhook, sa.func.count())
        .where(DELIVERIES.c.dead.is_(False))
        .group_by(DELIVERIES.c.webhook)
    )
    return {row[0]: row[1] for row in connection.execute(query)}


def claim_due(
    connection: sa.Connection, *, now_us: int, until_us: int, limit: int
) -> list[tuple[Delivery, str]]:
    """Deliveries that are due, with their addresses; nobody else gets them before `until_us`."""
    query = (
        sa.select(DELIVERIES, WEBHOOKS.c.url)
        .join(WEBHOOKS, WEBHOOKS.c.id == DELIVERIES.c.webhook)
        .where(
            DELIVERIES.c.dead.is_(False),
            DELIVERIES.c.next_us <= now_us,
            WEBHOOKS.c.paused.is_(False),
        )
        .order_by(DELIVERIES.c.next_us)
        .limit(limit)
        .with_for_update(of=DELIVERIES, skip_locked=True)
    )
    claimed = [(_delivery(row), str(row.url)) for row in connection.execute(query)]
    for delivery, _ in claimed:
        connection.execute(_one(delivery).values(next_us=until_us))
    return claimed


def next_due(connection: sa.Connection) -> int | None:
    """When the next delivery is due; None if there is none."""
    query = sa.select(sa.func.min(DELIVERIES.c.next_us)).where(DELIVERIES.c.dead.is_(False))
    found: int | None = connection.scalar(query)
    return found


def update_delivery(connection: sa.Connection, delivery: Delivery) -> None:
    """Note a vain try, a delivery given up, or one to be tried again."""
    connection.execute(
        _one(delivery).values(
            tries=delivery.tries,
            next_us=delivery.next_us,
            dead=delivery.dead,
            fault=delivery.fault,
        )
    )


def delete_delivery(connection: sa.Connection, webhook: str, notice: int) -> None:
    """It arrived."""
    connection.execute(
        sa.delete(DELIVERIES).where(DELIVERIES.c.webhook == webhook, DELIVERIES.c.notice == notice)
    )


def dead_of(connection: sa.Connection, webhook: str, *, limit: int) -> list[Delivery]:
    """Deliveries given up, newest first."""
    query = (
        sa.select(DELIVERIES)
        .where(DELIVERIES.c.webhook == webhook, DELIVERIES.c.dead.is_(True))
        .order_by(DELIVERIES.c.notice.desc())
        .limit(limit)
    )
    return [_delivery(row) for row in connection.execute(query)]


def delete_old_dead(connection: sa.Connection, *, before_us: int) -> None:
    """Forget what was given up long ago."""
    connection.execute(
        sa.delete(DELIVERIES).where(DELIVERIES.c.dead.is_(True), DELIVERIES.c.next_us < before_us)
    )


def _one(delivery: Delivery) -> sa.Update:
    return sa.update(DELIVERIES).where(
        DELIVERIES.c.webhook == delivery.webhook, DELIVERIES.c.notice == delivery.notice
    )


def _webhook(row: sa.Row[tuple[object, ...]]) -> Webhook:
    return Webhook(
        id=row.id,
        customer=row.customer,
        url=row.url,
        kinds=tuple(row.kinds.split(_KINDS_BETWEEN)) if row.kinds else (),
        made_us=row.made_us,
        cursor=row.cursor,
        paused=row.paused,
    )


def _delivery(row: sa.Row[tuple[object, ...]]) -> Delivery:
    return Delivery(
        webhook=row.webhook,
        notice=row.notice,
        tries=row.tries,
        next_us=row.next_us,
        dead=row.dead,
        fault=row.fault,
    )
