# SPDX-License-Identifier: Apache-2.0
import traceback
from pathlib import Path

import pytest

from kerege.ledger.errors import LedgerInUse, StoreFailed
from kerege.ledger.stores import postgres_retry
from kerege.ledger.stores.opening import open_store, view_store
from kerege.ledger.stores.postgres import PostgresStore
from kerege.ledger.stores.sqlite import SqliteStore


def test_a_file_opens_the_embedded_store(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'ledger.db'}")
    assert isinstance(store, SqliteStore)
    store.close()


def test_a_server_opens_the_shared_store(pg_url: str) -> None:
    store = open_store(pg_url)
    assert isinstance(store, PostgresStore)
    store.close()


@pytest.mark.parametrize("url", ["", "ledger.db", "mysql://h/d", "sqlite://", "postgresql://h"])
def test_other_addresses_are_refused_with_a_remedy(url: str) -> None:
    with pytest.raises(StoreFailed) as caught:
        open_store(url)
    assert caught.value.remedy


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://core:s3cret@127.0.0.1:1/ledger",
        "postgresql://core:s3cret%zz@127.0.0.1/ledger",
        "postgresql://core:s3cret@127.0.0.1/ledger?password=s3cret&nonsense=1",
        "postgresql://core:p/s3cret@127.0.0.1/ledger",
    ],
)
def test_no_error_shows_a_password(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres_retry, "sleep", lambda _: None)
    with pytest.raises(StoreFailed) as caught:
        open_store(url)
    assert "s3cret" not in "".join(traceback.format_exception(caught.value))


def test_a_view_finds_what_there_is_and_locks_nobody_out(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/ledger.db"
    with pytest.raises(StoreFailed, match="no such ledger"):
        view_store(url)
    store = open_store(url)
    view = view_store(url)
    assert (list(store.assets()), list(view.assets())) == ([], [])
    with pytest.raises(LedgerInUse):
        open_store(url)
    view.close()
    store.close()


def test_a_view_of_a_server_is_the_shared_store(pg_url: str) -> None:
    store = view_store(pg_url)
    assert isinstance(store, PostgresStore)
    store.close()
