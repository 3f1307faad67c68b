# SPDX-License-Identifier: Apache-2.0
"""The ledger as its callers meet it: repeats, holds, time, questions about the past."""

import hashlib

import numpy as np
import pytest
from msgspec.structs import replace

from kerege.ledger.account import MAX_AMOUNT, Role, Status
from kerege.ledger.errors import BatchTooLarge, UnknownAccount
from kerege.ledger.ids import AccountId, Mark, OrderId
from kerege.ledger.ledger import MAX_EXPIRIES
from kerege.ledger.order import (
    MAX_STEPS,
    CloseAccount,
    DeclareAsset,
    Kind,
    OpenAccount,
    Order,
    PendingRef,
    SetLimits,
    SetStatus,
    Terms,
)
from kerege.ledger.refusal import Refusal
from kerege.ledger.request import Columns
from tests.ledgers import START_US, World, move, order_id, resolve

SECOND_US = 1_000_000


# -- repeats --


def test_a_repeat_gets_the_first_outcome(world: World) -> None:
    payer, payee = world.holder(100), world.holder()
    order = world.order(move(payer, payee, 60))
    (first,) = world.ledger.post([order])
    world.clock.advance_us(5)
    (second,) = world.ledger.post([order])
    assert second == replace(first, replayed=True)
    assert world.ledger.outcome(order.id) == first
    assert world.balance(payee) == 60


def test_a_refused_attempt_is_not_remembered(world: World) -> None:
    payer, payee = world.holder(10), world.holder()
    tried, firm = world.order(move(payer, payee, 60)), world.order(move(payer, payee, 70))
    posting = world.ledger.begin([firm, tried], attempts={1})
    assert [outcome.refusal for outcome in posting.decided()] == [Refusal.EXCEEDS_BALANCE] * 2
    assert posting.outcomes() == posting.decided()
    assert world.ledger.outcome(tried.id) is None
    assert world.ledger.outcome(firm.id) == posting.outcomes()[0]
    world.must(move(world.issuer(), payer, 50))
    (outcome,) = world.ledger.begin([tried], attempts={0}).outcomes()
    assert outcome.accepted
    assert world.ledger.outcome(tried.id) == outcome
    (other,) = world.ledger.post([replace(tried, steps=(move(payer, payee, 1),))])
    assert other.refusal is Refusal.ID_HAS_OTHER_CONTENT


def test_attempts_keep_their_places_over_several_batches(world: World) -> None:
    payer, payee = world.holder(), world.holder()
    long = [world.order(*(move(payer, payee, 1) for _ in range(MAX_STEPS))) for _ in range(3)]
    world.ledger.begin(long, attempts={2}).outcomes()
    assert world.ledger.outcome(long[1].id) is not None
    assert world.ledger.outcome(long[2].id) is None


def test_repeats_within_a_batch_are_told_from_impostors(world: World) -> None:
    payer, payee = world.holder(100), world.holder()
    order = world.order(move(payer, payee, 60))
    impostor = replace(order, steps=(move(payer, payee, 61),))
    first, again, other, last = world.ledger.post([order, order, impostor, order])
    assert first.accepted
    assert again == last == replace(first, replayed=True)
    assert other.refusal is Refusal.ID_HAS_OTHER_CONTENT
    assert world.balance(payee) == 60


def test_a_refusal_is_repeated_even_when_it_would_pass_by_now(world: World) -> None:
    payer, payee = world.holder(10), world.holder()
    order = world.order(move(payer, payee, 60))
    first, again = world.ledger.post([order, order])
    world.must(move(1, payer, 100))
    (later,) = world.ledger.post([order])
    assert (first.refusal, first.found, first.limit) == (Refusal.EXCEEDS_BALANCE, 60, 10)
    assert again == later == replace(first, replayed=True)


def test_an_order_too_early_may_come_again(world: World) -> None:
    payer, payee = world.holder(10), world.holder()
    order = world.order(move(payer, payee, 6), terms=Terms(valid_from_us=START_US + 5))
    assert world.ledger.post([order, order])[1].refusal is Refusal.NOT_YET_VALID
    world.clock.advance_us(5)
    assert world.ledger.post([order])[0].accepted


def test_evidence_is_part_of_the_content(world: World) -> None:
    payer, payee = world.holder(10), world.holder()
    order = world.order(move(payer, payee, 6), evidence=b"signed")
    other = replace(order, evidence=b"signed by another")
    first, impostor, again = world.ledger.post([order, other, order])
    assert (first.accepted, again.replayed) == (True, True)
    assert impostor.refusal is Refusal.ID_HAS_OTHER_CONTENT


# -- orders of many steps --


def test_an_order_happens_whole_or_not_at_all(world: World) -> None:
    a, b = world.holder(100), world.holder()
    outcome = world.post(move(a, b, 100), move(b, 1, 40), move(a, b, 1))
    assert (outcome.refusal, outcome.step) == (Refusal.EXCEEDS_BALANCE, 2)
    assert (world.balance(a), world.balance(b)) == (100, 0)


def test_an_order_may_open_an_account_and_pay_into_it(world: World) -> None:
    new = AccountId(world.store._books.next_account)
    opening = OpenAccount("KZT", Role.HOLDER, "owner", ceiling=50)
    outcome = world.must(opening, move(1, new, 50), SetLimits(new, 0, 60))
    assert outcome.results == (new, 50, new)
    assert world.ledger.account(new).account.ceiling == 60
    assert world.balance(new) == 50
    world.reopen()
    assert world.ledger.account(new).account.ceiling == 60


def test_an_asset_is_declared_once_even_within_an_order(world: World) -> None:
    outcome = world.post(DeclareAsset("XAU-G", 4), DeclareAsset("XAU-G", 4))
    assert (outcome.refusal, outcome.step) == (Refusal.ASSET_EXISTS, 1)
    assert world.store.assets() == (("KZT", 2),)


def test_a_reservation_may_be_made_and_captured_in_one_order(world: World) -> None:
    a, b = world.holder(100), world.holder()
    own_id = world.next_id()
    reserved = move(a, b, 70, kind=Kind.PENDING, timeout_s=9)
    take = [resolve(reserved, PendingRef(own_id), Kind.CAPTURE_PART, n) for n in (20, 30)]
    (outcome,) = world.ledger.post([Order(own_id, (reserved, *take))])
    assert outcome.results == (70, 20, 30)
    assert (world.balance(a), world.cell(a).debits_pending) == (50, 20)


def test_a_reservation_may_be_captured_later_in_the_batch(world: World) -> None:
    a, b = world.holder(100), world.holder()
    reserved = move(a, b, 70, kind=Kind.PENDING, timeout_s=9)
    hold = world.order(reserved)
    take = world.order(resolve(reserved, PendingRef(hold.id), Kind.CAPTURE, 30))
    assert [o.accepted for o in world.ledger.post([hold, take])] == [True, True]
    assert (world.balance(b), world.cell(a).available) == (30, 70)
    world.reopen()
    again = world.post(resolve(reserved, PendingRef(hold.id), Kind.CAPTURE, 1))
    assert again.refusal is Refusal.PENDING_ALREADY_CAPTURED


@pytest.mark.parametrize("steps", [MAX_STEPS, MAX_STEPS + 1, 1_000_000])
def test_the_number_of_steps_has_a_limit(steps: int, world: World) -> None:
    a, b = world.holder(10**6), world.holder()
    order = Order(world.next_id(), (move(a, b, 1),) * steps)
    small = world.order(move(a, b, 1))
    large, after = world.ledger.post([order, small])
    assert large.refusal is (None if steps == MAX_STEPS else Refusal.TOO_MANY_STEPS)
    assert after.accepted


def test_more_than_a_batch_is_split(world: World) -> None:
    a, b = world.holder(10**6), world.holder()
    orders = [world.order(*[move(a, b, 1)] * 6000) for _ in range(5)]
    assert all(outcome.accepted for outcome in world.ledger.post(orders))
    assert (world.balance(b), world.cell(b).version) == (30_000, 30_000)


def test_more_columns_than_a_batch_are_refused_whole(world: World) -> None:
    a, b = world.holder(10**6), world.holder()
    before, rows = world.state(), 16_385
    ids = b"".join(order_id(10**9 + n) for n in range(rows))
    full = np.full(rows, 1, np.int64)
    columns = Columns(ids=ids, debit=full * a, credit=full * b, amount=full)
    with pytest.raises(BatchTooLarge):
        world.ledger.post_columns(columns)
    assert world.state() == before
    assert (world.ledger.post_columns(columns[:16_384]).refusal == 0).all()
    assert world.balance(b) == 16_384


def test_no_orders_are_no_work(world: World) -> None:
    nothing = np.zeros(0, np.int64)
    columns = Columns(ids=b"", debit=nothing, credit=nothing, amount=nothing)
    assert world.ledger.post([]) == []
    assert len(world.ledger.post_columns(columns).refusal) == 0


# -- reservations in time --


@pytest.mark.parametrize("kind", [Kind.VOID, Kind.CAPTURE])
def test_in_the_instant_of_expiry_it_is_too_late(kind: Kind, world: World) -> None:
    a, b = world.holder(100), world.holder()
    reserved, ref = world.reserve(a, b, 70, timeout_s=1)
    world.clock.advance_us(SECOND_US)
    outcome = world.post(resolve(reserved, ref, kind, 0 if kind is Kind.VOID else 70))
    assert outcome.refusal is Refusal.PENDING_EXPIRED
    assert world.cell(a).available == 100


def test_a_moment_before_expiry_it_is_not(world: World) -> None:
    a, b = world.holder(100), world.holder()
    reserved, ref = world.reserve(a, b, 70, timeout_s=1)
    world.clock.advance_us(SECOND_US - 1)
    world.must(resolve(reserved, ref, Kind.CAPTURE, 70))
    assert world.balance(b) == 70


def test_expiry_comes_by_itself_after_a_restart_and_for_many(world: World) -> None:
    a, b = world.holder(10**6), world.holder()
    reserved = move(a, b, 1, kind=Kind.PENDING, timeout_s=1)
    world.must(*[reserved] * (MAX_EXPIRIES + 10))
    world.reopen()
    world.clock.advance_us(SECOND_US)
    assert world.ledger.expire() == MAX_EXPIRIES + 10
    assert world.ledger.expire() == 0
    assert world.cell(a).debits_pending == world.cell(b).credits_pending == 0


def test_nobody_can_stand_in_the_way_of_an_expiry(world: World) -> None:
    a, b = world.holder(100), world.holder()
    _, ref = world.reserve(a, b, 70, timeout_s=1)
    named = b"kerege-expiry/v1\n" + ref.order_id + bytes(2)
    guessed = OrderId(hashlib.sha256(named).digest()[:16])
    released = [OrderId(b"\xff" * 8 + n.to_bytes(8, "big")) for n in (0, 2**40)]
    for squatted in (guessed, *released):
        world.ledger.post([Order(squatted, (move(a, b, 1),))])
    world.clock.advance_us(SECOND_US)
    assert world.ledger.expire() == 1
    assert world.post(move(a, b, 1)).accepted


def test_an_expiry_does_not_make_later_ids_look_old(world: World) -> None:
    a, b = world.holder(100), world.holder()
    world.reserve(a, b, 70, timeout_s=1)
    world.clock.advance_us(SECOND_US)
    world.ledger.expire()
    newest = world.store._newest_id
    world.reopen()
    assert newest == world.store._newest_id <= order_id(10**6)


def test_frozen_accounts_can_still_be_released_from_a_reservation(world: World) -> None:
    a, b = world.holder(100), world.holder()
    first, void = world.reserve(a, b, 40)
    _, _ = world.reserve(a, b, 50, timeout_s=1)
    world.freeze(a, Status.DEBITS_FROZEN | Status.CREDITS_FROZEN)
    world.freeze(b, Status.CREDITS_FROZEN)
    assert world.post(resolve(first, void, Kind.CAPTURE, 1)).refusal is Refusal.DEBITS_FROZEN
    world.must(resolve(first, void, Kind.VOID))
    world.clock.advance_us(SECOND_US)
    assert world.ledger.expire() == 1
    assert world.cell(a).available == 100


def test_an_account_with_a_reservation_cannot_be_closed(world: World) -> None:
    a, b = world.holder(100), world.holder()
    reserved, ref = world.reserve(a, b, 100)
    for account in (a, b):
        assert world.post(CloseAccount(account)).refusal is Refusal.ACCOUNT_NOT_EMPTY
    world.must(resolve(reserved, ref, Kind.CAPTURE, 100))
    world.must(CloseAccount(a))
    assert world.post(SetStatus(a, Status.OPEN)).refusal is Refusal.ACCOUNT_CLOSED


def test_limits_count_what_is_reserved(world: World) -> None:
    a, b = world.holder(100, floor=-50), world.holder(ceiling=80)
    world.reserve(a, b, 70)
    outcome = world.post(SetLimits(b, 0, 69))
    assert (outcome.refusal, outcome.limit) == (Refusal.CEILING_BELOW_HOLDING, 70)
    world.must(SetLimits(b, 0, 70))
    assert world.post(move(a, b, 1)).refusal is Refusal.EXCEEDS_CEILING
    world.must(SetLimits(a, 0, None))
    assert world.post(move(a, 1, 31)).refusal is Refusal.EXCEEDS_BALANCE


# -- time --


def test_a_clock_that_goes_back_does_not_take_the_ledger_with_it(world: World) -> None:
    a, b = world.holder(100), world.holder()
    now = iter([START_US + 50, START_US + 10, START_US + 60])
    world.ledger._now_us = lambda: next(now)
    times = [world.post(move(a, b, 1)).at_us - START_US for _ in range(3)]
    assert times == [50, 50, 60]


# -- questions --


def test_the_past_can_be_asked_about(world: World) -> None:
    a, b = world.holder(10**4), world.holder()
    for _ in range(5):
        world.clock.advance_us(10)
        world.must(move(a, b, 3))
        world.must(move(a, b, 2))
    key = (b, Mark(0))
    instants = (-10, 0, 9, 10, 49, 50, 10**9, 2**80)
    found = [world.ledger.cell_at(key, at_us=START_US + after).balance for after in instants]
    assert found == [0, 0, 0, 5, 20, 25, 25, 25]
    pages = world.ledger.statement(key, limit=4)
    pages += world.ledger.statement(key, before_seq=pages[-1].seq, limit=100)
    assert [m.after.balance for m in pages] == [25, 23, 20, 18, 15, 13, 10, 8, 5, 3]
    assert [m.change for m in pages] == [2, 3] * 5
    for before in (0, -1, -(2**80)):
        assert world.ledger.statement(key, before_seq=before) == []
    assert len(world.ledger.statement(key, before_seq=2**80)) == 10
    assert world.ledger.statement(key, limit=-3) == []


@pytest.mark.parametrize("account", [0, -1, 999, 2**36, 2**70])
def test_an_account_never_opened_is_unknown(account: int, world: World) -> None:
    key = (AccountId(account), Mark(0))
    with pytest.raises(UnknownAccount):
        world.ledger.account(key[0])
    with pytest.raises(UnknownAccount):
        world.ledger.cells(key[0])
    with pytest.raises(UnknownAccount):
        world.ledger.cell_at(key, at_us=0)
    with pytest.raises(UnknownAccount):
        world.ledger.statement(key)


def test_an_order_never_sent_has_no_outcome(world: World) -> None:
    for unknown in (order_id(10**9), OrderId(b""), OrderId(b"\xff" * 16)):
        assert world.ledger.outcome(unknown) is None


# -- amounts at their limits --


def test_sums_stay_within_64_bits_whatever_the_limits(world: World) -> None:
    """An overdraft in unmarked money must not make room for more marked money than fits."""
    top = 4 * 10**18
    payer = world.open(Role.HOLDER, floor=-top, ceiling=top)
    converter = world.open(Role.CONVERTER)
    for _ in range(4):
        world.must(move(payer, converter, MAX_AMOUNT))
        world.must(move(converter, payer, MAX_AMOUNT, 1))
    outcome = world.post(move(1, payer, 1000, 1))
    assert outcome.refusal is Refusal.BALANCE_OVERFLOW
    assert (outcome.found, outcome.limit) == (1000, 4)


def test_figures_of_a_refusal_fit_what_keeps_them(world: World) -> None:
    rich = world.holder()
    for mark in (1, 2, 3):
        for _ in range(4):
            issuer = world.open(Role.ISSUER, floor=None)
            world.must(move(issuer, rich, MAX_AMOUNT, mark))
    outcome = world.post(SetLimits(rich, 0, 5))
    assert outcome.refusal is Refusal.CEILING_BELOW_HOLDING
    assert world.post(move(1, rich, 1)).accepted


# -- marks --


def test_marked_cells_of_many_accounts_at_once(world: World) -> None:
    plain, one, two = world.holder(5), world.holder(7, mark=3), world.holder(9, mark=3)
    world.must(move(world.issuer(), two, 4, 8))
    found = world.ledger.marked([two, plain, one, AccountId(2**40)])
    assert {key: cell.balance for key, cell in found.items()} == {
        (one, 3): 7,
        (two, 3): 9,
        (two, 8): 4,
    }
    assert world.ledger.marked([]) == {}


def test_holders_of_a_mark_page_by_page(world: World) -> None:
    holders = [world.holder(n + 1, mark=3) for n in range(5)]
    world.must(move(holders[1], holders[0], 2, 3))
    other = world.holder(9, mark=4)
    page = world.ledger.holders(Mark(3), limit=3)
    # The issuer is what all of it is missing from.
    assert [(account, cell.balance) for account, cell in page] == [
        (world.issuer(), -15),
        (holders[0], 3),
        (holders[2], 3),
    ]
    rest = world.ledger.holders(Mark(3), after=page[-1][0])
    assert [account for account, _ in rest] == holders[3:]
    assert [account for account, _ in world.ledger.holders(Mark(4))] == [world.issuer(), other]
    assert world.ledger.holders(Mark(5)) == []


def test_money_on_hold_still_has_a_holder(world: World) -> None:
    payer, payee = world.holder(5, mark=3), world.holder()
    world.reserve(payer, payee, 5, mark=3)
    assert [account for account, _ in world.ledger.holders(Mark(3))][1:] == [payer, payee]
