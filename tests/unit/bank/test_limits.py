# SPDX-License-Identifier: Apache-2.0
"""Limits over time, kept by the ledger."""

import pytest

from kerege.bank import limits as module
from kerege.bank.answer import Answer, PaymentState
from kerege.bank.limits import Bound, Exceeded, LimitBook
from kerege.bank.refusal import BankRefusal
from kerege.bank.terms import Terms
from kerege.bank.tiers import DAY_S, MONTH_S, Limits
from kerege.runtime import IdMaker
from tests.two_tiers import ASSET, START_US, Branch, Signer

SECOND_US = 1_000_000


def rich(branch: Branch, **terms: Limits) -> Signer:
    """Somebody with money in the wallet, under limits."""
    named = {name: {ASSET: limits} for name, limits in terms.items()}
    aru = branch.customer("aru", deposit=100_000, **named)
    branch.fund(aru, 50_000)
    return aru


def pay(branch: Branch, payer: Signer, amount: int) -> Answer:
    return branch.submit(payer, payer.pay(shop(branch).wallet, amount))


def shop(branch: Branch) -> Signer:
    if "shop" not in {terms.customer for terms in branch.books.by_wallet.values()}:
        branch.shop = branch.customer("shop", opening={"owner_kind": "firm"})  # type: ignore[attr-defined]
    return branch.shop  # type: ignore[attr-defined, no-any-return]


def test_a_single_payment(branch: Branch) -> None:
    aru = rich(branch, tier=Limits(payment=100))
    assert pay(branch, aru, 100).state is PaymentState.ACCEPTED
    refused = pay(branch, aru, 101)
    assert refused.exceeded == Exceeded(BankRefusal.LIMIT_PAYMENT, 101, 100, 100)


def test_a_day_is_any_24_hours(branch: Branch) -> None:
    aru, clock = rich(branch, tier=Limits(day=1_000)), branch.country.clock
    assert pay(branch, aru, 700).state is PaymentState.ACCEPTED
    clock.advance_us(3600 * SECOND_US)
    assert pay(branch, aru, 200).state is PaymentState.ACCEPTED
    refused = pay(branch, aru, 300)
    more_at_us = START_US + DAY_S * SECOND_US
    assert refused.exceeded == Exceeded(BankRefusal.LIMIT_DAY, 300, 100, 1_000, more_at_us)
    assert refused.exceeded.used == 900
    clock.advance_us(more_at_us - clock.now_us() - 1)
    assert pay(branch, aru, 300).state is PaymentState.REFUSED
    clock.advance_us(1)
    assert pay(branch, aru, 300).state is PaymentState.ACCEPTED
    assert branch.desk.limits.used_of("aru", ASSET) == {"day": 500}


def test_a_month_is_any_30_days(branch: Branch) -> None:
    aru, clock = rich(branch, tier=Limits(day=600, month=1_000)), branch.country.clock
    assert pay(branch, aru, 600).state is PaymentState.ACCEPTED
    clock.advance_us(DAY_S * SECOND_US)
    refused = pay(branch, aru, 500)
    assert refused.exceeded is not None
    assert (refused.exceeded.limit, refused.exceeded.fits) == (BankRefusal.LIMIT_MONTH, 400)
    assert refused.exceeded.more_at_us == START_US + MONTH_S * SECOND_US
    assert branch.desk.limits.used_of("aru", ASSET) == {"day": 0, "month": 600}


def test_more_than_the_limit_never_fits(branch: Branch) -> None:
    aru = rich(branch, tier=Limits(day=1_000))
    refused = pay(branch, aru, 1_001)
    assert refused.exceeded == Exceeded(BankRefusal.LIMIT_DAY, 1_001, 1_000, 1_000)


def test_what_the_core_refuses_is_not_counted(branch: Branch) -> None:
    aru = rich(branch, tier=Limits(day=100_000, month=100_000))
    assert pay(branch, aru, 60_000).verdict.code == "exceeds_balance"
    assert branch.desk.limits.used_of("aru", ASSET) == {"day": 0, "month": 0}


def test_when_more_fits_leaves_out_what_was_given_back(branch: Branch) -> None:
    aru, clock = rich(branch, tier=Limits(day=100_000)), branch.country.clock
    pay(branch, aru, 60_000)
    clock.advance_us(60 * SECOND_US)
    assert pay(branch, aru, 40_000).state is PaymentState.ACCEPTED
    clock.advance_us(60 * SECOND_US)
    refused = pay(branch, aru, 60_001)
    assert refused.exceeded is not None
    assert refused.exceeded.more_at_us == START_US + (60 + DAY_S) * SECOND_US


def test_a_guardians_limits_hold_beside_the_tiers(branch: Branch) -> None:
    child = rich(branch, tier=Limits(day=1_000), guardian=Limits(payment=300, day=500))
    assert pay(branch, child, 301).verdict.code == BankRefusal.GUARDIAN_PAYMENT
    assert pay(branch, child, 300).state is PaymentState.ACCEPTED
    refused = pay(branch, child, 300)
    assert refused.exceeded is not None
    assert (refused.exceeded.limit, refused.exceeded.fits) == (BankRefusal.GUARDIAN_DAY, 200)
    # The refusal counts nowhere: one ledger order holds all uses.
    assert branch.desk.limits.used_of("aru", ASSET) == {"day": 300}
    guardians = branch.desk.limits.used_of(child.wallet, ASSET, is_guardians=True)
    assert guardians == {"day": 300}


def test_limits_follow_the_tier(branch: Branch) -> None:
    aru, clock = rich(branch, tier=Limits(day=1_000)), branch.country.clock
    assert pay(branch, aru, 800).state is PaymentState.ACCEPTED

    def put(cap: int) -> None:
        branch.books.by_wallet[aru.wallet] = Terms(customer="aru", tier={ASSET: Limits(day=cap)})

    put(2_000)
    assert pay(branch, aru, 800).state is PaymentState.ACCEPTED
    # Below what is used: nothing more fits until enough has come back.
    put(500)
    refused = pay(branch, aru, 1)
    assert refused.exceeded is not None
    assert (refused.exceeded.fits, refused.exceeded.limit) == (0, BankRefusal.LIMIT_DAY)
    clock.advance_us(DAY_S * SECOND_US)
    assert pay(branch, aru, 500).state is PaymentState.ACCEPTED
    assert pay(branch, aru, 1).state is PaymentState.REFUSED


def test_what_another_node_set_is_seen(branch: Branch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_REMEMBERED", 1)
    clock = branch.country.clock
    ids = IdMaker(clock, branch.country.randomness)
    one, other = (LimitBook(branch.desk.deposits, clock=clock, ids=ids) for _ in range(2))
    low, high = (Bound("cus", ASSET, Limits(day=cap)) for cap in (10, 20))

    def cap_now() -> int:
        account = branch.desk.deposits.opened([module._opening(low, module._DAY)])[0]
        return -(branch.ledger.account(account).account.floor or 0)

    one.reserves([(5, [low])])
    other.reserves([(5, [high])])
    assert cap_now() == 20
    clock.advance_us(11 * SECOND_US)
    one.reserves([(5, [low])])
    assert cap_now() == 10


def test_nothing_asked_nothing_reserved(branch: Branch) -> None:
    bound = Bound("cus", ASSET, Limits())
    assert branch.desk.limits.reserves([(5, [bound]), (0, [])]) == [(), ()]
    assert branch.desk.limits.used_of("cus", ASSET) == {}
