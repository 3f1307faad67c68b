# SPDX-License-Identifier: Apache-2.0
"""An order that the ledger has from before a crash is not decided again."""

import pytest

from kerege.centralbank import actions_settling
from kerege.centralbank.actions import Freeze, ReservesIn, Warrant
from kerege.centralbank.actions_scene import Unable
from kerege.centralbank.stores import proposals
from tests.registers import Country


def test_what_was_accepted_before_a_crash_stays_even_if_it_could_not_be_planned_now(
    country: Country, monkeypatch: pytest.MonkeyPatch
) -> None:
    bank = country.bank("altyn")
    court = Warrant(authority="a court", kind="court-order")
    text = country.sign_as("staff-aru", country.proposal(Freeze(wallet=bank.own.id, warrant=court)))
    proposed = country.register.propose(text)
    with monkeypatch.context() as patch:
        patch.setattr(proposals, "settle", lambda *_, **__: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            country.register.approve(country.approval_of(proposed))
    unable = Unable("wallet_unknown", "gone")
    with monkeypatch.context() as patch:
        patch.setattr(actions_settling, "plan_action", lambda *_: unable)
        assert country.register.run_due() == 1
    assert country.register.proposal(proposed.id).code == "executed"


def test_a_wallet_that_stays_busy_is_left_for_the_next_time(
    country: Country, monkeypatch: pytest.MonkeyPatch
) -> None:
    country.bank("altyn")
    text = country.sign_as(
        "staff-aru", country.proposal(ReservesIn(participant="altyn", asset="KZT", amount=1))
    )
    proposed = country.register.propose(text)
    with monkeypatch.context() as patch:
        patch.setattr(actions_settling.Settler, "_settle", lambda *_: False)
        assert country.register.approve(country.approval_of(proposed)).state == "approved"
    assert country.register.run_due() == 1
