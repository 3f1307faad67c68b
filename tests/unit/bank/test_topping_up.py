# SPDX-License-Identifier: Apache-2.0
"""What the wallet lacks comes from the deposit, in one order."""

from concurrent.futures import wait

from kerege.bank.answer import PaymentState
from kerege.bank.own_wallet import defunding_details
from kerege.bank.refusal import BankRefusal
from kerege.bank.tiers import Limits
from tests.gifts import give_programme
from tests.two_tiers import ASSET, Branch, Signer


def people(branch: Branch, **terms: object) -> tuple[Signer, Signer]:
    aru = branch.customer("aru", deposit=1_000, top_up=True, **terms)
    return aru, branch.customer("bek")


def test_the_deposit_helps(branch: Branch) -> None:
    aru, bek = people(branch)
    branch.fund(aru, 100)
    answer = branch.submit(aru, aru.pay(bek.wallet, 350))
    assert (answer.state, answer.verdict.amounts) == (PaymentState.ACCEPTED, (250, 350))
    assert (branch.deposit("aru").balance, branch.deposit("aru").held) == (650, 0)
    assert (branch.country.balance(aru), branch.country.balance(bek)) == (0, 350)
    assert branch.position() + branch.country.balance(branch.signer) == 2_000_000


def test_it_is_left_alone_where_the_wallet_has_enough(branch: Branch) -> None:
    aru, bek = people(branch)
    branch.fund(aru, 100)
    assert branch.submit(aru, aru.pay(bek.wallet, 100)).verdict.amounts == (100,)
    assert branch.deposit("aru").balance == 900


def test_programmes_pay_before_the_deposit_does(branch: Branch) -> None:
    aru, bek = people(branch)
    give_programme(branch, aru, 300)
    branch.fund(aru, 100)
    assert branch.submit(aru, aru.pay(bek.wallet, 120)).verdict.accepted
    assert branch.deposit("aru").balance == 900
    assert branch.submit(aru, aru.pay(bek.wallet, 400)).verdict.accepted
    assert (branch.deposit("aru").balance, branch.country.balance(aru)) == (780, 0)
    assert branch.country.balance(bek) == 520
    blocked = branch.submit(aru, aru.pay(branch.signer.wallet, 781, spend="gift"))
    assert blocked.verdict.code == "programme_rule"
    assert branch.deposit("aru").held == 0


def test_both_or_neither(branch: Branch) -> None:
    aru, _ = people(branch)
    answer = branch.submit(aru, aru.pay("wal_" + "0" * 32, 100))
    assert answer.verdict.code == "payee_unknown"
    assert (branch.deposit("aru").balance, branch.deposit("aru").held) == (1_000, 0)


def test_a_short_deposit(branch: Branch) -> None:
    aru, bek = people(branch)
    answer = branch.submit(aru, aru.pay(bek.wallet, 1_001))
    assert answer.verdict.code == BankRefusal.DEPOSIT_SHORT
    assert answer.exceeded is not None
    assert (answer.exceeded.asked, answer.exceeded.fits) == (1_001, 1_000)


def test_a_repeat_is_the_same_payment(branch: Branch) -> None:
    aru, bek = people(branch)
    text = aru.pay(bek.wallet, 300)
    first, again = branch.submit(aru, text), branch.submit(aru, text)
    assert again.verdict.amounts == first.verdict.amounts == (300, 300)
    assert branch.deposit("aru").balance == 700


def test_limits_hold_and_come_first(branch: Branch) -> None:
    aru, bek = people(branch, tier={ASSET: Limits(day=500)})
    assert branch.submit(aru, aru.pay(bek.wallet, 5_000)).verdict.code == BankRefusal.LIMIT_DAY
    assert branch.submit(aru, aru.pay(bek.wallet, 400)).state is PaymentState.ACCEPTED
    assert branch.submit(aru, aru.pay(bek.wallet, 400)).verdict.code == BankRefusal.LIMIT_DAY
    assert branch.deposit("aru").available == 600


def test_payments_of_one_wallet_go_one_after_the_other(branch: Branch) -> None:
    aru, bek = people(branch)
    branch.fund(aru, 100)
    texts = [(aru.pay(bek.wallet, 90), "aru") for _ in range(8)]
    futures = branch.desk.outgoing.submit_all(texts)
    wait(futures, 20)
    assert [future.result().verdict.code for future in futures] == ["accepted"] * 8
    assert branch.deposit("aru").balance + branch.country.balance(aru) == 1_000 - 720
    assert branch.country.balance(aru) == 0


def test_what_goes_to_the_bank_is_not_topped_up(branch: Branch) -> None:
    aru, _ = people(branch)
    details = defunding_details(aru.wallet)
    answer = branch.submit(aru, aru.pay(branch.signer.wallet, 50, details=details))
    assert answer.verdict.code == "exceeds_balance"


def test_what_does_not_fit_a_top_up_goes_alone(branch: Branch) -> None:
    aru, bek = people(branch)
    answer = branch.submit(aru, aru.pay(bek.wallet, 50, request="x" * 4_000))
    assert answer.state is PaymentState.REFUSED
    assert branch.deposit("aru").available == 1_000
