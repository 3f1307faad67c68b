# SPDX-License-Identifier: Apache-2.0
"""Statements about keys kept in custody: at most one in force and one to come for a wallet."""

from typing import Final

import sqlalchemy as sa
from msgspec import Struct

from kerege.bank.money_store import CUSTODY_KEYS

__all__ = [
    "NEXT",
    "PRESENT",
    "KeptKey",
    "find_key",
    "insert_key",
    "keys_not_under",
    "keys_to_come",
    "promote",
    "remove_keys",
    "remove_next",
    "replace_sealed",
]

PRESENT: Final = "present"
NEXT: Final = "next"

_KEYS: Final = CUSTODY_KEYS.c


class KeptKey(Struct, frozen=True):
    """A row: the sealed private key, and the master secret it is sealed under."""

    wallet: str
    kid: str
    master: str
    sealed: bytes
    state: str
    made_us: int


def insert_key(connection: sa.Connection, key: KeptKey) -> None:
    """Keep a key; raises SQLAlchemy's `IntegrityError` if the wallet has one in that state."""
    values = {name: getattr(key, name) for name in key.__struct_fields__}
    connection.execute(sa.insert(CUSTODY_KEYS).values(**values))


def find_key(connection: sa.Connection, wallet: str, state: str) -> KeptKey | None:
    """A wallet's key in that state."""
    query = sa.select(CUSTODY_KEYS).where(_KEYS.wallet == wallet, _KEYS.state == state)
    row = connection.execute(query).first()
    return None if row is None else KeptKey(*row)


def keys_to_come(connection: sa.Connection) -> list[tuple[str, str]]:
    """Wallets and thumbprints of all keys that are not in force yet."""
    query = sa.select(_KEYS.wallet, _KEYS.kid).where(_KEYS.state == NEXT).order_by(_KEYS.wallet)
    return [(row.wallet, row.kid) for row in connection.execute(query)]


def promote(connection: sa.Connection, wallet: str, kid: str) -> None:
    """Let the key to come be the one in force, and the one before be gone; nothing if it is not
    there."""
    is_next = sa.and_(_KEYS.wallet == wallet, _KEYS.kid == kid, _KEYS.state == NEXT)
    if connection.execute(sa.select(_KEYS.kid).where(is_next)).first() is None:
        return
    connection.execute(
        sa.delete(CUSTODY_KEYS).where(_KEYS.wallet == wallet, _KEYS.state == PRESENT)
    )
    connection.execute(sa.update(CUSTODY_KEYS).where(is_next).values(state=PRESENT))


def remove_next(connection: sa.Connection, wallet: str, kid: str) -> None:
    """Destroy a key that is not in force yet."""
    is_next = sa.and_(_KEYS.wallet == wallet, _KEYS.kid == kid, _KEYS.state == NEXT)
    connection.execute(sa.delete(CUSTODY_KEYS).where(is_next))


def remove_keys(connection: sa.Connection, wallet: str) -> None:
    """Destroy a wallet's keys."""
    connection.execute(sa.delete(CUSTODY_KEYS).where(_KEYS.wallet == wallet))


def keys_not_under(connection: sa.Connection, master: str, *, limit: int) -> list[KeptKey]:
    """Keys that another master secret seals."""
    query = sa.select(CUSTODY_KEYS).where(_KEYS.master != master).limit(limit)
    return [KeptKey(*row) for row in connection.execute(query)]


def replace_sealed(connection: sa.Connection, key: KeptKey) -> None:
    """Keep the same key sealed anew."""
    connection.execute(
        sa.update(CUSTODY_KEYS)
        .where(_KEYS.wallet == key.wallet, _KEYS.kid == key.kid)
        .values(master=key.master, sealed=key.sealed)
    )
