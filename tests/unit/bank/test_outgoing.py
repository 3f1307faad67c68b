# SPDX-License-Identifier: Apache-2.0
"""Customers' orders: who may send what, repeats, many at once."""

from concurrent.futures import wait
from pathlib import Path
from typing import Any

import pytest

from kerege.bank.answer import PaymentState
from kerege.bank.batching import Batching
from kerege.bank.delivery import FIRST_LOOK_US
from kerege.bank.outgoing import Outgoing
from kerege.bank.refusal import BankRefusal
from kerege.bank.terms import Terms
from kerege.bank.tiers import Limits
from kerege.keys import (
    Algorithm,
    PrivateKey,
    decode_base64url,
    format_jwk,
    key_thumbprint,
    sign_compact,
)
from kerege.ledger import Overloaded, StoreFailed
from kerege.payments.documents import ORDER_TYP, Capture, Hold, Rekey, Release
from tests.two_tiers import ASSET, MINUTE_US, Branch, Signer
from tests.unreliable import Silent


@pytest.fixture
def aru(branch: Branch) -> Signer:
    aru = branch.customer("aru", deposit=100_000, tier={ASSET: Limits(day=10_000)})
    branch.fund(aru, 50_000)
    return aru


@pytest.fixture
def bek(branch: Branch) -> Signer:
    return branch.customer("bek")


def test_a_payment(branch: Branch, aru: Signer, bek: Signer) -> None:
    answer = branch.submit(aru, aru.pay(bek.wallet, 700))
    assert (answer.state, answer.verdict.amounts) == (PaymentState.ACCEPTED, (700,))
    kept = branch.desk.outgoing.find(answer.verdict.order)
    assert kept is not None
    assert (kept.sending.amount, kept.sending.kind) == (700, "pay")


def test_a_repeat_gets_the_first_answer(branch: Branch, aru: Signer, bek: Signer) -> None:
    text = aru.pay(bek.wallet, 700)
    first = branch.submit(aru, text)
    branch.country.clock.advance_us(2 * MINUTE_US)
    again = branch.submit(aru, text)
    assert again.verdict.amounts == first.verdict.amounts
    assert branch.country.balance(bek) == 700
    assert branch.desk.limits.used_of("aru", ASSET) == {"day": 700}


def test_one_id_is_one_order(branch: Branch, aru: Signer, bek: Signer) -> None:
    order = branch.country.order_id()
    assert branch.submit(aru, aru.pay(bek.wallet, 7, order=order)).state is PaymentState.ACCEPTED
    other = branch.submit(aru, aru.pay(bek.wallet, 8, order=order))
    assert other.verdict.code == BankRefusal.ID_TAKEN


def test_two_of_one_id_at_once(branch: Branch, aru: Signer, bek: Signer) -> None:
    order = branch.country.order_id()
    same, other = aru.pay(bek.wallet, 7, order=order), aru.pay(bek.wallet, 8, order=order)
    futures = branch.desk.outgoing.submit_all([(same, "aru"), (same, "aru"), (other, "aru")])
    codes = [future.result(10).verdict.code for future in futures]
    assert codes == ["accepted", "accepted", BankRefusal.ID_TAKEN]
    assert branch.country.balance(bek) == 7


def test_a_signature_made_anew_is_the_same_order(branch: Branch, bek: Signer) -> None:
    branch.country.clock.advance_us(1)
    key = PrivateKey.generate(Algorithm.ES256)
    aru = branch.customer("es256", deposit=500)
    rekey = Rekey(
        id=branch.country.order_id(),
        wallet=aru.wallet,
        until_us=branch.country.clock.now_us() + MINUTE_US,
        key=format_jwk(key.public_key).decode(),
    )
    assert branch.submit(aru, aru.sign(rekey)).state is PaymentState.ACCEPTED
    aru.key = key
    branch.fund(aru, 500)
    text = aru.pay(bek.wallet, 100)
    payload = text.split(b".")[1]
    anew = sign_compact(
        decode_base64url(payload), key, kid=key_thumbprint(key.public_key), typ=ORDER_TYP
    )
    assert branch.submit(aru, text).state is PaymentState.ACCEPTED
    assert branch.submit(aru, anew).state is PaymentState.ACCEPTED
    assert branch.country.balance(bek) == 100


def test_who_may_send(branch: Branch, aru: Signer, bek: Signer) -> None:
    outgoing = branch.desk.outgoing
    text = aru.pay(bek.wallet, 7)

    def code(text: bytes, customer: str) -> str:
        return outgoing.submit(text, customer=customer).result(10).verdict.code

    assert code(text, "bek") == BankRefusal.WALLET_NOT_YOURS
    stranger = branch.country.person("altyn-bank")
    assert code(stranger.pay(bek.wallet, 7), "aru") == BankRefusal.WALLET_NOT_YOURS
    terms = branch.books.by_wallet[aru.wallet]
    branch.books.by_wallet[aru.wallet] = Terms(customer="aru", active=False)
    assert code(text, "aru") == BankRefusal.CUSTOMER_NOT_ACTIVE
    branch.books.by_wallet[aru.wallet] = terms
    # None of these refusals was held against the order.
    assert code(text, "aru") == "accepted"


@pytest.mark.parametrize("text", [b"", b"nonsense", b"a.b.c", b"e30.e30.e30", b"\xff" * 70_000])
def test_what_cannot_be_read(branch: Branch, text: bytes) -> None:
    answer = branch.desk.outgoing.submit(text, customer="aru").result(10)
    assert answer.verdict.code == BankRefusal.TEXT_UNREADABLE
    assert answer.verdict.note


def test_a_forged_signature_is_the_cores_to_refuse(
    branch: Branch, aru: Signer, bek: Signer
) -> None:
    forger = Signer(branch.country, "altyn-bank", aru.wallet, bek.key)
    answer = branch.submit(aru, forger.pay(bek.wallet, 7))
    assert answer.state is PaymentState.REFUSED
    assert branch.desk.limits.used_of("aru", ASSET) == {"day": 0}


def test_an_opening_has_a_door_of_its_own(branch: Branch) -> None:
    text = branch.country.signer("altyn-bank").open()
    answer = branch.desk.outgoing.submit(text, customer="aru").result(10)
    assert answer.verdict.code == BankRefusal.NOT_FOR_CUSTOMERS


def test_the_life_of_a_hold(branch: Branch, aru: Signer, bek: Signer) -> None:
    signed: dict[str, Any] = {"until_us": branch.country.clock.now_us() + MINUTE_US}

    def hold() -> str:
        order = branch.country.order_id()
        document = Hold(
            id=order,
            wallet=aru.wallet,
            asset=ASSET,
            to=bek.wallet,
            amount=4_000,
            seconds=600,
            **signed,
        )
        assert branch.submit(aru, aru.sign(document)).state is PaymentState.ACCEPTED
        return order

    first, second = hold(), hold()
    capture = Capture(
        id=branch.country.order_id(), wallet=bek.wallet, holds=(first,), amount=3_000, **signed
    )
    assert branch.submit(bek, bek.sign(capture)).state is PaymentState.ACCEPTED
    release = Release(id=branch.country.order_id(), wallet=bek.wallet, holds=(second,), **signed)
    assert branch.submit(bek, bek.sign(release)).state is PaymentState.ACCEPTED
    assert branch.country.balance(bek) == 3_000
    # What was reserved for somebody counts as spent.
    assert branch.desk.limits.used_of("aru", ASSET) == {"day": 8_000}


def test_hundreds_at_once(branch: Branch, aru: Signer, bek: Signer) -> None:
    texts = [(aru.pay(bek.wallet, 40), "aru") for _ in range(300)]
    futures = branch.desk.outgoing.submit_all(texts)
    wait(futures, 30)
    codes = [future.result().verdict.code for future in futures]
    assert codes.count("accepted") == 250
    assert codes.count(BankRefusal.LIMIT_DAY) == 50
    assert branch.country.balance(bek) == 10_000


def test_a_silent_core_leaves_orders_on_their_way(tmp_path: Path, branch: Branch) -> None:
    country = branch.country
    line = Silent(country.core, "altyn-bank")
    branch.close()
    branch = Branch(country, branch.signer, branch.folder, line=line, books=branch.books)
    aru, bek = branch.customer("cem", deposit=500), branch.customer("dana")
    branch.fund(aru, 500)
    line.is_silent = True
    text = aru.pay(bek.wallet, 100, until_us=country.clock.now_us() + 60 * MINUTE_US)
    order = branch.submit(aru, text).verdict.order
    assert branch.submit(aru, text).state is PaymentState.SENT
    country.clock.advance_us(FIRST_LOOK_US)
    assert branch.submit(aru, text).state is PaymentState.SENT
    line.is_silent = False
    country.clock.advance_us(2 * FIRST_LOOK_US)
    assert branch.submit(aru, text).state is PaymentState.ACCEPTED
    kept = branch.desk.outgoing.find(order)
    assert kept is not None
    assert kept.sending.tries == 3
    branch.tables.engine.dispose()
    branch.close()


def test_failures_reach_whoever_waits(
    branch: Branch, aru: Signer, bek: Signer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: object) -> None:
        raise StoreFailed("the disk is full")

    text = aru.pay(bek.wallet, 7)
    with monkeypatch.context() as patched:
        patched.setattr(branch.desk.delivery, "keep", fail)
        with pytest.raises(StoreFailed):
            branch.submit(aru, text)
    assert branch.submit(aru, text).state is PaymentState.ACCEPTED


def test_too_many_waiting_is_said(
    branch: Branch, aru: Signer, bek: Signer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise Overloaded("65536 orders are waiting already")

    text = aru.pay(bek.wallet, 7)
    with monkeypatch.context() as patched:
        patched.setattr(Batching, "submit_all", full)
        with pytest.raises(Overloaded):
            branch.desk.outgoing.submit(text, customer="aru")
    assert branch.submit(aru, text).state is PaymentState.ACCEPTED


def test_a_closed_way_out(branch: Branch, aru: Signer, bek: Signer) -> None:
    outgoing: Outgoing = branch.desk.outgoing
    outgoing.close()
    with pytest.raises(StoreFailed):
        outgoing.submit(aru.pay(bek.wallet, 7), customer="aru")
