# SPDX-License-Identifier: Apache-2.0
"""Papers are found where they were signed or told of, and what is told is not believed blindly."""

from pathlib import Path
from typing import Any, cast

import pytest

from kerege.errors import KeregeError
from kerege.payments.contract_documents import Contract
from kerege.payments.documents import Pay
from kerege.wallet import HttpBank
from kerege.wallet import papers as module
from kerege.wallet.papers import Papers, PaperUnknown
from tests.signed_papers import TellingBank
from tests.wallets import Pocket

ROAD, BILL = "ord_" + "1" * 32, "ord_" + "2" * 32
MINE, THEIRS = "wal_" + "a" * 32, "wal_" + "b" * 32

CONTRACT: dict[str, Any] = {
    "kind": "contract",
    "id": ROAD,
    "wallet": THEIRS,
    "until_us": 1,
    "programme": "roads",
    "asset": "KZT",
    "supplier": MINE,
    "cap": 500,
    "ends_us": 9,
}


@pytest.fixture
def pocket(tmp_path: Path) -> Pocket:
    return Pocket(tmp_path)


def _told(order: str = ROAD, wallet: str = MINE, **more: Any) -> dict[str, Any]:
    said = {"order": order, "document": "contract", "role": "supplier", "counterparty": THEIRS}
    data = {**said, "paper": CONTRACT, **more}
    return {"at_us": 5, "kind": "concerned", "wallet": wallet, "data": data}


def _papers(pocket: Pocket, *notices: dict[str, Any]) -> Papers:
    return Papers(cast(HttpBank, TellingBank(*notices)), pocket.purse.store)


def test_papers_are_listed_of_all_pages_and_nothing_else(pocket: Pocket) -> None:
    moved = {"at_us": 1, "kind": "moved", "wallet": MINE, "data": {"change": 5}}
    other = _told(BILL, THEIRS)
    papers = _papers(pocket, moved, _told(), moved, moved, other, _told(papers=[BILL]))
    found = list(papers.listed(MINE))
    assert [(one.order, one.kind, one.role, one.by) for one in found] == [
        (ROAD, "contract", "supplier", THEIRS)
    ] * 2
    assert found[1].papers == (BILL,)
    assert len(list(papers.listed())) == 3


def test_so_many_notices_are_read(pocket: Pocket, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_LOOKED_AT", 2)
    assert len(list(_papers(pocket, *[_told() for _ in range(9)]).listed())) == 2


def test_a_paper_is_found_that_was_told_of_or_signed_here(pocket: Pocket) -> None:
    found = _papers(pocket, _told()).find(ROAD)
    assert isinstance(found, Contract)
    assert (found.supplier, found.cap) == (MINE, 500)
    shop = pocket.bank.make_wallet()
    own = pocket.wallet().pay(shop, 5, asset="KZT").verdict.order
    assert isinstance(_papers(pocket).find(own), Pay)


def test_what_is_not_there_or_strange_is_refused(pocket: Pocket) -> None:
    with pytest.raises(PaperUnknown, match="no paper"):
        _papers(pocket).find(BILL)
    with pytest.raises(PaperUnknown, match="no paper"):
        _papers(pocket, _told(paper={})).find(ROAD)
    with pytest.raises(PaperUnknown, match="another paper"):
        _papers(pocket, _told(BILL)).find(BILL)
    with pytest.raises(PaperUnknown, match="form"):
        _papers(pocket, _told(paper={"kind": "contract", "cap": "much"})).find(ROAD)
    with pytest.raises(KeregeError, match="strangely"):
        list(_papers(pocket, _told(role=7)).listed())
