# SPDX-License-Identifier: Apache-2.0
"""The wallet's file: wallets, orders, receipts, sessions and how far events were read (SQLite).

An order is in this file, on the disk, before it is sent: that is what makes a crash harmless.
"""

import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum, unique
from pathlib import Path
from typing import Final

import msgspec

from kerege.errors import KeregeError
from kerege.payments import Verdict, WalletId
from kerege.wallet.signing import SignedOrder
from kerege.wallet.wire import Answer

__all__ = ["KnownWallet", "Stage", "StoredOrder", "WalletFileError", "WalletStore"]

_VERSION: Final = 1
_BUSY_MS: Final = 10_000

_SCHEMA: Final = """
CREATE TABLE wallets (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    bank TEXT NOT NULL,
    sealed INTEGER NOT NULL CHECK (sealed IN (0, 1)),
    opened INTEGER NOT NULL CHECK (opened IN (0, 1))
) STRICT;
CREATE TABLE orders (
    id TEXT PRIMARY KEY,
    wallet TEXT NOT NULL REFERENCES wallets (id),
    kind TEXT NOT NULL,
    text BLOB NOT NULL,
    until_us INTEGER NOT NULL,
    made_us INTEGER NOT NULL,
    stage TEXT NOT NULL CHECK (stage IN ('unanswered', 'accepted', 'refused', 'turned_away')),
    answer BLOB,
    receipt BLOB,
    CHECK ((stage = 'unanswered') = (answer IS NULL) OR stage = 'turned_away')
) STRICT;
CREATE INDEX orders_unanswered ON orders (made_us) WHERE stage = 'unanswered';
CREATE VIEW kept AS
    SELECT id, wallet, kind, text, until_us, made_us, stage, answer, receipt IS NOT NULL
    FROM orders;
CREATE TABLE sessions (bank TEXT PRIMARY KEY, content BLOB NOT NULL) STRICT;
CREATE TABLE read_until (bank TEXT PRIMARY KEY, notice INTEGER NOT NULL) STRICT;
"""


class WalletFileError(KeregeError):
    """The wallet's file cannot be used, or does not hold what was asked for."""


@unique
class Stage(StrEnum):
    """How far an order has come."""

    UNANSWERED = "unanswered"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    TURNED_AWAY = "turned_away"
    """The bank would not pass it on. It was never decided; it may be handed in until its end."""


class KnownWallet(msgspec.Struct, frozen=True, kw_only=True):
    """A wallet of this file. `bank` is the address of its bank; `sealed`: needs a passphrase."""

    id: WalletId
    name: str
    bank: str
    sealed: bool
    opened: bool


class StoredOrder(msgspec.Struct, frozen=True, kw_only=True):
    """An order with all that is known of it."""

    order: SignedOrder
    kind: str
    made_us: int
    stage: Stage
    answer: Answer | None
    has_receipt: bool


class WalletStore:
    """One file; several processes may use it at once, a `WalletStore` only its own thread."""

    def __init__(self, path: Path) -> None:
        """Open or make the file, which only its owner may read. Raises `WalletFileError`."""
        self._path = path
        try:
            _touch_private(path)
            self._db = sqlite3.connect(path, isolation_level=None, timeout=_BUSY_MS / 1000)
            self._db.execute("PRAGMA journal_mode = WAL")
            self._db.execute("PRAGMA synchronous = FULL")
            self._db.execute("PRAGMA foreign_keys = ON")
            self._make_tables()
        except (OSError, sqlite3.Error) as fault:
            raise WalletFileError(f"not a usable wallet file: {fault}", place=str(path)) from fault

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    def add_wallet(self, wallet: KnownWallet) -> None:
        """Note a wallet. Raises `WalletFileError` if the name is taken."""
        try:
            self._db.execute(
                "INSERT INTO wallets VALUES (?, ?, ?, ?, ?)",
                (wallet.id, wallet.name, wallet.bank, wallet.sealed, wallet.opened),
            )
        except sqlite3.IntegrityError:
            raise WalletFileError(
                f"there is a wallet {wallet.name!r} already", remedy="choose another name"
            ) from None

    def mark_opened(self, wallet: WalletId) -> None:
        """The bank has opened it."""
        self._db.execute("UPDATE wallets SET opened = 1 WHERE id = ?", (wallet,))

    def move_wallet(self, wallet: WalletId, bank: str) -> None:
        """It is kept by another bank now."""
        self._db.execute("UPDATE wallets SET bank = ? WHERE id = ?", (bank, wallet))

    def wallets(self) -> list[KnownWallet]:
        """All wallets, oldest first."""
        rows = self._db.execute(
            "SELECT id, name, bank, sealed, opened FROM wallets ORDER BY rowid"
        ).fetchall()
        return [
            KnownWallet(
                id=row[0], name=row[1], bank=row[2], sealed=bool(row[3]), opened=bool(row[4])
            )
            for row in rows
        ]

    def add_order(self, order: SignedOrder, *, kind: str, made_us: int) -> None:
        """Keep a signed order; durable on return. Keeping the same again changes nothing."""
        with self._transaction():
            self._db.execute(
                "INSERT INTO orders (id, wallet, kind, text, until_us, made_us, stage)"
                " VALUES (?, ?, ?, ?, ?, ?, 'unanswered') ON CONFLICT (id) DO NOTHING",
                (order.id, order.wallet, kind, order.text, order.until_us, made_us),
            )
            (kept,) = self._db.execute(
                "SELECT text FROM orders WHERE id = ?", (order.id,)
            ).fetchone()
            if kept != order.text:
                raise WalletFileError(f"{order.id} is another order in this file")

    def answer_order(self, order_id: str, answer: Answer) -> None:
        """Note the verdict; the first one stays."""
        stage = Stage.ACCEPTED if answer.verdict.accepted else Stage.REFUSED
        self._db.execute(
            "UPDATE orders SET stage = ?, answer = ?"
            " WHERE id = ? AND stage IN ('unanswered', 'turned_away')",
            (stage, msgspec.json.encode(answer), order_id),
        )

    def turn_away(self, order_id: str, why: str) -> None:
        """Note that the bank would not pass the order on."""
        told = Answer(verdict=Verdict(order=order_id, code=Stage.TURNED_AWAY), text=why)
        self._db.execute(
            "UPDATE orders SET stage = 'turned_away', answer = ?"
            " WHERE id = ? AND stage = 'unanswered'",
            (msgspec.json.encode(told), order_id),
        )

    def order(self, order_id: str) -> StoredOrder | None:
        """One order, `None` if this file has none of that id."""
        found = self._orders("SELECT * FROM kept WHERE id = ?", (order_id,))
        return found[0] if found else None

    def unanswered(self) -> list[StoredOrder]:
        """Orders without a verdict, oldest first."""
        return self._orders("SELECT * FROM kept WHERE stage = 'unanswered' ORDER BY made_us", ())

    def latest(self, wallet: WalletId, limit: int) -> list[StoredOrder]:
        """A wallet's own orders, newest first."""
        return self._orders(
            "SELECT * FROM kept WHERE wallet = ? ORDER BY made_us DESC LIMIT ?", (wallet, limit)
        )

    def of_kind(self, wallet: WalletId, kind: str) -> list[StoredOrder]:
        """A wallet's accepted orders of one kind of document, oldest first."""
        return self._orders(
            "SELECT * FROM kept WHERE wallet = ? AND kind = ? AND stage = 'accepted'"
            " ORDER BY made_us",
            (wallet, kind),
        )

    def keep_receipt(self, order_id: str, receipt: bytes) -> None:
        """Keep a receipt that was checked."""
        self._db.execute("UPDATE orders SET receipt = ? WHERE id = ?", (receipt, order_id))

    def receipt(self, order_id: str) -> bytes | None:
        """The receipt kept for an order."""
        row = self._db.execute("SELECT receipt FROM orders WHERE id = ?", (order_id,)).fetchone()
        return None if row is None else row[0]

    def save_session(self, bank: str, content: bytes) -> None:
        """Keep what lets us speak for the customer at a bank."""
        self._db.execute(
            "INSERT INTO sessions VALUES (?, ?)"
            " ON CONFLICT (bank) DO UPDATE SET content = excluded.content",
            (bank, content),
        )

    def session(self, bank: str) -> bytes | None:
        """What `save_session` kept."""
        row = self._db.execute("SELECT content FROM sessions WHERE bank = ?", (bank,)).fetchone()
        return None if row is None else row[0]

    def forget_session(self, bank: str) -> None:
        """Log out."""
        self._db.execute("DELETE FROM sessions WHERE bank = ?", (bank,))

    def save_read_until(self, bank: str, notice: int) -> None:
        """Note the last notice that was read; it never goes back."""
        self._db.execute(
            "INSERT INTO read_until VALUES (?, ?)"
            " ON CONFLICT (bank) DO UPDATE SET notice = max(notice, excluded.notice)",
            (bank, notice),
        )

    def read_until(self, bank: str) -> int:
        """The last notice that was read, 0 before the first."""
        row = self._db.execute("SELECT notice FROM read_until WHERE bank = ?", (bank,)).fetchone()
        return 0 if row is None else int(row[0])

    def _orders(self, query: str, values: Sequence[object]) -> list[StoredOrder]:
        rows = self._db.execute(query, values).fetchall()
        return [
            StoredOrder(
                order=SignedOrder(row[0], WalletId(row[1]), row[4], row[3]),
                kind=row[2],
                made_us=row[5],
                stage=Stage(row[6]),
                answer=None if row[7] is None else msgspec.json.decode(row[7], type=Answer),
                has_receipt=bool(row[8]),
            )
            for row in rows
        ]

    def _make_tables(self) -> None:
        with self._transaction():
            (version,) = self._db.execute("PRAGMA user_version").fetchone()
            if version > _VERSION:
                raise WalletFileError(
                    f"the file has version {version}, this program knows {_VERSION}",
                    place=str(self._path),
                    remedy="use the newer program",
                )
            if version == 0:
                for statement in _SCHEMA.split(";\n"):
                    self._db.execute(statement)
                self._db.execute(f"PRAGMA user_version = {_VERSION}")

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")


def _touch_private(path: Path) -> None:
    """Make the file for its owner alone, before SQLite would make it for everybody."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    os.close(descriptor)
