# SPDX-License-Identifier: Apache-2.0
"""What is told of an order: money, holds, waterfalls, and the central bank's own doings."""

from msgspec.structs import replace

from kerege.centralbank.actions import PublishFees
from kerege.centralbank.telling import ACTION, REHOME, Teller
from kerege.payments import Hold, Leg, Rehome, decode_document
from kerege.payments.events import Event
from kerege.payments.fees import FeeRule, FeeSchedule
from tests.doors import Door
from tests.registers import order_name


def _told(door: Door, bank: str) -> list[Event]:
    teller = Teller(door.country.ledger, door.country.register)
    told = [
        teller.tell(order, cursor=leaf, at_us=batch.at_us)
        for batch in door.country.ledger._store.batches(first_leaf=0, limit=100)
        for leaf, order in enumerate(batch.orders, start=batch.first_leaf)
    ]
    return [one.events[bank] for one in told if bank in one.events]


def test_money_from_the_central_bank_is_told_without_a_document(door: Door) -> None:
    event = next(e for e in _told(door, "qala-bank") if e.wallets[0].wallet == door.bek.id)
    assert (event.kind, bytes(event.document)) == (ACTION, b"null")
    assert (event.wallets[0].change, event.wallets[0].counterparty) == (1_000, "")


def test_reserved_money_is_told_as_held(door: Door) -> None:
    hold = Hold(
        id=order_name(door.country.next_number()),
        wallet=door.aru.id,
        until_us=door.country.clock.now_us() + 1,
        asset="KZT",
        to=door.bek.id,
        amount=40,
        seconds=60,
    )
    assert door.send(door.altyn, hold, door.aru.key).accepted
    ours, theirs = _told(door, "altyn-bank")[-1], _told(door, "qala-bank")[-1]
    assert [(m.change, m.held) for m in ours.wallets] == [(0, 40)]
    assert [(m.change, m.held) for m in theirs.wallets] == [(0, 0)]


def test_what_did_not_fit_is_told_as_the_banks(door: Door) -> None:
    child = door.country.person(door.qala, overflow=True)
    door.give(child, 50_000_00 - 30)
    assert door.send(door.altyn, door.pay(door.aru, child.id, 100), door.aru.key).accepted
    moves = _told(door, "qala-bank")[-1].wallets
    assert [(m.wallet, m.change, m.overflow) for m in moves] == [
        (door.qala.own.id, 100, True),
        (door.qala.own.id, -30, True),
        (child.id, 30, False),
    ]


def test_a_fee_of_what_flows_over_is_told_with_its_leg(door: Door) -> None:
    child = door.country.person(door.qala, overflow=True)
    collector = door.country.open(door.qala.name, owner_kind="firm", tier="shop")
    door.give(child, 50_000_00 - 30)
    rule = FeeRule(
        name="acquiring",
        asset="KZT",
        paid_by="payee",
        collector=collector.id,
        basis_points=500,
        texts={"kk": "комиссия", "ru": "комиссия", "en": "fee"},
    )
    door.country.act(PublishFees(schedule=FeeSchedule(version=1, rules=(rule,))))
    pay = door.pay(door.aru, door.bek.id, 1)
    legs = (*pay.legs, Leg(child.id, 100))
    assert door.send(door.altyn, replace(pay, legs=legs), door.aru.key).accepted
    moves = [m for m in _told(door, "qala-bank")[-1].wallets if m.wallet != door.bek.id]
    assert [(m.wallet, m.change, m.overflow, m.leg) for m in moves] == [
        (door.qala.own.id, 100, True, 1),
        (door.qala.own.id, -5, True, 1),
        (collector.id, 5, False, 1),
        (door.qala.own.id, -30, True, 1),
        (child.id, 30, False, 1),
    ]


def test_the_institution_a_wallet_leaves_is_told_and_nobody_else(door: Door) -> None:
    move = Rehome(
        id=order_name(door.country.next_number()),
        wallet=door.aru.id,
        until_us=door.country.clock.now_us() + 1,
        bank=door.qala.name,
    )
    evidence = door.country.sign(move, door.aru.key)
    assert door.country.register.rehome(move, evidence, door.qala.name).accepted
    assert door.country.register.bank_left(move.id) == "altyn-bank"
    event = _told(door, "altyn-bank")[-1]
    assert (event.kind, event.order, event.wallets) == (REHOME, move.id, ())
    assert decode_document(bytes(event.document)) == move
    assert REHOME not in {one.kind for one in _told(door, "qala-bank")}
