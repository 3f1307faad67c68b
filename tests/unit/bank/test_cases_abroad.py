# SPDX-License-Identifier: Apache-2.0
"""Telling of cases: until it was heard, once for each change; at home as abroad."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from kerege.bank.cases_abroad import DISPUTED, case_view
from kerege.bank.core_line import CoreUnreachable
from kerege.bank.disputes import NotDisputable
from kerege.payments.disputes import Case, Reason
from tests.banks import House, Person, running_bank
from tests.two_tiers import Signer


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with running_bank(tmp_path_factory.mktemp("bank")) as made:
        made.country.bank("post")
        yield made


@pytest.fixture
def aru(house: House, tmp_path: Path) -> Person:
    return house.person(tmp_path / "aru")


def opened(person: Person, payee: str) -> Case:
    tea = person.wallet(money=50_00)
    payment = tea.pay(payee, 20_00, asset="KZT").verdict.order
    case = person.house.parts.desk.disputes.open(
        wallet=tea.id, payment=payment, leg=0, reason=Reason.PAID_TWICE, claimed=5_00
    )
    assert isinstance(case, Case)
    return case


def test_a_payee_here_is_told_at_every_change(house: House, aru: Person, tmp_path: Path) -> None:
    beket = house.person(tmp_path / "beket")
    case = opened(aru, beket.wallet().id)
    house.parts.case_telling.tend()
    house.parts.desk.disputes.give_evidence(case.id, bytes(32), by=case.paid.payer)
    house.parts.desk.disputes.withdraw(case.id, by=case.paid.payer)
    for _ in range(3):
        house.parts.case_telling.tend()
    told = house.parts.outbox.after(beket.view.customer, 0)
    states = [one.data["state"] for one in told if one.kind == DISPUTED]
    assert (states[0], states[-1], len(states) <= 3) == ("opened", "withdrawn", True)


def test_who_does_not_hear_is_told_again_later(
    house: House, aru: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop: Signer = house.country.person("post")
    telling = house.parts.case_telling
    heard: list[str] = []
    line = "down"

    def tell(bank: str, view: object) -> None:
        if line == "down":
            raise CoreUnreachable("down")
        heard.append(bank)

    monkeypatch.setattr(telling._peers, "tell", tell)
    opened(aru, shop.wallet)
    telling.tend()
    line = "up"
    telling.tend()
    assert heard == []
    house.country.clock.advance_us(6_000_000)
    for _ in range(3):
        telling.tend()
    assert heard == ["post"]


def test_only_the_payees_bank_is_answered(house: House, aru: Person) -> None:
    shop: Signer = house.country.person("post")
    case = opened(aru, shop.wallet)
    telling = house.parts.case_telling
    assert telling.require_payee(case.id, bank="post").id == case.id
    assert telling.require_payee(case.id, bank="post", wallet=shop.wallet).id == case.id
    for bank, wallet in (("altyn-bank", ""), ("post", case.paid.payer)):
        with pytest.raises(NotDisputable):
            telling.require_payee(case.id, bank=bank, wallet=wallet)
    with pytest.raises(NotDisputable):
        telling.require_payee("dsp_" + "0" * 32, bank="post")


def test_what_was_told_last_is_shown_while_the_other_bank_is_silent(
    house: House, aru: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop: Signer = house.country.person("post")
    view = case_view(opened(aru, shop.wallet))
    abroad = house.parts.cases_abroad
    abroad._keep(view, "post")
    found = abroad.find(view.id)
    assert found is not None

    def silent(*_: object) -> None:
        raise CoreUnreachable("down")

    monkeypatch.setattr(abroad._peers, "show", silent)
    assert abroad.show(found) == view
    assert abroad.of(shop.wallet) == [view]
