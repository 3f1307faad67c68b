# SPDX-License-Identifier: Apache-2.0
"""A paper of one bank's customer reaches the other bank's customer once, over crash and restart."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from kerege.bank import incoming as module
from kerege.bank.desk_store import open_desk_tables
from kerege.bank.notices import Notice as Told
from kerege.bank.outbox import Outbox
from kerege.centralbank.actions import ActivateProgramme
from kerege.payments import WalletId
from kerege.payments.documents import Invoice
from kerege.payments.vat_documents import InvoiceLine
from kerege.sandbox.shipped_programmes import shipped_programme
from kerege.wallet.wire import Notice
from tests.funders import signed_terms
from tests.registers import Wallet
from tests.two_tiers import ASSET, MINUTE_US, START_US, Branch, Country, Signer


class Two:
    """Two banks, each with an outbox of its own; the second may be closed and opened again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.country = Country(folder / "core")
        self.altyn = Branch(
            self.country, self.country.bank("altyn-bank", issued=1_000_000), folder / "altyn"
        )
        self.qala_signer = self.country.bank("qala-bank", issued=1_000_000)
        self.qala = Branch(self.country, self.qala_signer, folder / "qala")
        self.outboxes = {one.folder: self._outbox(one) for one in (self.altyn, self.qala)}
        self.mill = self.altyn.customer("mill", opening={"owner_kind": "firm", "vat": True})
        self.baker = self.qala.customer("baker", opening={"owner_kind": "firm", "vat": True})
        self._numbers = 0
        authority = self.country.person("altyn-bank", owner_kind="firm", tier="shop")
        terms = shipped_programme(
            "digital-vat",
            asset=ASSET,
            funder=authority.wallet,
            starts_us=START_US,
            ends_us=START_US + 10**14,
        )
        text = signed_terms(terms, Wallet(WalletId(authority.wallet), authority.key).key)
        settled = self.country.core.act(ActivateProgramme(terms=text))
        assert settled.code == "executed", settled

    def _outbox(self, branch: Branch) -> Outbox:
        tables = open_desk_tables(f"sqlite:///{branch.folder / 'bank.db'}")
        made = Outbox(tables, self.country.clock, branch.books, ring=lambda: None)
        branch.desk.incoming._teller = made
        return made

    def restart(self) -> None:
        """The second bank comes back with what lies in its folder."""
        self.qala.close()
        self.qala = Branch(
            self.country, self.qala_signer, self.folder / "qala", books=self.qala.books
        )
        self.outboxes[self.qala.folder] = self._outbox(self.qala)

    def bill(self, buyer: Signer) -> str:
        """An accepted invoice of the mill's; returns its order."""
        self._numbers += 1
        document = Invoice(
            id=self.country.order_id(),
            wallet=self.mill.wallet,
            until_us=self.country.clock.now_us() + MINUTE_US,
            asset=ASSET,
            buyer=buyer.wallet,
            number=f"A-{self._numbers}",
            lines=(InvoiceLine(1_600, 100, 16),),
            total=116,
            date_us=self.country.clock.now_us(),
        )
        answer = self.altyn.submit(self.mill, self.mill.sign(document))
        assert answer.verdict.accepted, answer
        return document.id

    def heard(self, branch: Branch, customer: str) -> list[Notice]:
        """What a customer was told of papers."""
        found = self.outboxes[branch.folder].after(customer, 0)
        return [one for one in found if one.kind == "concerned"]

    def close(self) -> None:
        self.altyn.close()
        self.qala.close()
        self.country.close()


@pytest.fixture
def two(tmp_path: Path) -> Iterator[Two]:
    two = Two(tmp_path)
    yield two
    two.close()


def test_a_buyer_at_another_bank_hears_of_its_invoice(two: Two) -> None:
    order = two.bill(two.baker)
    for branch in (two.altyn, two.qala):
        branch.read_events()
    (notice,) = two.heard(two.qala, "baker")
    data: dict[str, Any] = dict(notice.data)
    paper = data.pop("paper")
    assert data == {
        "order": order,
        "counterparty": two.mill.wallet,
        "document": "invoice",
        "role": "buyer",
    }
    assert (paper["total"], paper["number"], paper["wallet"]) == (116, "A-1", two.mill.wallet)
    assert not two.heard(two.altyn, "mill")


def test_told_once_over_restarts_and_pages_read_again(two: Two) -> None:
    first = two.bill(two.baker)
    two.qala.read_events()
    two.restart()
    second = two.bill(two.baker)
    two.qala.read_events()
    page = two.country.line("qala-bank").events(-1, limit=100)
    two.qala.desk.incoming.take(page, before=-1)
    two.restart()
    two.qala.read_events()
    assert [one.data["order"] for one in two.heard(two.qala, "baker")] == [first, second]


def test_a_crash_before_the_cursor_moved_loses_and_doubles_nothing(two: Two) -> None:
    class Crashing:
        def tell(self, connection: sa.Connection, notices: Sequence[Told]) -> None:
            outbox.tell(connection, notices)
            raise ConnectionError("the bank went down before it committed")

    order = two.bill(two.baker)
    outbox = two.outboxes[two.qala.folder]
    two.qala.desk.incoming._teller = Crashing()
    with pytest.raises(ConnectionError):
        two.qala.read_events()
    two.restart()
    assert two.heard(two.qala, "baker") == []
    two.qala.read_events()
    assert [one.data["order"] for one in two.heard(two.qala, "baker")] == [order]


def test_a_huge_paper_is_told_without_its_document(
    two: Two, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MAX_PAPER_BYTES", 100)
    two.bill(two.baker)
    two.qala.read_events()
    (notice,) = two.heard(two.qala, "baker")
    assert "paper" not in notice.data
