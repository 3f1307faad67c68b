# SPDX-License-Identifier: Apache-2.0
"""What a wallet's owner can do with it, against the bank in memory."""

from pathlib import Path

import pytest

from kerege.keys import parse_compact
from kerege.money import ISO4217, Amount
from kerege.payments import Leg, decode_document, decode_request
from kerege.wallet import PayeeUnknown, Wallet, WalletFileError, shares_of
from kerege.wallet.wire import Payee
from tests.logs import TRUST
from tests.wallets import Pocket


@pytest.fixture
def pocket(tmp_path: Path) -> Pocket:
    return Pocket(tmp_path)


@pytest.fixture
def wallet(pocket: Pocket) -> Wallet:
    return pocket.wallet()


def test_paying_an_alias(pocket: Pocket, wallet: Wallet) -> None:
    shop = pocket.bank.make_wallet(alias="@bakery")
    assert wallet.pay("@bakery", 450_00, asset="KZT").verdict.accepted
    assert pocket.bank.balance(shop) == 450_00
    [balance] = wallet.state().balances
    assert balance.available == 550_00


def test_nobody_is_paid_under_an_unknown_name(wallet: Wallet) -> None:
    with pytest.raises(PayeeUnknown):
        wallet.pay("@nobody", 1, asset="KZT")


def test_a_request_says_its_amount(pocket: Pocket, wallet: Wallet) -> None:
    shop = pocket.wallet("shop", money=0)
    asked = shop.request(450_00, asset="KZT", note="two loaves")
    assert decode_request(parse_compact(asked.request.encode()).payload).amount == 450_00
    assert wallet.pay(asked.qr, asset="KZT").verdict.accepted
    assert pocket.bank.balance(shop.id) == 450_00
    [sent] = [each for each in pocket.purse.store.latest(wallet.id, 9) if each.kind == "pay"]
    document = decode_document(parse_compact(sent.order.text).payload)
    assert document.request == asked.request  # type: ignore[union-attr]


def test_paying_several_is_all_or_nothing(pocket: Pocket, wallet: Wallet) -> None:
    first, second = pocket.bank.make_wallet(), pocket.bank.make_wallet()
    legs = [Leg(to=first, amount=900_00), Leg(to=second, amount=200_00)]
    assert wallet.pay_all(legs, asset="KZT").verdict.code == "exceeds_balance"
    assert pocket.bank.balance(first) == 0


def test_trying_out_changes_nothing(pocket: Pocket, wallet: Wallet) -> None:
    shop = pocket.bank.make_wallet()
    before = len(pocket.purse.store.latest(wallet.id, 100))
    draft = wallet.draft_payment(shop, 2_000_00, asset="KZT")
    assert wallet.try_out(draft).verdict.code == "exceeds_balance"
    assert wallet.try_out(wallet.draft_payment(shop, 5, asset="KZT")).verdict.accepted
    assert pocket.bank.balance(shop) == 0
    assert len(pocket.purse.store.latest(wallet.id, 100)) == before


def test_every_kind_of_order_is_signed_and_answered(pocket: Pocket, wallet: Wallet) -> None:
    """The twin does payments only, and refuses the rest by name: they all arrived."""
    shop, order = pocket.bank.make_wallet(), f"ord_{'0' * 32}"
    answers = [
        wallet.hold(shop, 5, asset="KZT", seconds=60),
        wallet.capture([order], 5),
        wallet.release([order]),
        wallet.refund(order, 5),
        wallet.mandate(shop, asset="KZT", each=5, total=10),
        wallet.pull(order, 5),
        wallet.cancel_mandate(order),
    ]
    assert {answer.verdict.code for answer in answers} == {"not_allowed_for_kind"}
    kinds = {each.kind for each in pocket.purse.store.latest(wallet.id, 20)}
    assert kinds >= {"hold", "capture", "release", "refund", "mandate", "pull", "cancel-mandate"}


def test_opening_that_was_cut_off_is_brought_to_its_end(pocket: Pocket) -> None:
    wallet = pocket.purse.create("tea", bank="http://bank.example")
    pocket.bank.lose_answers = 1000
    terms = {"bank": "altyn-bank", "assets": ["KZT"], "owner_kind": "person", "tier": "basic"}
    with pytest.raises(Exception, match="not answered yet"):
        wallet.open(**terms)  # type: ignore[arg-type]
    pocket.bank.lose_answers = 0
    assert wallet.open(**terms).verdict.accepted  # type: ignore[arg-type]
    assert [each.opened for each in pocket.purse.names()] == [True]


def test_the_statement_comes_newest_first_in_pages(pocket: Pocket, wallet: Wallet) -> None:
    shop = pocket.bank.make_wallet()
    for amount in (1, 2, 3):
        wallet.pay(shop, amount, asset="KZT")
    page = wallet.statement(limit=2)
    assert [line.change for line in page.lines] == [-3, -2]
    rest = wallet.statement(before=page.next, limit=2)
    assert [line.change for line in rest.lines] == [-1]
    assert rest.next == 0


def test_there_is_no_receipt_for_what_was_not_accepted(wallet: Wallet) -> None:
    with pytest.raises(WalletFileError, match="no accepted order"):
        wallet.receipt(f"ord_{'0' * 32}", TRUST)


def test_moving_names_the_new_bank(wallet: Wallet) -> None:
    document = decode_document(parse_compact(wallet.move_to("post")).payload)
    assert document.bank == "post"  # type: ignore[union-attr]


def test_a_split_bill_is_the_bill() -> None:
    bill = Amount(1_000, ISO4217.by_code("KZT"))
    shares = shares_of(bill, 3)
    assert [share.minor for share in shares] == [334, 333, 333]


def test_a_dry_run_refuses_what_paying_refuses(pocket: Pocket) -> None:
    wallet = pocket.wallet()
    shop = Payee(wallet=pocket.bank.make_wallet(), amount=5_00)
    assert wallet.draft_payment(shop, 0, asset="KZT").legs[0].amount == 5_00
    for attempt in (wallet.draft_payment, wallet.pay):
        with pytest.raises(PayeeUnknown, match="asks for 500"):
            attempt(shop, 6_00, asset="KZT")
