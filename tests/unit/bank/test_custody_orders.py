# SPDX-License-Identifier: Apache-2.0
"""Orders written and signed at a customer's word."""

import pytest

from kerege.bank.answer import PaymentState
from kerege.bank.custody import Custody, NotInCustody
from kerege.bank.custody_orders import CustodyOrders, Wish
from kerege.bank.delivery import FIRST_LOOK_US
from kerege.bank.refusal import BankRefusal
from kerege.bank.terms import Terms
from kerege.bank.tiers import Limits
from kerege.keys import Algorithm, PrivateKey, RootSecret, format_jwk
from kerege.payments.documents import Open
from kerege.payments.ids import format_wallet_id
from tests.two_tiers import ASSET, MINUTE_US, Branch, Signer
from tests.unreliable import Silent


class Kept:
    """Somebody whose key the bank keeps, with 500 in the wallet and a limit of 1000 a day."""

    def __init__(self, branch: Branch) -> None:
        country = branch.country
        self.branch = branch
        self.custody = Custody(
            branch.tables,
            RootSecret(bytes(32)),
            clock=country.clock,
            randomness=country.randomness,
        )
        self.orders = CustodyOrders(self.custody, branch.desk.outgoing, clock=country.clock)
        self.wallet = str(format_wallet_id(country.randomness.draw(16)))
        document = Open(
            id=country.order_id(),
            wallet=self.wallet,
            until_us=country.clock.now_us() + MINUTE_US,
            bank=branch.signer.bank,
            key="",
            assets=(ASSET,),
            owner_kind="person",
            tier="full",
        )
        (verdict,) = country.line(branch.signer.bank).submit([self.orders.opening(document)])
        assert verdict.accepted, verdict
        limits = {ASSET: Limits(day=1_000)}
        branch.books.by_wallet[self.wallet] = Terms(customer="aru", tier=limits)
        assert country.send(branch.signer, branch.signer.pay(self.wallet, 500)).accepted

    def pay(self, to: Signer, amount: int, key: str = "one") -> str:
        wish = Wish(key=key, wallet=self.wallet, to=to.wallet, asset=ASSET, amount=amount)
        return self.orders.pay(wish, customer="aru").result(10).verdict.code


@pytest.fixture
def kept(branch: Branch) -> Kept:
    return Kept(branch)


def test_a_payment_at_a_customers_word(kept: Kept, branch: Branch) -> None:
    bek = branch.customer("bek")
    assert kept.pay(bek, 200) == "accepted"
    branch.country.clock.advance_us(1)
    assert kept.pay(bek, 200) == "accepted"
    assert branch.country.balance(bek) == 200
    assert kept.pay(bek, 201) == BankRefusal.ID_TAKEN
    assert kept.pay(bek, 200, key="two") == "accepted"
    assert kept.pay(bek, 700, key="three") == BankRefusal.LIMIT_DAY


def test_somebody_elses_word_counts_nothing(kept: Kept, branch: Branch) -> None:
    bek = branch.customer("bek")
    wish = Wish(key="x", wallet=kept.wallet, to=bek.wallet, asset=ASSET, amount=1)
    answer = kept.orders.pay(wish, customer="bek").result(10)
    assert answer.verdict.code == BankRefusal.WALLET_NOT_YOURS
    with pytest.raises(NotInCustody):
        kept.orders.pay(
            Wish(key="x", wallet=bek.wallet, to=kept.wallet, asset=ASSET, amount=1), customer="bek"
        )


def test_a_new_key(kept: Kept, branch: Branch) -> None:
    old = kept.custody.public_key(kept.wallet)
    assert kept.orders.rekey(kept.wallet, customer="aru").state is PaymentState.ACCEPTED
    assert kept.custody.public_key(kept.wallet) != old
    assert kept.pay(branch.customer("bek"), 5) == "accepted"
    assert kept.orders.tend() == 0


def test_a_refused_new_key_is_given_up(kept: Kept) -> None:
    kept.branch.books.by_wallet[kept.wallet] = Terms(customer="aru", active=False)
    old = kept.custody.public_key(kept.wallet)
    assert kept.orders.rekey(kept.wallet, customer="aru").state is PaymentState.REFUSED
    assert kept.custody.public_key(kept.wallet) == old
    assert kept.custody.to_come() == []


def test_an_answer_that_comes_late(branch: Branch) -> None:
    line = Silent(branch.country.core, "altyn-bank")
    branch.desk.delivery._core = line
    kept = Kept(branch)
    old = kept.custody.public_key(kept.wallet)
    line.is_deaf = True
    assert kept.orders.rekey(kept.wallet, customer="aru").state is PaymentState.SENT
    assert kept.orders.tend() == 0
    assert kept.custody.public_key(kept.wallet) == old
    line.is_deaf = False
    branch.country.clock.advance_us(FIRST_LOOK_US)
    branch.desk.tend()
    assert kept.orders.tend() == 1
    assert kept.custody.public_key(kept.wallet) != old
    assert kept.pay(branch.customer("bek"), 5) == "accepted"


def test_a_wish_may_end_before_its_time(kept: Kept, branch: Branch) -> None:
    bek = branch.customer("bek")
    over = branch.country.clock.now_us() - 1
    wish = Wish(key="x", wallet=kept.wallet, to=bek.wallet, asset=ASSET, amount=1, until_us=over)
    assert kept.orders.pay(wish, customer="aru").result(10).verdict.code == "expired"
    assert branch.country.balance(bek) == 0


def test_an_opening_has_one_text(kept: Kept, branch: Branch) -> None:
    document = Open(
        id=branch.country.order_id(),
        wallet=str(format_wallet_id(branch.country.randomness.draw(16))),
        until_us=0,
        bank=branch.signer.bank,
        key="",
        assets=(ASSET,),
        owner_kind="person",
        tier="full",
    )
    first = kept.orders.opening(document)
    branch.country.clock.advance_us(5 * MINUTE_US)
    assert kept.orders.opening(document) == first


def test_a_key_handed_over_signs_no_more(kept: Kept, branch: Branch) -> None:
    own = format_jwk(PrivateKey(Algorithm.ED25519, bytes([7]) * 32).public_key).decode()
    answer = kept.orders.hand_over(kept.wallet, own, customer="aru")
    assert answer.verdict.accepted
    with pytest.raises(NotInCustody):
        kept.custody.public_key(kept.wallet)
    with pytest.raises(NotInCustody):
        kept.custody.drawn_us(kept.wallet)
