# SPDX-License-Identifier: Apache-2.0
"""A programme's life takes the funder's signature and two people; nothing of it can be altered."""

import msgspec
import pytest
from msgspec.structs import replace

from kerege.centralbank.actions import (
    ActivateProgramme,
    CloseProgramme,
    ResumeProgramme,
    SuspendProgramme,
)
from kerege.centralbank.actions_proposals import ProposalRefused
from kerege.keys import sign_compact
from kerege.ledger import UNMARKED
from tests.funders import ENDS_US, activate, change, give, mark_money, meals, signed_terms
from tests.registers import HOUR_US, Bank, Country, Wallet, key_of, kid_of


@pytest.fixture
def bank(country: Country) -> Bank:
    return country.bank("altyn")


@pytest.fixture
def funder(country: Country, bank: Bank) -> Wallet:
    return country.open(bank.name, owner_kind="agency", tier="agency")


def test_a_first_version_gets_a_mark_and_a_budget(country: Country, funder: Wallet) -> None:
    proposal = activate(country, meals(funder), funder.key)
    (active,) = country.register.programmes().values()
    assert (active.mark, active.suspended, active.closed) == (1, False, False)
    assert active.terms == meals(funder)
    budget = country.ledger.account(active.budget)
    assert (budget.owner, budget.account.floor) == ("programme:school-meals", -1_000)
    record = country.register.programme_records()["school-meals"]
    assert (record.newest.proposal, record.newest.at_us) == (proposal.id, country.clock.now_us())
    assert record.mark == 1


def test_a_later_version_has_a_mark_of_its_own_or_takes_over(
    country: Country, funder: Wallet
) -> None:
    activate(country, meals(funder), funder.key)
    activate(country, meals(funder, version=2, budget=2_000), funder.key)
    versions = {m: a.terms.version for m, a in country.register.programmes().items()}
    assert versions == {1: 1, 2: 2}
    activate(country, meals(funder, version=3, takes_over=True), funder.key)
    assert {m: a.terms.version for m, a in country.register.programmes().items()} == {1: 3, 2: 3}
    other = meals(funder, id="sport")
    activate(country, other, funder.key)
    activate(country, meals(funder, version=4), funder.key)
    found = {m: (a.terms.id, a.terms.version) for m, a in country.register.programmes().items()}
    assert found == {
        1: ("school-meals", 3),
        2: ("school-meals", 3),
        3: ("sport", 1),
        4: ("school-meals", 4),
    }
    budgets = {a.budget for a in country.register.programmes().values()}
    assert len(budgets) == 2
    assert [v.version for v in country.register.programme_versions("school-meals")] == [1, 2, 3, 4]


def test_the_budget_follows_the_newest_version(
    country: Country, funder: Wallet, bank: Bank
) -> None:
    country.fund(bank, 1_000)
    activate(country, meals(funder), funder.key)
    give(country, bank.own, funder, 500)
    mark_money(country, funder, 400, mark=1)
    low = meals(funder, version=2, budget=399)
    activate(country, low, funder.key, code="programme_budget_below_marked")
    activate(country, meals(funder, version=2, budget=400), funder.key)
    (first, _) = country.register.programmes().values()
    assert country.ledger.account(first.budget).account.floor == -400
    converter = country.register.converter("KZT")
    assert converter is not None
    cells = country.ledger.cells(converter)
    assert (cells[UNMARKED].balance, cells[first.mark].balance) == (400, -400)


def test_a_changer_named_by_the_version_in_force_may_sign_the_next(
    country: Country, funder: Wallet, bank: Bank
) -> None:
    office, stranger = (
        country.open(bank.name, owner_kind="agency", tier="agency") for _ in range(2)
    )
    first = meals(funder, changers=(office.id,))
    activate(country, first, office.key, code="programme_signer_not_allowed")
    activate(country, first, funder.key)
    # Whoever writes a version does not make themselves its changer.
    usurped = meals(funder, version=2, changers=(stranger.id,))
    activate(country, usurped, stranger.key, code="programme_signer_not_allowed")
    activate(country, meals(funder, version=2), office.key)
    # The version in force names no changer any more.
    late = meals(funder, version=3)
    activate(country, late, office.key, code="programme_signer_not_allowed")


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"version": 2}, "programme_version_not_next"),
        ({"asset": "XAU"}, "programme_funder_unknown"),
        ({"asset": "EUR"}, "programme_funder_unknown"),
        ({"funder": "wal_" + "e" * 32}, "programme_funder_unknown"),
        ({"ends_us": 1, "starts_us": 0}, "programme_ended"),
    ],
)
def test_refused_by_name(
    country: Country, funder: Wallet, more: dict[str, object], code: str
) -> None:
    settled = activate(country, meals(funder, **more), funder.key, code=code)
    assert settled.explanation
    assert country.register.programmes() == {}


def test_who_funds_and_what_is_counted_never_change(
    country: Country, funder: Wallet, bank: Bank
) -> None:
    both = country.open(bank.name, owner_kind="agency", tier="agency", assets=("KZT", "XAU"))
    activate(country, meals(both), both.key)
    for more in ({"funder": funder.id}, {"asset": "XAU"}):
        activate(country, meals(both, version=2, **more), both.key, code="programme_changed")


def test_a_proposal_replayed_or_terms_activated_twice_do_nothing(
    country: Country, funder: Wallet
) -> None:
    text = country.sign_as(
        "staff-aru",
        country.proposal(ActivateProgramme(terms=signed_terms(meals(funder), funder.key))),
    )
    first = country.register.approve(country.approval_of(country.register.propose(text)))
    again = country.register.propose(text)
    assert again == first
    assert country.register.approve(country.approval_of(first)) == first
    activate(country, meals(funder), funder.key, code="programme_version_taken")
    assert list(country.register.programmes()) == [1]


def test_altered_terms_are_not_activated(country: Country, funder: Wallet) -> None:
    signed = signed_terms(meals(funder), funder.key)
    richer = signed_terms(meals(funder, budget=10**9), key_of("thief"))
    head, _, signature = signed.split(".")
    altered = f"{head}.{richer.split('.')[1]}.{signature}"
    action = ActivateProgramme(terms=altered)
    country.act(action, code="programme_signature_invalid")
    other_use = ActivateProgramme(terms=signed_terms(meals(funder), funder.key, typ="kerege-order"))
    country.act(other_use, code="programme_signature_invalid")
    thief = ActivateProgramme(terms=richer)
    country.act(thief, code="programme_signer_not_allowed")
    assert country.register.programmes() == {}


@pytest.mark.parametrize("terms", ["x", "a.b.c", "é", "e30.e30.e30", "." * 100])
def test_what_is_no_terms_is_not_even_proposed(country: Country, terms: str) -> None:
    action = ActivateProgramme(terms=terms)
    text = country.sign_as("staff-aru", country.proposal(action))
    with pytest.raises(ProposalRefused) as caught:
        country.register.propose(text)
    assert caught.value.place.startswith("$.action.terms")


def test_a_document_that_is_no_programme_is_told_its_place(
    country: Country, funder: Wallet
) -> None:
    document = msgspec.to_builtins(meals(funder)) | {"budget": -1}
    signed = sign_compact(
        msgspec.json.encode(document), funder.key, kid=kid_of(funder.key), typ="kerege-programme"
    )
    action = ActivateProgramme(terms=signed.decode())
    with pytest.raises(ProposalRefused) as caught:
        country.register.propose(country.sign_as("staff-aru", country.proposal(action)))
    assert caught.value.place == "$.action.terms.budget"


def test_terms_that_do_not_hold_together_are_not_proposed(country: Country, funder: Wallet) -> None:
    canteen, _ = meals(funder).routes
    for terms, place in (
        (meals(funder, routes=(replace(canteen, when="false"),)), "$.action.terms.routes[0]"),
        (meals(funder, routes=(replace(canteen, when="1"),)), "$.action.terms.routes[0].when"),
        (meals(funder, ends_us=1), "$.action.terms.ends_us"),
    ):
        action = ActivateProgramme(terms=signed_terms(terms, funder.key))
        with pytest.raises(ProposalRefused) as caught:
            country.register.propose(country.sign_as("staff-aru", country.proposal(action)))
        assert caught.value.place.startswith(place)


def test_suspended_resumed_closed(country: Country, funder: Wallet) -> None:
    change(country, SuspendProgramme, code="programme_unknown")
    activate(country, meals(funder), funder.key)
    change(country, ResumeProgramme, code="nothing_to_change")
    suspended = change(country, SuspendProgramme)
    (active,) = country.register.programmes().values()
    assert (active.suspended, active.closed) == (True, False)
    record = country.register.programme_records()["school-meals"]
    assert (record.changed_by, record.authority) == (suspended.id, "Ministry of Education")
    change(country, SuspendProgramme, code="nothing_to_change")
    # Terms may be put right while the money rests.
    activate(country, meals(funder, version=2, takes_over=True), funder.key)
    assert country.register.programmes()[active.mark].suspended
    change(country, ResumeProgramme)
    assert not country.register.programmes()[active.mark].suspended
    change(country, CloseProgramme)
    assert country.register.programmes()[active.mark].closed
    for kind in (SuspendProgramme, ResumeProgramme, CloseProgramme):
        change(country, kind, code="programme_closed")
    activate(country, meals(funder, version=3), funder.key, code="programme_closed")


def test_an_action_waits_for_its_time(country: Country, funder: Wallet) -> None:
    action = ActivateProgramme(terms=signed_terms(meals(funder), funder.key))
    later = country.clock.now_us() + HOUR_US // 2
    text = country.sign_as("staff-aru", country.proposal(action, not_before_us=later))
    waiting = country.register.approve(country.approval_of(country.register.propose(text)))
    assert (waiting.state, dict(country.register.programmes())) == ("approved", {})
    country.clock.advance_us(HOUR_US)
    assert country.register.run_due() == 1
    assert list(country.register.programmes()) == [1]


def test_terms_that_ended_while_they_waited_are_refused(country: Country, funder: Wallet) -> None:
    action = ActivateProgramme(terms=signed_terms(meals(funder), funder.key))
    text = country.sign_as("staff-aru", country.proposal(action, not_before_us=ENDS_US))
    country.register.approve(country.approval_of(country.register.propose(text)))
    country.clock.advance_us(100 * HOUR_US)
    assert country.register.run_due() == 1
    assert country.register.proposals()[0].code == "programme_ended"
