# SPDX-License-Identifier: Apache-2.0
"""Planning: every kind of payment has its plan; wallets' own documents are not payments."""

from typing import Any

from kerege.payments.documents import Amend, Open, Rehome, Rekey
from kerege.payments.planning import plan
from kerege.payments.refusal import Refusal
from kerege.payments.scene import Plan, Refused
from tests.towns import Town


def test_what_the_register_does_is_not_planned_here(town: Town) -> None:
    aru = town.wallet()
    frame: dict[str, Any] = {"id": town.next_id(), "wallet": aru, "until_us": 1}
    tier: dict[str, Any] = {"owner_kind": "person", "tier": "full"}
    opening = Open(**frame, bank="altyn-bank", key="{}", assets=("KZT",), **tier)
    amending = Amend(**frame, subject=aru, tier="full")
    moving, replacing = Rehome(**frame, bank="altyn-bank"), Rekey(**frame, key="{}")
    for document in (opening, amending, moving, replacing):
        assert plan(document, town.scene) == Refused(Refusal.NOT_ALLOWED_FOR_KIND)


def test_planning_changes_nothing(town: Town) -> None:
    aru, shop = town.wallet(500), town.wallet()
    before = town.world.state()
    for document in (town.pay(aru, shop, 1), town.hold(aru, shop, 1), town.mandate(aru, shop)):
        assert isinstance(plan(document, town.scene), Plan)
    assert town.world.state() == before
