# SPDX-License-Identifier: Apache-2.0
"""From a deposit into a wallet."""

from kerege.bank.answer import PaymentState
from kerege.bank.funding import FUNDING_LIVES_US, funding_id
from kerege.bank.refusal import BankRefusal
from kerege.ledger import Status, parse_order_id
from tests.two_tiers import ASSET, CEILINGS, Branch


def test_money_leaves_the_deposit_and_reaches_the_wallet(branch: Branch) -> None:
    aru = branch.customer("aru", deposit=900)
    answer = branch.fund(aru, 300)
    assert answer.state is PaymentState.ACCEPTED
    assert (branch.deposit("aru").balance, branch.deposit("aru").held) == (600, 0)
    assert branch.country.balance(aru) == 300
    assert branch.position() == 300
    assert branch.country.balance(branch.signer) == 2_000_000 - 300


def test_a_repeat_is_the_same_funding(branch: Branch) -> None:
    aru = branch.customer("aru", deposit=900)
    first = branch.fund(aru, 300)
    again = branch.fund(aru, 300)
    assert again.verdict.order == first.verdict.order
    assert again.verdict.replayed
    assert branch.fund(aru, 301).verdict.code == BankRefusal.ID_TAKEN
    assert branch.fund(aru, 300, key="another").state is PaymentState.ACCEPTED
    assert branch.deposit("aru").balance == 300


def test_a_short_deposit_is_refused_with_what_there_is(branch: Branch) -> None:
    aru = branch.customer("aru", deposit=900)
    answer = branch.fund(aru, 901)
    assert answer.verdict.code == BankRefusal.DEPOSIT_SHORT
    assert answer.exceeded is not None
    assert (answer.exceeded.asked, answer.exceeded.fits) == (901, 900)
    assert branch.deposit("aru").available == 900


def test_a_frozen_deposit_is_refused(branch: Branch) -> None:
    aru = branch.customer("aru", deposit=900)
    freeze = parse_order_id("ord_" + "0" * 31 + "1")
    branch.desk.deposits.set_status(freeze, "aru", ASSET, Status.DEBITS_FROZEN)
    assert branch.fund(aru, 1).verdict.code == BankRefusal.DEPOSIT_BLOCKED


def test_what_the_core_refuses_comes_back(branch: Branch) -> None:
    aru = branch.customer("aru", deposit=2_000_000)
    answer = branch.fund(aru, CEILINGS["full"] + 1)
    assert answer.verdict.code == "exceeds_ceiling"
    assert (branch.deposit("aru").balance, branch.deposit("aru").held) == (2_000_000, 0)
    assert branch.position() == 0


def test_ids_are_the_customers_own() -> None:
    ids = {funding_id(w, c, k) for w in ("a", "b") for c in ("a", "b") for k in ("a", "b")}
    assert len(ids) == 8
    assert all(parse_order_id(each)[0] < 128 for each in ids)
    assert FUNDING_LIVES_US == 60_000_000
