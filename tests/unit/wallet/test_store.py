# SPDX-License-Identifier: Apache-2.0
"""The wallet's file keeps orders, first answers, receipts and sessions, for its owner alone."""

import sqlite3
import stat
from pathlib import Path

import pytest

from kerege.payments import Verdict, WalletId
from kerege.wallet import Answer, KnownWallet, Stage, WalletFileError
from kerege.wallet.signing import SignedOrder
from kerege.wallet.store import WalletStore

WALLET = WalletId(f"wal_{'7f3a' * 8}")
TEA = KnownWallet(id=WALLET, name="tea", bank="http://bank.example", sealed=False, opened=False)


def signed(number: int, text: bytes = b"text") -> SignedOrder:
    return SignedOrder(f"ord_{number:032x}", WALLET, 10, text)


@pytest.fixture
def store(tmp_path: Path) -> WalletStore:
    made = WalletStore(tmp_path / "wallet.db")
    made.add_wallet(TEA)
    return made


def test_only_the_owner_may_read_the_file(store: WalletStore, tmp_path: Path) -> None:
    assert stat.S_IMODE((tmp_path / "wallet.db").stat().st_mode) == 0o600


def test_a_name_is_used_once(store: WalletStore) -> None:
    with pytest.raises(WalletFileError, match="already"):
        store.add_wallet(TEA)


def test_opening_and_moving_are_noted(store: WalletStore) -> None:
    store.mark_opened(WALLET)
    store.move_wallet(WALLET, "http://other.example")
    [known] = store.wallets()
    assert (known.opened, known.bank) == (True, "http://other.example")


def test_the_first_answer_stays(store: WalletStore) -> None:
    order = signed(1)
    store.add_order(order, kind="pay", made_us=1)
    store.answer_order(order.id, Answer(verdict=Verdict(order.id, "accepted")))
    store.answer_order(order.id, Answer(verdict=Verdict(order.id, "exceeds_balance")))
    stored = store.order(order.id)
    assert stored is not None
    assert stored.stage is Stage.ACCEPTED
    assert store.unanswered() == []


def test_what_was_turned_away_may_still_be_answered(store: WalletStore) -> None:
    order = signed(1)
    store.add_order(order, kind="pay", made_us=1)
    store.turn_away(order.id, "not yours")
    assert store.unanswered() == []
    store.answer_order(order.id, Answer(verdict=Verdict(order.id, "accepted")))
    stored = store.order(order.id)
    assert stored is not None
    assert stored.stage is Stage.ACCEPTED


def test_the_same_order_may_be_kept_twice_but_no_other(store: WalletStore) -> None:
    store.add_order(signed(1), kind="pay", made_us=1)
    store.add_order(signed(1), kind="pay", made_us=2)
    with pytest.raises(WalletFileError, match="another order"):
        store.add_order(signed(1, b"other"), kind="pay", made_us=3)


def test_unanswered_orders_come_oldest_first(store: WalletStore) -> None:
    for number in (3, 1, 2):
        store.add_order(signed(number), kind="pay", made_us=number)
    assert [each.made_us for each in store.unanswered()] == [1, 2, 3]
    assert [each.made_us for each in store.latest(WALLET, 2)] == [3, 2]


def test_receipts_sessions_and_places_are_kept(store: WalletStore) -> None:
    store.add_order(signed(1), kind="pay", made_us=1)
    assert store.receipt(signed(1).id) is None
    store.keep_receipt(signed(1).id, b"receipt")
    assert store.receipt(signed(1).id) == b"receipt"
    store.save_session("b", b"1")
    store.save_session("b", b"2")
    assert store.session("b") == b"2"
    store.forget_session("b")
    assert store.session("b") is None
    store.save_read_until("b", 5)
    store.save_read_until("b", 3)
    assert store.read_until("b") == 5


def test_a_newer_file_is_refused(store: WalletStore, tmp_path: Path) -> None:
    store.close()
    with sqlite3.connect(tmp_path / "wallet.db") as database:
        database.execute("PRAGMA user_version = 99")
    database.close()
    with pytest.raises(WalletFileError, match="version 99"):
        WalletStore(tmp_path / "wallet.db")


def test_what_is_no_database_is_told(tmp_path: Path) -> None:
    (tmp_path / "wallet.db").write_bytes(b"not a database" * 100)
    with pytest.raises(WalletFileError, match="not a usable wallet file"):
        WalletStore(tmp_path / "wallet.db")
