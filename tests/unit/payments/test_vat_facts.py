# SPDX-License-Identifier: Apache-2.0
"""The inspector's book says what happened; claims are answered from it."""

from kerege.ledger.ids import AccountId
from kerege.payments.vat_facts import answer_claim, book_of
from kerege.programmes.vat_book import VatBook
from kerege.programmes.vat_patterns import find_patterns
from tests.towns import Town
from tests.vat_towns import STANDARD, VatTown


def _book(town: Town, vat: VatTown) -> VatBook:
    accounts = {wallet.accounts["KZT"]: wallet.id for wallet in town.scene.wallets.values()}

    def wallet_of(account: AccountId) -> str:
        return accounts.get(account, "")

    return book_of(
        town.scene.orders.values(),
        marks=[vat.mark],
        wallet_of=wallet_of,
        facts_of=town.scene.wallets.get,
    )


def test_the_book_says_what_was_paid_declared_and_owed(town: Town) -> None:
    vat = VatTown(town)
    mill, baker = vat.firm(), vat.firm(1_000)
    invoice = vat.invoice(mill, 100, buyer=baker)
    pay = vat.pay(baker, invoice, 116)
    town.must(pay)
    town.must(vat.refund(pay, 58))
    town.must(vat.credit(invoice, (25, STANDARD)))
    declaration = vat.declaration(mill, issued=(invoice,))
    town.must(declaration)
    town.must(town.pay(mill, vat.authority, 8, about=declaration.id))
    book = _book(town, vat)
    found = book.invoices[invoice.id]
    assert (found.net, found.vat, found.vat_paid) == (75, 12, 8)
    assert (found.declared, found.deducted) == (declaration.id, "")
    assert (book.firm(mill).owes, book.firm(mill).remitted) == (8, 8)
    assert book.firm(mill).is_active


def test_an_honest_exporter_is_paid_and_a_ghosts_customer_is_not(town: Town) -> None:
    vat = VatTown(town)
    mill, ghost, exporter = vat.firm(), vat.firm(), vat.firm(1_000)
    good, bad = (vat.invoice(one, 100, buyer=exporter) for one in (mill, ghost))
    for invoice in (good, bad):
        town.must(vat.pay(exporter, invoice, 116))
    declared = vat.declaration(mill, issued=(good,))
    town.must(declared)
    town.must(town.pay(mill, vat.authority, 16, about=declared.id))
    declaration = vat.declaration(exporter, received=(good, bad))
    town.must(declaration)
    claim = vat.claim(declaration, (good, 16), (bad, 16))
    town.must(claim)
    book = _book(town, vat)
    answer = answer_claim(claim, book)
    assert answer.amount == 16
    assert [(line.invoice, line.reason) for line in answer.refused] == [
        (bad.id, "supplier-not-declared")
    ]
    town.must(vat.run((claim, answer.amount, tuple(line.invoice for line in answer.refused))))
    assert [one.firms for one in find_patterns(book)] == [(ghost,)]


def test_a_carousel_is_refused_and_seen(town: Town) -> None:
    """Three firms sell each other the same goods round, and each deducts what the next declares."""
    vat = VatTown(town)
    firms = [vat.firm(5_000) for _ in range(3)]
    invoices = [
        vat.invoice(firms[n], 1_000, buyer=firms[(n + 1) % 3], number=f"C-{n}") for n in range(3)
    ]
    for n, invoice in enumerate(invoices):
        town.must(vat.pay(firms[(n + 1) % 3], invoice, invoice.total))
    for n in (0, 1):
        town.must(vat.declaration(firms[n], (invoices[n],), (invoices[n - 1],)))
    broker = vat.declaration(firms[2], (), (invoices[1],))
    town.must(broker)
    claim = vat.claim(broker, (invoices[1], 160))
    town.must(claim)
    book = _book(town, vat)
    answer = answer_claim(claim, book)
    refused = [line.reason for line in answer.refused]
    assert (answer.amount, refused) == (0, ["chain-in-a-circle"])
    assert any(set(one.firms) == set(firms) for one in find_patterns(book) if one.kind == "circle")
