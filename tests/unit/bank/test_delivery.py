# SPDX-License-Identifier: Apache-2.0
"""Orders are seen through whatever broke: the steps by themselves. The whole is simulated."""

from collections.abc import Iterator

import pytest

from kerege.bank import delivery as module
from kerege.bank.answer import PaymentState
from kerege.bank.delivery import FIRST_LOOK_US, Delivery
from kerege.bank.finality import IN_FLIGHT_US
from kerege.bank.funding import FUNDING_LIVES_US
from kerege.bank.outgoing_store import Kept
from kerege.errors import InvariantViolation
from kerege.keys import Algorithm, PrivateKey, format_jwk
from kerege.ledger import Status, parse_order_id
from kerege.payments.documents import Rekey
from kerege.payments.verdict import Verdict
from tests.two_tiers import ASSET, MINUTE_US, Branch, Country, Signer
from tests.unreliable import Silent


@pytest.fixture
def line(country: Country) -> Silent:
    return Silent(country.core, "altyn-bank")


@pytest.fixture
def there(country: Country, line: Silent, tmp_path: object) -> Iterator[Branch]:
    signer = country.bank("altyn-bank", issued=2_000_000)
    branch = Branch(country, signer, tmp_path / "bank", line=line)  # type: ignore[operator]
    yield branch
    branch.close()


@pytest.fixture
def aru(there: Branch) -> Signer:
    return there.customer("aru", deposit=1_000)


def kept(branch: Branch, order: str) -> Kept:
    found = branch.desk.outgoing.find(order)
    assert found is not None
    return found


def test_a_lost_answer_is_asked_for_again(there: Branch, aru: Signer, line: Silent) -> None:
    line.is_deaf = True
    answer = there.fund(aru, 300)
    assert answer.state is PaymentState.SENT
    assert (there.deposit("aru").balance, there.deposit("aru").held) == (1_000, 300)
    line.is_deaf = False
    assert there.desk.tend() == 0
    there.country.clock.advance_us(FIRST_LOOK_US)
    assert there.desk.tend() == 1
    assert there.desk.tend() == 0
    assert (there.deposit("aru").balance, there.deposit("aru").held) == (700, 0)
    assert there.country.balance(aru) == 300
    (told,) = [notice for notice in there.heard.notices if notice.kind == "decided"]
    assert (told.order, told.code, told.document) == (answer.verdict.order, "accepted", "funding")


def test_what_never_arrived_comes_back(there: Branch, aru: Signer, line: Silent) -> None:
    line.is_silent = True
    order = there.fund(aru, 300).verdict.order
    there.country.clock.advance_us(FUNDING_LIVES_US + 1)
    assert there.desk.recover() == 1
    assert kept(there, order).answer is None
    line.is_silent = False
    there.desk.recover()
    found = kept(there, order)
    assert found.answer is not None
    assert found.answer.verdict.code == "expired"
    assert (there.deposit("aru").balance, there.deposit("aru").held) == (1_000, 0)


def test_what_is_refused_at_the_door_may_still_be_under_way(
    there: Branch, aru: Signer, line: Silent
) -> None:
    """The first copy is late; the second is refused; then the first arrives."""
    clock, core = there.country.clock, there.country.core
    line.is_silent = True
    order = there.fund(aru, 300).verdict.order
    line.is_silent = False
    late = kept(there, order).sending.text
    core.suspend("altyn-bank")
    clock.advance_us(FIRST_LOOK_US)
    assert there.desk.tend() == 1
    assert kept(there, order).answer is None
    core.suspend("altyn-bank", suspended=False)
    assert there.country.send(there.signer, late).accepted
    there.desk.recover()
    assert kept(there, order).answer is not None
    assert there.deposit("aru").balance == 700


def test_a_refusal_at_the_door_is_final_once_nothing_can_be_under_way(
    there: Branch, aru: Signer, line: Silent
) -> None:
    line.is_silent = True
    order = there.fund(aru, 300).verdict.order
    line.is_silent = False
    there.country.core.suspend("altyn-bank")
    there.country.clock.advance_us(IN_FLIGHT_US)
    there.desk.recover()
    found = kept(there, order)
    assert found.answer is not None
    assert found.answer.verdict.code == "participant_suspended"
    assert there.deposit("aru").available == 1_000


def test_a_refused_repeat_of_what_was_accepted(there: Branch, aru: Signer, line: Silent) -> None:
    """The answer was lost, and the key replaced since: the repeat is refused, the first stands."""
    bek = there.customer("bek")
    there.fund(aru, 300)
    line.is_deaf = True
    text = aru.pay(bek.wallet, 200)
    order = there.submit(aru, text).verdict.order
    line.is_deaf = False
    key = PrivateKey.generate(Algorithm.ED25519)
    rekey = Rekey(
        id=there.country.order_id(),
        wallet=aru.wallet,
        until_us=there.country.clock.now_us() + MINUTE_US,
        key=format_jwk(key.public_key).decode(),
    )
    assert there.country.send(aru, aru.sign(rekey)).accepted
    there.country.clock.advance_us(IN_FLIGHT_US)
    line.is_silent = True
    there.desk.recover()
    line.is_silent = False
    there.country.clock.advance_us(IN_FLIGHT_US)
    there.desk.recover()
    found = kept(there, order)
    assert found.answer is not None
    assert found.answer.state is PaymentState.ACCEPTED


def test_money_of_a_deposit_frozen_meanwhile(there: Branch, aru: Signer, line: Silent) -> None:
    line.is_deaf = True
    there.fund(aru, 300)
    line.is_deaf = False
    freeze = parse_order_id("ord_" + "0" * 31 + "1")
    there.desk.deposits.set_status(freeze, "aru", ASSET, Status.DEBITS_FROZEN)
    there.desk.recover()
    assert (there.deposit("aru").balance, there.deposit("aru").held) == (700, 0)
    there.desk.recover()
    assert there.fund(aru, 1, key="frozen").state is PaymentState.REFUSED


def test_open_rows_are_taken_in_pages(
    there: Branch, aru: Signer, line: Silent, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_AT_ONCE", 2)
    monkeypatch.setattr(module, "MAX_SUBMITTED", 3)
    line.is_silent = True
    for number in range(7):
        there.fund(aru, 10, key=str(number))
    line.is_silent = False
    assert there.desk.recover() == 7
    assert there.desk.recover() == 0
    assert there.country.balance(aru) == 70


def test_submissions_keep_to_the_cores_limits(
    there: Branch, aru: Signer, line: Silent, monkeypatch: pytest.MonkeyPatch
) -> None:
    bek = there.customer("bek")
    there.fund(aru, 900)
    texts = [aru.pay(bek.wallet, 1) for _ in range(5)]
    monkeypatch.setattr(module, "MAX_SUBMITTED_BYTES", 2 * len(texts[0]) + 50)
    del line.heard[:]
    for future in there.desk.outgoing.submit_all([(text, "aru") for text in texts]):
        assert future.result(10).state is PaymentState.ACCEPTED
    assert [len(heard) for heard in line.heard] == [2, 2, 1]


def test_a_core_that_answers_for_others_is_a_fault(
    there: Branch, aru: Signer, line: Silent, monkeypatch: pytest.MonkeyPatch
) -> None:
    def too_few(_: object) -> list[Verdict]:
        return []

    monkeypatch.setattr(line, "submit", too_few)
    with pytest.raises(InvariantViolation):
        there.fund(aru, 300)


def test_payments_are_listed(there: Branch, aru: Signer) -> None:
    delivery: Delivery = there.desk.delivery
    orders = []
    for number in range(3):
        there.country.clock.advance_us(1)
        orders.append(there.fund(aru, 10, key=str(number)).verdict.order)
    page = delivery.page(aru.wallet, limit=2)
    assert [found.sending.id for found in page] == orders[:0:-1]
    last = page[-1].sending
    (rest,) = delivery.page(aru.wallet, before=(last.made_us, last.id))
    assert rest.sending.id == orders[0]
