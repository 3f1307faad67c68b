# SPDX-License-Identifier: Apache-2.0
"""Cases from the first word to the money."""

import pytest

from kerege.bank import disputes as module
from kerege.bank.answer import PaymentState
from kerege.bank.disputes import Disputes, NotDisputable
from kerege.bank.own_wallet import OwnWallet
from kerege.payments.disputes import Case, DisputeRefusal, Reason, State
from kerege.payments.documents import Mandate, Refund, Rehome
from tests.gifts import give_programme
from tests.two_tiers import ASSET, MINUTE_US, Branch, Signer
from tests.unreliable import Silent

DAY_US = 24 * 3600 * 1_000_000
DIGEST = bytes(32)


class Quarrel:
    """Aru has paid a shop 700 and disputes 500 of it."""

    def __init__(self, branch: Branch, *, mandate: bool = True) -> None:
        self.branch = branch
        self.line = Silent(branch.country.core, "altyn-bank")
        branch.desk.delivery._core = self.line
        signer = branch.signer
        self.disputes = Disputes(
            branch.tables,
            branch.desk.outgoing,
            OwnWallet(signer.bank, signer.wallet, signer.key),
            clock=branch.country.clock,
        )
        self.aru = branch.customer("aru", deposit=1_000)
        self.shop = branch.customer("shop", opening={"owner_kind": "firm"})
        branch.fund(self.aru, 1_000)
        paid = branch.submit(self.aru, self.aru.pay(self.shop.wallet, 700))
        self.payment = paid.verdict.order
        if mandate:
            self.grant()

    def grant(self) -> None:
        document = Mandate(
            id=self.branch.country.order_id(),
            wallet=self.shop.wallet,
            until_us=self.branch.country.clock.now_us() + MINUTE_US,
            asset=ASSET,
            to=self.branch.signer.wallet,
            each=1_000,
            total=1_000,
            holds=True,
        )
        answer = self.branch.submit(self.shop, self.shop.sign(document))
        assert answer.state is PaymentState.ACCEPTED, answer
        self.disputes.take_part(self.shop.wallet, document.id)

    def open(self, claimed: int = 500) -> Case:
        case = self.disputes.open(
            wallet=self.aru.wallet,
            payment=self.payment,
            leg=0,
            reason=Reason.NOT_RECEIVED,
            claimed=claimed,
        )
        assert isinstance(case, Case), case
        return case

    def pass_days(self, days: int) -> None:
        self.branch.country.clock.advance_us(days * DAY_US + 1)

    def balances(self) -> tuple[int, int, int]:
        """Aru, the shop, what the shop can spend."""
        country = self.branch.country
        (found,) = country.line("altyn-bank").balances(self.shop.wallet)
        return country.balance(self.aru), found.balance, found.available


@pytest.fixture
def quarrel(branch: Branch) -> Quarrel:
    return Quarrel(branch)


def test_a_claim_is_reserved_and_awarded(quarrel: Quarrel) -> None:
    case = quarrel.open()
    assert case.hold
    assert quarrel.balances() == (300, 700, 200)
    disputes = quarrel.disputes
    disputes.give_evidence(case.id, DIGEST, by=quarrel.aru.wallet)
    answered = disputes.answer(case.id, by=quarrel.shop.wallet, conceded=100)
    assert isinstance(answered, Case)
    decided = disputes.decide(case.id, awarded=400)
    assert isinstance(decided, Case)
    assert (decided.state, len(decided.evidence)) == (State.DECIDED, 1)
    assert quarrel.balances() == (700, 300, 300)
    quarrel.pass_days(1)
    assert disputes.tend() == 0


def test_an_award_restores_the_mark(branch: Branch) -> None:
    """A payer and a payee in league cannot wash a programme's money in a dispute."""
    quarrel = Quarrel(branch)
    give_programme(branch, quarrel.aru, 300)
    pay = quarrel.aru.pay(quarrel.shop.wallet, 300, spend="gift")
    answer = branch.submit(quarrel.aru, pay)
    assert answer.verdict.accepted

    def purse() -> dict[int, int]:
        held = branch.country.line("altyn-bank").balances(quarrel.aru.wallet)
        return {one.mark: one.balance for one in held}

    before = purse()
    assert before[1] == 0
    case = quarrel.disputes.open(
        wallet=quarrel.aru.wallet,
        payment=answer.verdict.order,
        leg=0,
        reason=Reason.NOT_RECEIVED,
        claimed=300,
    )
    assert isinstance(case, Case)
    quarrel.disputes.answer(case.id, by=quarrel.shop.wallet, conceded=100)
    assert isinstance(quarrel.disputes.decide(case.id, awarded=250), Case)
    assert purse() == {**before, 1: 250}


def test_what_was_refunded_meanwhile_goes_back_to_the_payee(quarrel: Quarrel) -> None:
    more = quarrel.aru.pay(quarrel.shop.wallet, 300)
    assert quarrel.branch.submit(quarrel.aru, more).verdict.accepted
    case = quarrel.open(claimed=500)
    quarrel.disputes.answer(case.id, by=quarrel.shop.wallet, conceded=0)
    refund = Refund(
        id=quarrel.branch.country.order_id(),
        wallet=quarrel.shop.wallet,
        until_us=quarrel.branch.country.clock.now_us() + MINUTE_US,
        order=quarrel.payment,
        amount=400,
    )
    assert quarrel.branch.submit(quarrel.shop, quarrel.shop.sign(refund)).verdict.accepted
    own = quarrel.branch.country.balance(quarrel.branch.signer)
    quarrel.disputes.decide(case.id, awarded=500)
    assert quarrel.balances() == (500, 500, 500)
    assert quarrel.branch.country.balance(quarrel.branch.signer) == own


def test_the_bank_keeps_nothing(quarrel: Quarrel) -> None:
    country, bank = quarrel.branch.country, quarrel.branch.signer
    before = country.balance(bank)
    case = quarrel.open()
    quarrel.disputes.answer(case.id, by=quarrel.shop.wallet, conceded=500)
    quarrel.disputes.decide(case.id, awarded=500)
    assert country.balance(bank) == before


def test_a_case_lost_lets_the_money_go(quarrel: Quarrel) -> None:
    case = quarrel.open()
    quarrel.disputes.answer(case.id, by=quarrel.shop.wallet, conceded=0)
    quarrel.disputes.decide(case.id, awarded=0)
    assert quarrel.balances() == (300, 700, 700)


def test_giving_up_lets_the_money_go(quarrel: Quarrel) -> None:
    case = quarrel.open()
    quarrel.disputes.withdraw(case.id, by=quarrel.aru.wallet)
    assert quarrel.balances() == (300, 700, 700)


def test_nobody_answers_and_nobody_decides(quarrel: Quarrel) -> None:
    case = quarrel.open()
    quarrel.pass_days(46)
    assert quarrel.disputes.tend() == 1
    assert quarrel.disputes.get(case.id).state is State.LAPSED
    assert quarrel.balances() == (800, 200, 200)


def test_a_refund_settles_it(quarrel: Quarrel) -> None:
    case = quarrel.open(claimed=150)
    refund = Refund(
        id=quarrel.branch.country.order_id(),
        wallet=quarrel.shop.wallet,
        until_us=quarrel.branch.country.clock.now_us() + MINUTE_US,
        order=quarrel.payment,
        amount=200,
    )
    answer = quarrel.branch.submit(quarrel.shop, quarrel.shop.sign(refund))
    assert answer.state is PaymentState.ACCEPTED
    quarrel.branch.read_events()
    quarrel.pass_days(0)
    quarrel.branch.country.clock.advance_us(600_000_000)
    assert quarrel.disputes.tend() == 1
    assert quarrel.disputes.get(case.id).state is State.SETTLED
    assert quarrel.balances() == (500, 500, 500)


def test_without_a_mandate_a_case_goes_its_way(branch: Branch) -> None:
    quarrel = Quarrel(branch, mandate=False)
    case = quarrel.open()
    assert case.hold == ""
    quarrel.disputes.answer(case.id, by=quarrel.shop.wallet, conceded=500)
    decided = quarrel.disputes.decide(case.id, awarded=500)
    assert isinstance(decided, Case)
    assert quarrel.balances() == (300, 700, 700)


def test_one_leg_is_one_case(quarrel: Quarrel) -> None:
    assert quarrel.open().id == quarrel.open(claimed=100).id
    assert [case.claimed for case in quarrel.disputes.of(quarrel.aru.wallet)] == [500]
    assert len(quarrel.disputes.of(quarrel.shop.wallet)) == 1


def test_refusals_are_those_of_the_rules(quarrel: Quarrel) -> None:
    disputes = quarrel.disputes
    case = quarrel.open()
    too_much = disputes.open(
        wallet=quarrel.aru.wallet,
        payment=quarrel.payment,
        leg=0,
        reason=Reason.NOT_RECEIVED,
        claimed=701,
    )
    assert too_much is DisputeRefusal.AMOUNT_OUT_OF_BOUNDS
    assert disputes.answer(case.id, by="x", conceded=1) is DisputeRefusal.NOT_THE_PAYEE
    assert disputes.withdraw(case.id, by="x") is DisputeRefusal.NOT_THE_PAYER
    assert disputes.give_evidence(case.id, b"", by=quarrel.aru.wallet) is (
        DisputeRefusal.DIGEST_INVALID
    )
    assert disputes.decide(case.id, awarded=1) is DisputeRefusal.TOO_EARLY


def test_what_cannot_be_disputed(quarrel: Quarrel) -> None:
    def open_it(wallet: Signer, payment: str, leg: int = 0) -> None:
        quarrel.disputes.open(
            wallet=wallet.wallet,
            payment=payment,
            leg=leg,
            reason=Reason.NOT_RECEIVED,
            claimed=1,
        )

    refused = quarrel.branch.submit(quarrel.aru, quarrel.aru.pay(quarrel.shop.wallet, 10_000))
    funding = quarrel.branch.fund(quarrel.aru, 0 + 1, key="again")
    for wallet, payment, leg in (
        (quarrel.aru, "ord_none", 0),
        (quarrel.shop, quarrel.payment, 0),
        (quarrel.aru, quarrel.payment, 1),
        (quarrel.aru, refused.verdict.order, 0),
    ):
        with pytest.raises(NotDisputable):
            open_it(wallet, payment, leg)
    assert funding.verdict.order
    with pytest.raises(NotDisputable):
        quarrel.disputes.get("dsp_none")


def test_a_silent_core_is_asked_again(quarrel: Quarrel) -> None:
    quarrel.line.is_silent = True
    case = quarrel.open()
    assert case.hold == ""
    quarrel.line.is_silent = False
    clock = quarrel.branch.country.clock
    clock.advance_us(module._LOOK_AGAIN_US)
    quarrel.branch.desk.delivery.tend(None)
    assert quarrel.disputes.tend() == 1
    assert quarrel.disputes.get(case.id).hold
    assert quarrel.balances() == (300, 700, 200)


def test_what_expired_is_signed_anew(quarrel: Quarrel) -> None:
    quarrel.line.is_silent = True
    case = quarrel.open()
    clock = quarrel.branch.country.clock
    clock.advance_us(module._ORDER_LIVES_US + 1)
    quarrel.line.is_silent = False
    assert quarrel.branch.desk.tend() == 2
    assert quarrel.disputes.get(case.id).hold
    assert quarrel.balances() == (300, 700, 200)


def test_a_hold_that_ran_out_is_collected(quarrel: Quarrel) -> None:
    case = quarrel.open()
    quarrel.disputes.answer(case.id, by=quarrel.shop.wallet, conceded=500)
    quarrel.line.is_silent = True
    assert isinstance(quarrel.disputes.decide(case.id, awarded=500), Case)
    quarrel.pass_days(60)
    quarrel.line.is_silent = False
    quarrel.branch.desk.delivery.tend(None)
    assert quarrel.disputes.tend() == 1
    assert quarrel.balances() == (800, 200, 200)


def test_a_payer_who_moved_away_does_not_cost_the_payee_twice(quarrel: Quarrel) -> None:
    """The award is refused, for the bank keeps the payer no more: what was taken was taken once."""
    country, aru = quarrel.branch.country, quarrel.aru
    country.bank("kumis-bank")
    more = aru.pay(quarrel.shop.wallet, 300)
    assert quarrel.branch.submit(aru, more).verdict.accepted
    case = quarrel.open()
    quarrel.disputes.answer(case.id, by=quarrel.shop.wallet, conceded=0)
    moving = Rehome(
        id=country.order_id(),
        wallet=aru.wallet,
        until_us=country.clock.now_us() + MINUTE_US,
        bank="kumis-bank",
    )
    (moved,) = country.line("kumis-bank").submit([aru.sign(moving)])
    assert moved.accepted
    own = country.balance(quarrel.branch.signer)
    quarrel.disputes.decide(case.id, awarded=500)
    for _ in range(3):
        country.clock.advance_us(600_000_000)
        quarrel.disputes.tend()
    (found,) = country.line("altyn-bank").balances(quarrel.shop.wallet)
    assert found.balance == 500
    assert country.balance(quarrel.branch.signer) == own + 500
    back = Rehome(
        id=country.order_id(),
        wallet=aru.wallet,
        until_us=country.clock.now_us() + MINUTE_US,
        bank="altyn-bank",
    )
    (moved,) = country.line("altyn-bank").submit([aru.sign(back)])
    assert moved.accepted
    country.clock.advance_us(600_000_000)
    quarrel.disputes.tend()
    assert quarrel.balances() == (500, 500, 500)
    assert country.balance(quarrel.branch.signer) == own
