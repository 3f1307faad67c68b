# SPDX-License-Identifier: Apache-2.0
"""A URL leads to a store, or to what should have been written instead."""

from pathlib import Path

import pytest

from kerege.ledger.errors import LedgerInUse, StoreFailed
from kerege.ledger.stores.opening import open_store, view_store


def test_a_file_is_made_for_writing_and_found_for_reading(tmp_path: Path) -> None:
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
    open_store(url).close()


@pytest.mark.parametrize(
    "url", ["ledger.db", "sqlite://", "sqlite:///", "mysql://u:secret@h/d", ""]
)
def test_what_leads_nowhere(url: str) -> None:
    for opening in (open_store, view_store):
        with pytest.raises(StoreFailed) as refused:
            opening(url)
        assert refused.value.remedy
        assert "secret" not in str(refused.value)


def test_a_ledger_is_not_a_folder(tmp_path: Path) -> None:
    for opening in (open_store, view_store):
        with pytest.raises(StoreFailed):
            opening(f"sqlite:///{tmp_path}")
