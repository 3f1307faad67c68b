# SPDX-License-Identifier: Apache-2.0
"""What a dry run says is what the order then comes to, at the bank as at the core."""

from typing import Any

import pytest

from kerege.bank.refusal import BankRefusal
from kerege.bank.terms import Terms
from kerege.bank.tiers import Limits
from kerege.keys import JwsEncodingError
from kerege.payments.documents import Open
from tests.two_tiers import ASSET, MINUTE_US, Branch, Signer


def tried(branch: Branch, signer: Signer, text: bytes) -> str:
    customer = branch.books.by_wallet[signer.wallet].customer
    return branch.desk.trial.try_out(text, customer=customer).code


def rich(branch: Branch, name: str, amount: int, **more: Any) -> Signer:
    signer = branch.customer(name, **more)
    own, country = branch.signer, branch.country
    if amount:
        assert country.send(own, own.pay(signer.wallet, amount)).accepted
    return signer


@pytest.mark.parametrize(
    ("terms", "amount", "code"),
    [
        ({}, 500, "accepted"),
        ({}, 501, "exceeds_balance"),
        ({"active": False}, 1, BankRefusal.CUSTOMER_NOT_ACTIVE),
        ({"tier": {ASSET: Limits(payment=99)}}, 100, BankRefusal.LIMIT_PAYMENT),
        ({"tier": {ASSET: Limits(day=99)}}, 100, BankRefusal.LIMIT_DAY),
        ({"tier": {ASSET: Limits(month=99)}}, 100, BankRefusal.LIMIT_MONTH),
        ({"guardian": {ASSET: Limits(payment=99)}}, 100, BankRefusal.GUARDIAN_PAYMENT),
        ({"guardian": {ASSET: Limits(day=99)}}, 100, BankRefusal.GUARDIAN_DAY),
        ({"top_up": True, "deposit": 300}, 800, "accepted"),
        ({"top_up": True, "deposit": 300}, 801, BankRefusal.DEPOSIT_SHORT),
        ({"top_up": False, "deposit": 300}, 800, "exceeds_balance"),
    ],
)
def test_a_dry_run_is_right(branch: Branch, terms: dict[str, Any], amount: int, code: str) -> None:
    aru, shop = rich(branch, "aru", 500, **terms), branch.customer("shop")
    text = aru.pay(shop.wallet, amount)
    before = branch.country.balance(aru)
    assert [tried(branch, aru, text) for _ in range(2)] == [code] * 2
    assert branch.country.balance(aru) == before
    assert branch.submit(aru, text).verdict.code == code


def test_limits_that_are_partly_used_count(branch: Branch) -> None:
    aru = rich(branch, "aru", 500, tier={ASSET: Limits(day=150)})
    shop = branch.customer("shop")
    assert branch.submit(aru, aru.pay(shop.wallet, 100)).verdict.accepted
    verdict = branch.desk.trial.try_out(aru.pay(shop.wallet, 51), customer="aru")
    assert (verdict.code, verdict.found, verdict.limit) == (BankRefusal.LIMIT_DAY, 51, 50)
    assert tried(branch, aru, aru.pay(shop.wallet, 50)) == "accepted"
    branch.books.by_wallet[aru.wallet] = Terms(customer="aru", tier={ASSET: Limits(day=200)})
    assert tried(branch, aru, aru.pay(shop.wallet, 51)) == "accepted"


def test_what_was_answered_is_answered_again(branch: Branch) -> None:
    aru, shop = rich(branch, "aru", 500), branch.customer("shop")
    text = aru.pay(shop.wallet, 400)
    assert branch.submit(aru, text).verdict.accepted
    again = branch.desk.trial.try_out(text, customer="aru")
    assert (again.accepted, again.replayed) == (True, True)
    order = branch.country.order_id()
    assert branch.submit(aru, aru.pay(shop.wallet, 1, order=order)).verdict.accepted
    assert tried(branch, aru, aru.pay(shop.wallet, 2, order=order)) == BankRefusal.ID_TAKEN


def test_what_customers_do_not_send(branch: Branch) -> None:
    aru, shop = rich(branch, "aru", 500), branch.customer("shop")
    text = aru.pay(shop.wallet, 1)
    stranger = branch.desk.trial.try_out(text, customer="shop")
    assert stranger.code == BankRefusal.WALLET_NOT_YOURS
    opening = Open(
        id=branch.country.order_id(),
        wallet=aru.wallet,
        until_us=branch.country.clock.now_us() + MINUTE_US,
        bank=aru.bank,
        key="",
        assets=(ASSET,),
        owner_kind="person",
        tier="full",
    )
    assert tried(branch, aru, aru.sign(opening)) == BankRefusal.NOT_FOR_CUSTOMERS
    with pytest.raises(JwsEncodingError):
        branch.desk.trial.try_out(b"nonsense", customer="aru")
