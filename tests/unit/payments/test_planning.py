# SPDX-License-Identifier: Apache-2.0
"""Planning: every kind of payment has its plan; wallets' own documents are not payments."""

from typing import Any

from kerege.payments.documents import Amend, Document, Open, Rehome, Rekey, TopUp
from kerege.payments.memory_scene import unsigned_text
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


def _everything(town: Town, signer: str) -> list[Document]:
    """A document of each kind, signed by one wallet; what they refer to was accepted."""
    aru, shop = town.wallet(900), town.wallet(900)
    hold, mandate, pay = town.hold(aru, shop, 5), town.mandate(aru, shop), town.pay(aru, shop, 5)
    for document in (hold, mandate, pay):
        town.must(document)
    several = town.pay_all(signer, (shop, 1), (aru, 1))
    frame: dict[str, Any] = {"id": pay.id, "until_us": pay.until_us, "asset": "KZT", "amount": 1}
    return [
        town.pay(signer, shop, 1),
        several,
        town.hold(signer, shop, 1),
        town.capture(signer, 1, hold),
        town.release(signer, hold),
        town.refund(signer, pay, 1),
        town.mandate(signer, shop),
        town.pull(signer, mandate, 1),
        town.cancel(signer, mandate),
        TopUp(wallet=signer, pay=unsigned_text(pay), **frame),
    ]


def test_a_wallet_nobody_knows_signs_nothing(town: Town) -> None:
    for document in _everything(town, "wal_" + "f" * 32):
        assert town.code(document) == "wallet_unknown"


def test_a_suspended_wallet_signs_nothing(town: Town) -> None:
    suspended = town.wallet(900)
    town.change(suspended, suspended=True)
    for document in _everything(town, suspended):
        assert town.code(document) == "wallet_suspended"


def test_a_side_that_is_no_longer_known_is_told_so(town: Town) -> None:
    aru, shop = town.wallet(900), town.wallet(900)
    hold, mandate, pay = town.hold(aru, shop, 5), town.mandate(aru, shop), town.pay(aru, shop, 5)
    for document in (hold, mandate, pay):
        town.must(document)
    known = town.scene.wallets.pop(aru)
    assert town.code(town.capture(shop, 1, hold)) == "wallet_unknown"
    assert town.code(town.pull(shop, mandate, 1)) == "wallet_unknown"
    assert town.code(town.refund(shop, pay, 1)) == "payee_unknown"
    town.scene.wallets[known.id] = known
    town.change(shop, accounts={})
    assert town.code(town.capture(shop, 1, hold)) == "payee_does_not_hold_asset"
    assert town.code(town.pull(shop, mandate, 1)) == "payee_does_not_hold_asset"
    assert town.code(town.refund(shop, pay, 1)) == "asset_not_held"


def test_several_legs_are_refused_at_the_leg_at_fault(town: Town) -> None:
    aru, shop = town.wallet(900), town.wallet()
    verdict = town.submit(town.pay_all(aru, (shop, 1), (aru, 1)))
    assert (verdict.code, verdict.step) == ("payee_is_payer", 1)


def test_a_top_up_of_a_suspended_customer_is_refused(town: Town) -> None:
    aru, shop = town.wallet(1), town.wallet()
    bank = town.wallet(900, owner_kind="bank")
    pay = town.pay(aru, shop, 5)
    town.change(aru, suspended=True)
    frame: dict[str, Any] = {"id": pay.id, "until_us": pay.until_us, "asset": "KZT", "amount": 1}
    topup = TopUp(wallet=bank, pay=unsigned_text(pay), **frame)
    assert town.code(topup) == "wallet_suspended"
