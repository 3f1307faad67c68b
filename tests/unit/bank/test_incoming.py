# SPDX-License-Identifier: Apache-2.0
"""Core events come in once, whatever is read how often."""

from kerege.bank.answer import PaymentState
from kerege.bank.own_wallet import defunding_details
from kerege.ledger import Status, parse_order_id
from kerege.payments.events import Page
from tests.two_tiers import ASSET, CEILINGS, Branch, Signer

FREEZE = parse_order_id("ord_" + "0" * 31 + "1")


def overflowing(branch: Branch) -> tuple[Signer, Signer]:
    """Somebody with much, and somebody whose wallet cannot hold all of it."""
    aru = branch.customer("aru", deposit=200_000)
    bek = branch.customer("bek", opening={"tier": "phone", "overflow": True})
    branch.fund(aru, 100_000)
    return aru, bek


def test_the_rest_of_a_payment_reaches_the_deposit(branch: Branch) -> None:
    aru, bek = overflowing(branch)
    before = branch.position() + branch.country.balance(branch.signer)
    assert branch.submit(aru, aru.pay(bek.wallet, 80_000)).state is PaymentState.ACCEPTED
    branch.read_events()
    full = CEILINGS["phone"]
    assert (branch.country.balance(bek), branch.deposit("bek").balance) == (full, 80_000 - full)
    assert branch.position() + branch.country.balance(branch.signer) == before


def test_events_read_again_credit_nothing(branch: Branch) -> None:
    aru, bek = overflowing(branch)
    branch.submit(aru, aru.pay(bek.wallet, 80_000))
    branch.read_events()
    page = branch.country.line("altyn-bank").events(-1, limit=100)
    told = len(branch.heard.notices)
    branch.desk.incoming.take(Page(page.events[::-1], page.next), before=-1)
    assert branch.deposit("bek").balance == 30_000
    assert len(branch.heard.notices) == told
    assert branch.desk.incoming.cursor == page.next


def test_defunding(branch: Branch) -> None:
    aru, _ = overflowing(branch)
    bank = branch.signer.wallet
    text = aru.pay(bank, 60_000, details=defunding_details(aru.wallet))
    assert branch.submit(aru, text).state is PaymentState.ACCEPTED
    assert branch.submit(aru, aru.pay(bank, 10_000)).state is PaymentState.ACCEPTED
    branch.read_events()
    assert branch.deposit("aru").balance == 160_000
    kinds = [(n.kind, n.change) for n in branch.heard.notices if n.kind == "deposited"]
    assert kinds == [("deposited", 60_000)]


def test_a_frozen_deposit_leaves_it_in_suspense(branch: Branch) -> None:
    aru, bek = overflowing(branch)
    deposits = branch.desk.deposits
    deposits.set_status(FREEZE, "bek", ASSET, Status.CREDITS_FROZEN)
    branch.submit(aru, aru.pay(bek.wallet, 80_000))
    branch.read_events()
    assert branch.deposit("bek").balance == 0
    assert deposits.balance_of(deposits.suspense(ASSET)) == 30_000
    # Released and read again: it is credited no second time.
    release = parse_order_id("ord_" + "0" * 31 + "2")
    deposits.set_status(release, "bek", ASSET, Status.OPEN)
    page = branch.country.line("altyn-bank").events(-1, limit=100)
    branch.desk.incoming.take(page, before=-1)
    assert (branch.deposit("bek").balance, deposits.balance_of(deposits.suspense(ASSET))) == (
        0,
        30_000,
    )


def test_whose_it_is_may_be_unknown_and_become_known(branch: Branch) -> None:
    aru, bek = overflowing(branch)
    deposits = branch.desk.deposits
    terms = branch.books.by_wallet.pop(bek.wallet)
    branch.submit(aru, aru.pay(bek.wallet, 80_000))
    branch.read_events()
    branch.books.by_wallet[bek.wallet] = terms
    page = branch.country.line("altyn-bank").events(-1, limit=100)
    branch.desk.incoming.take(page, before=-1)
    assert deposits.deposits_of("bek") in ([], [type(deposits.deposits_of("aru")[0])(ASSET, 0)])
    assert deposits.balance_of(deposits.suspense(ASSET)) == 30_000


def test_both_sides_are_told(branch: Branch) -> None:
    aru, bek = overflowing(branch)
    branch.read_events()
    del branch.heard.notices[:]
    text = aru.pay(bek.wallet, 500)
    order = branch.submit(aru, text).verdict.order
    branch.read_events()
    told = {(n.wallet, n.change, n.counterparty) for n in branch.heard.notices if n.order == order}
    assert told == {
        (aru.wallet, -500, branch.signer.wallet),
        (bek.wallet, 500, branch.signer.wallet),
    }


def test_a_quiet_page_moves_nothing(branch: Branch) -> None:
    branch.read_events()
    cursor = branch.desk.incoming.cursor
    assert branch.desk.incoming.read() == 0
    assert branch.desk.incoming.cursor == cursor
