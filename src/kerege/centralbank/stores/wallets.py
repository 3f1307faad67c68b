# SPDX-License-Identifier: Apache-2.0
"""Rows of wallets and their keys."""

from collections.abc import Iterable, Mapping
from typing import Final

import msgspec
import sqlalchemy as sa
from msgspec import Struct

from kerege.centralbank.register_participants import KeyRecord
from kerege.centralbank.stores.inserting import insert_new, parts
from kerege.centralbank.stores.schema import WALLET_KEYS, WALLETS
from kerege.keys import parse_jwk
from kerege.ledger import AccountId
from kerege.payments.ids import ParticipantId, WalletId

__all__ = [
    "RECOVERY",
    "SIGNING",
    "KeyClaim",
    "WalletRow",
    "activate_keys",
    "claim_keys",
    "drop_claims",
    "insert_wallets",
    "key_is_known",
    "read_keys",
    "read_wallets",
    "revoke_keys",
    "update_wallet",
    "wallet_keys",
]

SIGNING: Final = "signing"
RECOVERY: Final = "recovery"


class WalletRow(Struct, frozen=True, kw_only=True):
    """A wallet as it is stored; `accounts` by asset."""

    id: WalletId
    opened_by: str
    bank: ParticipantId
    owner_kind: str
    tier: str
    category: str
    vat: bool
    region: str
    overflow: bool
    accounts: Mapping[str, AccountId]


class KeyClaim(Struct, frozen=True, kw_only=True):
    """A key an order brings: `becomes` signing or recovery once the order is accepted."""

    kid: str
    wallet: WalletId
    jwk: str
    becomes: str
    order_id: str


def read_wallets(connection: sa.Connection, ids: Iterable[str]) -> dict[str, WalletRow]:
    """Those of the wallets that are open."""
    found: dict[str, WalletRow] = {}
    for part in parts(ids):
        for row in connection.execute(sa.select(WALLETS).where(WALLETS.c.id.in_(part))):
            values = row._asdict() | {"accounts": msgspec.json.decode(row.accounts)}
            found[row.id] = WalletRow(**values)
    return found


def insert_wallets(connection: sa.Connection, wallets: Iterable[WalletRow]) -> None:
    """Add wallets, passing over those already there."""
    rows = [_columns(wallet) for wallet in wallets]
    insert_new(connection, WALLETS, rows, returning=WALLETS.c.id)


def update_wallet(connection: sa.Connection, wallet: WalletRow) -> None:
    """Replace what is stored of a wallet."""
    statement = sa.update(WALLETS).where(WALLETS.c.id == wallet.id)
    connection.execute(statement.values(**_columns(wallet)))


def _columns(wallet: WalletRow) -> dict[str, object]:
    return msgspec.structs.asdict(wallet) | {
        "accounts": msgspec.json.encode(wallet.accounts).decode()
    }


def read_keys(
    connection: sa.Connection, kids: Iterable[str], *, recovery: bool = False
) -> dict[str, KeyRecord]:
    """Keys that sign or once signed, or with `recovery` those that may only replace one."""
    states = ["recovery"] if recovery else [SIGNING, "revoked"]
    found: dict[str, KeyRecord] = {}
    for part in parts(kids):
        statement = sa.select(WALLET_KEYS).where(WALLET_KEYS.c.kid.in_(part))
        for row in connection.execute(statement.where(WALLET_KEYS.c.state.in_(states))):
            found[row.kid] = KeyRecord(
                kid=row.kid,
                key=parse_jwk(row.jwk.encode()).public_key,
                wallet=WalletId(row.wallet),
                revoked=row.state == "revoked",
            )
    return found


def wallet_keys(connection: sa.Connection, wallet: WalletId, *, states: list[str]) -> list[str]:
    """Thumbprints of a wallet's keys in one of these states."""
    statement = sa.select(WALLET_KEYS.c.kid).where(WALLET_KEYS.c.wallet == wallet)
    return list(connection.scalars(statement.where(WALLET_KEYS.c.state.in_(states))))


def key_is_known(connection: sa.Connection, kid: str, *, but_claimed_by: str = "") -> bool:
    """Whether a key is, was or is about to be a wallet's, but for this order's own claim."""
    statement = sa.select(WALLET_KEYS).where(WALLET_KEYS.c.kid == kid)
    row = connection.execute(statement).one_or_none()
    own = row is not None and (row.state, row.claimed_by) == ("claimed", but_claimed_by)
    return row is not None and not own


def claim_keys(connection: sa.Connection, claims: Iterable[KeyClaim]) -> set[str]:
    """Reserve keys for orders under way; returns those that were free."""
    rows = [
        {
            "kid": claim.kid,
            "wallet": claim.wallet,
            "jwk": claim.jwk,
            "state": "claimed",
            "becomes": claim.becomes,
            "claimed_by": claim.order_id,
        }
        for claim in claims
    ]
    return insert_new(connection, WALLET_KEYS, rows, returning=WALLET_KEYS.c.kid)


def activate_keys(connection: sa.Connection, order_ids: Iterable[str]) -> None:
    """The orders were accepted: their keys become what they were claimed for."""
    for part in parts(order_ids):
        connection.execute(
            sa.update(WALLET_KEYS)
            .where(WALLET_KEYS.c.claimed_by.in_(part))
            .where(WALLET_KEYS.c.state == "claimed")
            .values(state=WALLET_KEYS.c.becomes)
        )


def drop_claims(connection: sa.Connection, order_ids: Iterable[str]) -> None:
    """The orders were refused: their keys are free again."""
    for part in parts(order_ids):
        connection.execute(
            sa.delete(WALLET_KEYS)
            .where(WALLET_KEYS.c.claimed_by.in_(part))
            .where(WALLET_KEYS.c.state == "claimed")
        )


def revoke_keys(connection: sa.Connection, kids: Iterable[str]) -> None:
    """These keys sign nothing any more, and never will again."""
    for part in parts(kids):
        statement = sa.update(WALLET_KEYS).where(WALLET_KEYS.c.kid.in_(part))
        connection.execute(statement.values(state="revoked"))
