# SPDX-License-Identifier: Apache-2.0
"""A dispute between customers of two banks, each at its own: told, answered, decided."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kerege.bank.http.peer_disputes import HeardCase
from kerege.runtime import SystemRandomness
from kerege.service import NodeClient, Refused
from kerege.wallet import BankRefused
from kerege.wallet.cases import Cases
from kerege.wallet.wire import CaseView
from tests.banks import House, Person, acquaint, keys_of, running_bank

DAY_US = 24 * 3600 * 1_000_000


class Quarrel:
    """Aru, a customer of ours, has paid Beket, a customer of theirs, and disputes it."""

    def __init__(self, ours: House, theirs: House, folder: Path) -> None:
        self.ours, self.theirs = ours, theirs
        self.aru = ours.person(folder / "aru")
        self.beket = theirs.person(folder / "beket", name="Бекет Сериков")
        self.tea, self.shop = self.aru.wallet(money=400_00), _wallet(self.beket)
        self.payment = self.tea.pay(self.shop.id, 300_00, asset="KZT").verdict.order

    def open(self) -> CaseView:
        case = Cases(self.aru.bank).open(
            wallet=self.tea.id, payment=self.payment, reason="not_received", claimed=200_00
        )
        self.ours.parts.case_telling.tend()
        return case

    def line(self, house: House, name: str, to: House) -> NodeClient:
        """One bank's line to another."""
        return NodeClient(
            to.url,
            clock=house.country.clock,
            randomness=SystemRandomness(),
            key=keys_of(house.own).requests,
            keyid=name,
        )


def _wallet(person: Person) -> Any:
    made = person.purse.create("shop", bank=person.house.url)
    answer = made.open(
        bank=person.house.parts.settings.bank,
        assets=["KZT"],
        owner_kind="person",
        tier=person.view.tier,
    )
    assert answer.verdict.accepted
    return made


@pytest.fixture(scope="module")
def banks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[House, House]]:
    with (
        running_bank(tmp_path_factory.mktemp("ours")) as ours,
        running_bank(tmp_path_factory.mktemp("theirs"), neighbour=ours, name="dala-post") as theirs,
    ):
        acquaint(ours, theirs)
        yield ours, theirs


@pytest.fixture
def quarrel(banks: tuple[House, House], tmp_path: Path) -> Quarrel:
    return Quarrel(*banks, tmp_path)


def test_the_payee_is_told_and_answers_at_its_own_bank(quarrel: Quarrel) -> None:
    case = quarrel.open()
    theirs = Cases(quarrel.beket.bank)
    assert theirs.of(quarrel.shop.id) == (case,)
    told = [
        each for each in quarrel.beket.bank.notices(after=0, wait_s=0) if each.kind == "disputed"
    ]
    assert told[0].data["case"] == case.id
    assert told[0].wallet == quarrel.shop.id
    given = theirs.give_evidence(case.id, wallet=quarrel.shop.id, digest=bytes(32))
    assert [one.wallet for one in given.evidence] == [quarrel.shop.id]
    assert theirs.answer(case.id, conceded=50_00).state == "answered"
    mine = Cases(quarrel.aru.bank).show(case.id)
    assert (mine.conceded, len(mine.evidence)) == (50_00, 1)
    quarrel.ours.parts.desk.disputes.decide(case.id, awarded=150_00)
    assert theirs.show(case.id).awarded == 150_00
    quarrel.ours.parts.case_telling.tend()
    assert theirs.of(quarrel.shop.id)[0].state == "decided"


def test_rules_and_deadlines_are_the_cases(quarrel: Quarrel) -> None:
    case, theirs = quarrel.open(), Cases(quarrel.beket.bank)
    with pytest.raises(BankRefused) as caught:
        theirs.answer(case.id, conceded=200_01)
    assert caught.value.code == "dispute_refused"
    quarrel.ours.country.clock.advance_us(11 * DAY_US)
    quarrel.beket.sign_in()
    with pytest.raises(BankRefused) as caught:
        theirs.answer(case.id, conceded=1)
    assert "too_late" in str(caught.value)


def test_nobody_else_sees_or_speaks(quarrel: Quarrel, tmp_path: Path) -> None:
    case = quarrel.open()
    stranger = Cases(quarrel.theirs.person(tmp_path / "stranger").bank)
    for act in (
        lambda: stranger.show(case.id),
        lambda: stranger.answer(case.id, conceded=1),
        lambda: stranger.of(quarrel.shop.id),
    ):
        with pytest.raises(BankRefused) as caught:
            act()
        assert caught.value.status == 404


def test_only_the_payees_bank_speaks_for_it(quarrel: Quarrel) -> None:
    """Our own bank's line to itself is another bank's, to the case."""
    case = quarrel.open()
    line = quarrel.line(quarrel.ours, "altyn-bank", quarrel.ours)
    path = f"/v1/peers/disputes/{case.id}"
    body = {"wallet": quarrel.shop.id, "conceded": 1}
    with pytest.raises(Refused) as caught:
        line.get(path, CaseView)
    assert caught.value.status == 404
    with pytest.raises(Refused) as caught:
        line.post(f"{path}/answer", body, CaseView)
    assert caught.value.status == 404
    line.close()
    theirs = quarrel.line(quarrel.theirs, "dala-post", quarrel.ours)
    with pytest.raises(Refused) as caught:
        theirs.post(f"{path}/answer", {**body, "wallet": quarrel.tea.id}, CaseView)
    assert caught.value.status == 404
    assert theirs.get(path, CaseView) == case
    theirs.close()


def test_cases_that_are_none_are_not_heard(quarrel: Quarrel) -> None:
    case = quarrel.open()
    body: dict[str, Any] = {name: getattr(case, name) for name in case.__struct_fields__}
    line = quarrel.line(quarrel.ours, "altyn-bank", quarrel.theirs)
    assert line.post("/v1/peers/disputes", body, HeardCase).id == case.id
    for wrong, status in (
        ({"payment": "ord_" + "1" * 32}, 422),
        ({"id": "dsp_" + "1" * 32}, 422),
        ({"payee": quarrel.tea.id}, 422),
        ({"payer": quarrel.shop.id}, 422),
        ({"state": "won"}, 400),
        ({"claimed": -1}, 400),
        ({"evidence": [{"wallet": quarrel.tea.id, "at_us": 1, "digest": "A" * 43}] * 33}, 400),
    ):
        with pytest.raises(Refused) as caught:
            line.post("/v1/peers/disputes", {**body, **wrong}, HeardCase)
        assert caught.value.status == status, wrong
    line.close()
