# SPDX-License-Identifier: Apache-2.0
"""What planning may look at, and what it gives back."""

from kerege.ledger.ids import AccountId
from kerege.ledger.order import Transfer
from kerege.payments.refusal import Refusal
from kerege.payments.scene import Plan, Refused, Scene
from tests.towns import Town


def test_the_twin_in_memory_is_a_scene(town: Town) -> None:
    scene: Scene = town.scene
    assert scene.now_us == town.world.clock.now_us()
    assert scene.fees.version == 0


def test_a_plan_renames_nothing_and_a_refusal_names_no_leg_unless_told() -> None:
    plan = Plan((Transfer(AccountId(1), AccountId(2), 5),), (0,))
    assert plan.renamed == {}
    assert Refused(Refusal.NOT_YOURS).step == -1
