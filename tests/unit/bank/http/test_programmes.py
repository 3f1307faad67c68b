# SPDX-License-Identifier: Apache-2.0
"""Customers read programmes at their bank, and see whose money it is in their wallets."""

import msgspec
import pytest

from kerege.bank.programmes import KEPT_US
from kerege.centralbank.actions import ActivateProgramme
from kerege.ledger import Order, Transfer
from kerege.payments import WalletId
from kerege.payments.derived import derived_order_id
from kerege.programmes import MalformedProgramme
from kerege.wallet import BankRefused
from tests.banks import House, Person
from tests.funders import meals, signed_terms
from tests.registers import Wallet


def test_marked_money_has_its_programmes_title(aru: Person, house: House) -> None:
    core, own = house.country.core, house.own
    tea = aru.wallet("чай", money=300_00)
    funder = Wallet(WalletId(own.wallet), own.key)
    terms = meals(funder, starts_us=0, ends_us=4_000_000_000_000_000)
    settled = core.act(ActivateProgramme(terms=signed_terms(terms, own.key)))
    assert settled.code == "executed", settled
    active = core.register.programme_records()["school-meals"]
    converter = core.register.converter("KZT")
    assert converter is not None
    account = core.facts(tea.id).accounts["KZT"]
    steps = (
        Transfer(account, converter, 100_00),
        Transfer(converter, account, 100_00, mark=active.mark),
    )
    (outcome,) = core.ledger.post([Order(derived_order_id("test-mark", tea.id), steps)])
    assert outcome.accepted
    by_mark = {one.mark: one for one in tea.state().balances}
    assert (by_mark[0].available, by_mark[0].programme) == (200_00, "")
    marked = by_mark[active.mark]
    assert (marked.available, marked.programme) == (100_00, "school-meals")
    assert (marked.title["en"], marked.ends_us) == ("School meals", terms.ends_us)
    house.parts.programmes._lists.clear()
    listed = next(one for one in aru.bank.programmes().programmes if one.id == "school-meals")
    assert (listed.id, listed.title["en"]) == ("school-meals", "School meals")
    page = aru.bank.programme("school-meals")
    assert page.document == terms
    assert KEPT_US > 0


@pytest.mark.parametrize(("path", "status"), [("other", 404), ("Other", 400), ("a?version=x", 400)])
def test_what_there_is_not(aru: Person, path: str, status: int) -> None:
    answer = aru.house.http.get(f"/v1/programmes/{path}", headers=aru.headers)
    assert answer.status_code == status


def test_strangers_read_them_at_the_core(house: House) -> None:
    assert house.http.get("/v1/programmes").status_code == 401


def test_an_unknown_programme_is_told_so(aru: Person) -> None:
    with pytest.raises(BankRefused) as caught:
        aru.bank.programme("other")
    assert caught.value.code == "not_found"


def test_a_funder_signs_marks_and_unmarks(aru: Person, house: House) -> None:
    tea = aru.wallet("қор", money=300_00)
    key = tea._key
    terms = meals(
        Wallet(tea.id, key),  # type: ignore[arg-type]
        id="sport",
        budget=200_00,
        starts_us=0,
        ends_us=4_000_000_000_000_000,
    )
    with pytest.raises(MalformedProgramme):
        tea.sign_programme(b"{}")
    signed = tea.sign_programme(msgspec.json.encode(terms)).decode()
    settled = house.country.core.act(ActivateProgramme(terms=signed))
    assert settled.code == "executed", settled
    assert tea.fund_programme("sport", 100_00).verdict.accepted
    assert tea.fund_programme("sport", 100_01).verdict.code == "programme_budget"
    assert tea.unfund_programme("sport", 30_00).verdict.accepted
    by_programme = {one.programme: one.available for one in tea.state().balances}
    assert by_programme == {"": 230_00, "sport": 70_00}
