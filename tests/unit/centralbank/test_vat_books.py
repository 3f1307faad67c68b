# SPDX-License-Identifier: Apache-2.0
"""At a core's door: VAT is split and marked, once however many ask at once; the inspector sees."""

import pytest

from kerege.centralbank import order_log
from kerege.centralbank.vat_books import VatBooks
from kerege.ledger import UNMARKED, Mark
from kerege.payments.documents import Refund
from tests.doors import ANSWER_S, Door
from tests.registers import Wallet
from tests.trading import Trade


@pytest.fixture
def trade(door: Door) -> Trade:
    return Trade(door)


def _books(trade: Trade) -> VatBooks:
    country = trade.country
    return VatBooks(country.ledger._store, country.ledger, country.register)


def _has(trade: Trade, wallet: Wallet) -> tuple[int, int]:
    """Plain and VAT money."""
    cells = trade.country.ledger.cells(trade.door.account(wallet))
    (mark,) = trade.country.register.programmes()
    vat = cells.get(Mark(mark))
    return cells[UNMARKED].balance, 0 if vat is None else vat.balance


def test_an_invoice_is_paid_and_refunded_at_the_door(trade: Trade) -> None:
    bill = trade.invoice(trade.mill, trade.baker, 100_00)
    pay = trade.pay(trade.baker, bill, 58_00)
    assert _has(trade, trade.mill) == (1_050_00, 8_00)
    trade.must(trade.mill, Refund(**trade.frame(trade.mill), order=pay.id, amount=29_00))
    assert _has(trade, trade.mill) == (1_025_00, 4_00)
    trade.pay(trade.baker, bill, 87_00)
    assert _has(trade, trade.mill) == (1_100_00, 16_00)
    assert trade.send(trade.baker, trade.payment(trade.baker, bill, 1)).code == (
        "invoice_already_paid"
    )


def test_many_parts_at_once_come_to_exactly_the_vat(trade: Trade) -> None:
    """One batch of payments, planned from the same state: what overtakes is planned again."""
    bill = trade.invoice(trade.mill, trade.baker, 1_003)
    parts = [3, 7, 11, 500, 600, 30, 1, 163, 99]
    texts = [
        trade.country.sign(trade.payment(trade.baker, bill, part), trade.baker.key)
        for part in parts
    ]
    submitted = trade.door.acceptance.submit_all(trade.door.altyn.name, texts)
    verdicts = submitted.result(ANSWER_S)
    paid = sum(part for part, one in zip(parts, verdicts, strict=True) if one.accepted)
    refused = {one.code for one in verdicts if not one.accepted}
    assert refused == {"invoice_already_paid"}
    trade.pay(trade.baker, bill, bill.total - paid)
    assert _has(trade, trade.mill) == (1_000_00 + 1_003, 160)


def test_a_double_payment_in_one_batch_pays_once(trade: Trade) -> None:
    bill = trade.invoice(trade.mill, trade.baker, 100_00)
    texts = [
        trade.country.sign(trade.payment(trade.baker, bill, bill.total), trade.baker.key)
        for _ in range(3)
    ]
    verdicts = trade.door.acceptance.submit_all(trade.door.altyn.name, texts).result(ANSWER_S)
    assert sorted(one.code for one in verdicts) == [
        "accepted",
        "invoice_already_paid",
        "invoice_already_paid",
    ]
    assert _has(trade, trade.mill) == (1_100_00, 16_00)


def test_the_inspector_sees_trade_patterns_and_claims(trade: Trade) -> None:
    good = trade.invoice(trade.mill, trade.baker, 100_00)
    bad = trade.invoice(trade.ghost, trade.baker, 50_00)
    for bill in (good, bad):
        trade.pay(trade.baker, bill, bill.total)
    declared = trade.declare(trade.mill, (good,), ())
    trade.remit(trade.mill, declared, 16_00)
    claim = trade.claim(trade.baker, trade.declare(trade.baker, (), (good, bad)), good, bad)
    graph = _books(trade).graph("digital-vat")
    assert graph is not None
    assert {(edge.supplier, edge.buyer, edge.vat) for edge in graph.edges} == {
        (trade.mill.id, trade.baker.id, 16_00),
        (trade.ghost.id, trade.baker.id, 8_00),
    }
    assert [(one.kind, one.firms, one.vat) for one in graph.patterns] == [
        ("missing-trader", (trade.ghost.id,), 8_00)
    ]
    found = _books(trade).claims("digital-vat")
    assert found is not None
    (waiting,) = found.claims
    assert (waiting.wallet, waiting.amount, waiting.suggested.claim) == (
        trade.baker.id,
        24_00,
        claim.id,
    )
    assert [(line.invoice, line.reason) for line in waiting.suggested.refused] == [
        (bad.id, "supplier-not-declared")
    ]
    before = _has(trade, trade.baker)[0]
    trade.answer(waiting.suggested)
    assert _has(trade, trade.baker)[0] == before + 16_00
    left = _books(trade).claims("digital-vat")
    assert left is not None
    assert left.claims == ()


def test_what_is_not_of_vat_has_no_books(trade: Trade) -> None:
    assert _books(trade).graph("other") is None
    assert _books(trade).claims("other") is None


def test_an_endless_ledger_is_cut_off(trade: Trade, monkeypatch: pytest.MonkeyPatch) -> None:
    trade.invoice(trade.mill, trade.baker, 100_00)
    monkeypatch.setattr(order_log, "MAX_ORDERS_SEEN", 1)
    graph = _books(trade).graph("digital-vat")
    assert graph is not None
    assert not graph.is_complete
