# SPDX-License-Identifier: Apache-2.0
"""Statements of standing requests to pay."""

import sqlalchemy as sa
from msgspec import Struct

from kerege.bank.desk_store import REQUESTS

__all__ = ["KeptRequest", "count_open", "delete_over", "find_request", "insert_request", "open_of"]


class KeptRequest(Struct, frozen=True, kw_only=True):
    """A signed request (`text`, compact JWS) with whose it is and what its payee noted."""

    id: str
    customer: str
    wallet: str
    until_us: int
    text: str
    note: str = ""


def insert_request(connection: sa.Connection, request: KeptRequest) -> None:
    """Add a request."""
    connection.execute(
        sa.insert(REQUESTS).values(
            id=request.id,
            customer=request.customer,
            wallet=request.wallet,
            until_us=request.until_us,
            text=request.text,
            note=request.note,
        )
    )


def find_request(connection: sa.Connection, request: str) -> KeptRequest | None:
    """One request."""
    row = connection.execute(sa.select(REQUESTS).where(REQUESTS.c.id == request)).first()
    return None if row is None else _request(row)


def open_of(
    connection: sa.Connection, customer: str, *, now_us: int, limit: int
) -> list[KeptRequest]:
    """A customer's requests whose time is not over, newest first."""
    query = (
        sa.select(REQUESTS)
        .where(REQUESTS.c.customer == customer, REQUESTS.c.until_us >= now_us)
        .order_by(REQUESTS.c.id.desc())
        .limit(limit)
    )
    return [_request(row) for row in connection.execute(query)]


def count_open(connection: sa.Connection, customer: str, *, now_us: int) -> int:
    """How many a customer has whose time is not over."""
    query = sa.select(sa.func.count()).where(
        REQUESTS.c.customer == customer, REQUESTS.c.until_us >= now_us
    )
    return connection.scalar(query) or 0


def delete_over(connection: sa.Connection, *, before_us: int) -> None:
    """Forget requests whose time was over long ago."""
    connection.execute(sa.delete(REQUESTS).where(REQUESTS.c.until_us < before_us))


def _request(row: sa.Row[tuple[object, ...]]) -> KeptRequest:
    return KeptRequest(
        id=row.id,
        customer=row.customer,
        wallet=row.wallet,
        until_us=row.until_us,
        text=row.text,
        note=row.note,
    )
