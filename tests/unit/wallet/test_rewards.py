# SPDX-License-Identifier: Apache-2.0
"""A reward is signed by its source, taken and stopped by its order."""

from pathlib import Path

from kerege.payments import Capture, Release, Reward
from kerege.wallet.rewards import Rewards, claim_of
from tests.signed_papers import signed
from tests.wallets import Pocket

WALK = "ord_" + "1" * 32


def test_attested_taken_stopped(tmp_path: Path) -> None:
    pocket = Pocket(tmp_path)
    rewards = Rewards(pocket.wallet())
    walker = pocket.bank.make_wallet(alias="@walker")
    made = signed(pocket, rewards.attest("walks", "@walker", 7, claim=claim_of("monday")))
    assert isinstance(made, Reward)
    assert (made.to, made.units, made.claim) == (walker, 7, claim_of("monday"))
    assert claim_of("monday") != claim_of("tuesday")
    taken, stopped = (
        signed(pocket, answer) for answer in (rewards.take(WALK, 5), rewards.stop(WALK))
    )
    assert isinstance(taken, Capture)
    assert isinstance(stopped, Release)
    assert (taken.holds, taken.amount, stopped.holds) == ((WALK,), 5, (WALK,))
