# SPDX-License-Identifier: Apache-2.0
"""A programme in force takes the rules made from its terms."""

from kerege.ledger.ids import AccountId, Mark
from kerege.programmes import ActiveProgramme, Allowed
from kerege.programmes.rulebook import Rulebook
from tests.programmes import payment, programme


def test_rules_are_asked_through_the_programme_in_force() -> None:
    terms = programme()
    active = ActiveProgramme(mark=Mark(1), terms=terms, rules=Rulebook(terms), budget=AccountId(1))
    assert active.rules.judge(payment()) == Allowed(terms.routes[0], 500_00)
