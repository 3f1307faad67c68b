# SPDX-License-Identifier: Apache-2.0
"""Which limits a wallet's payments are under."""

from kerege.bank.limits import Bound
from kerege.bank.terms import Terms, bounds_of
from kerege.bank.tiers import Limits


def test_a_child_is_under_both_limits() -> None:
    tier, guardian = Limits(day=500), Limits(payment=20)
    terms = Terms(customer="cus", tier={"KZT": tier}, guardian={"KZT": guardian})
    assert bounds_of("wal", terms, "KZT") == (
        Bound("cus", "KZT", tier),
        Bound("wal", "KZT", guardian, True),
    )
    assert bounds_of("wal", terms, "KGS") == ()
