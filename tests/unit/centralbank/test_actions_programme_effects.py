# SPDX-License-Identifier: Apache-2.0
"""What a programme's actions write survives a crash in between, and is written once."""

import pytest

from kerege.centralbank.actions import ActivateProgramme, CloseProgramme
from kerege.centralbank.stores import proposals
from tests.funders import activate, change, meals, signed_terms
from tests.registers import Country


def test_a_crash_between_ledger_and_register_is_made_good(
    country: Country, monkeypatch: pytest.MonkeyPatch
) -> None:
    funder = country.open(country.bank("altyn").name, owner_kind="agency", tier="agency")
    action = ActivateProgramme(terms=signed_terms(meals(funder), funder.key))
    proposed = country.register.propose(country.sign_as("staff-aru", country.proposal(action)))
    with monkeypatch.context() as patch:
        patch.setattr(proposals, "settle", lambda *_, **__: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            country.register.approve(country.approval_of(proposed))
    assert country.register.programmes() == {}
    assert country.register.run_due() == 1
    (active,) = country.register.programmes().values()
    assert country.ledger.account(active.budget).owner == "programme:school-meals"


def test_of_two_proposals_for_one_version_one_is_in_force_whatever_crashed(
    country: Country, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first is in the ledger and not yet in the register when the second is settled."""
    funder = country.open(country.bank("altyn").name, owner_kind="agency", tier="agency")
    first = ActivateProgramme(terms=signed_terms(meals(funder), funder.key))
    proposed = country.register.propose(country.sign_as("staff-aru", country.proposal(first)))
    with monkeypatch.context() as patch:
        patch.setattr(proposals, "settle", lambda *_, **__: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            country.register.approve(country.approval_of(proposed))
    activate(country, meals(funder, budget=7), funder.key, code="programme_version_taken")
    assert country.register.run_due() == 1
    (active,) = country.register.programmes().values()
    assert active.terms.budget == 1_000
    assert country.ledger.account(active.budget).account.floor == -1_000


def test_other_nodes_hear_of_it(country: Country) -> None:
    funder = country.open(country.bank("altyn").name, owner_kind="agency", tier="agency")
    other = country.node()
    assert other.programmes() == {}
    activate(country, meals(funder), funder.key)
    other.refresh()
    assert list(other.programmes()) == [1]
    change(country, CloseProgramme)
    other.refresh()
    assert other.programmes()[country.register.programme_records()["school-meals"].mark].closed
    other.close()
