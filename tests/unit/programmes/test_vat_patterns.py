# SPDX-License-Identifier: Apache-2.0
"""Carousels and missing traders are seen; honest trade is not."""

import itertools
from typing import Any

from kerege.programmes.vat_book import VatBook, VatFirm, VatInvoice
from kerege.programmes.vat_patterns import Edge, Pattern, edges_of, find_patterns

HONEST = ("farm", "mill", "baker", "shop")


def invoice(supplier: str, buyer: str, net: int = 100, **members: Any) -> VatInvoice:
    vat = net * 16 // 100
    given = {
        "id": f"{supplier}-{buyer}-{members.pop('n', 0)}",
        "net": net,
        "vat": vat,
        "vat_paid": vat,
        "declared": "d",
        "deducted": "d",
        **members,
    }
    return VatInvoice(supplier=supplier, buyer=buyer, **given)


def book(*invoices: VatInvoice, **firms: VatFirm) -> VatBook:
    named = {name for one in invoices for name in (one.supplier, one.buyer)}
    return VatBook(invoices, {**dict.fromkeys(named, VatFirm()), **firms})


def test_honest_trade_shows_nothing() -> None:
    chain = [
        invoice(one, other, 100 + 50 * n)
        for n, (one, other) in enumerate(itertools.pairwise(HONEST))
    ]
    paid = {"farm": VatFirm(remitted=16), "mill": VatFirm(remitted=8), "baker": VatFirm(remitted=8)}
    assert find_patterns(book(*chain, **paid)) == ()


def test_trade_is_summed_by_pair() -> None:
    found = edges_of(book(invoice("a", "b"), invoice("a", "b", n=1), invoice("b", "c", 300)))
    assert found == (Edge("b", "c", 1, 300, 48), Edge("a", "b", 2, 200, 32))
    assert edges_of(book(invoice("a", ""))) == ()


def test_a_carousel() -> None:
    names = ("importer", "buffer", "broker")
    around = [
        invoice(one, other, 1_000) for one, other in zip(names, (*names[1:], names[0]), strict=True)
    ]
    found = find_patterns(book(*around))
    assert found[0] == Pattern("circle", tuple(sorted(names)), 160)
    assert {one.firms for one in found if one.kind == "pass-through"} == {(n,) for n in names}


def test_two_circles_are_two() -> None:
    pairs = (("a", "b"), ("b", "a"), ("c", "d"), ("d", "c"), ("b", "c"))
    found = find_patterns(book(*(invoice(one, other, 10_000) for one, other in pairs)))
    circles = [one.firms for one in found if one.kind == "circle"]
    assert circles == [("a", "b"), ("c", "d")]


def test_a_missing_trader_neither_declared_nor_paid() -> None:
    gone = invoice("ghost", "broker", 1_000, declared="")
    assert find_patterns(book(gone)) == (Pattern("missing-trader", ("ghost",), 160),)
    owing = invoice("ghost", "broker", 1_000)
    assert find_patterns(book(owing, ghost=VatFirm(owes=160)))[0].firms == ("ghost",)
    assert find_patterns(book(owing, ghost=VatFirm(is_active=False)))[0].firms == ("ghost",)
    assert find_patterns(book(owing, ghost=VatFirm(remitted=160, owes=0))) == ()


def test_a_chain_of_thousands_is_no_recursion() -> None:
    names = [str(n) for n in range(5_000)]
    ring = [invoice(one, other) for one, other in zip(names, [*names[1:], "0"], strict=True)]
    circles = [one for one in find_patterns(book(*ring)) if one.kind == "circle"]
    assert len(circles) == 1
