# SPDX-License-Identifier: Apache-2.0
"""A claim is checked down the chain: declared, paid, passed on, no circle, no end."""

from typing import Any

import pytest
from msgspec.structs import replace

from kerege.programmes.vat_book import VatBook, VatFirm, VatInvoice
from kerege.programmes.vat_chain import MAX_CHAIN_DEPTH, MAX_LOOKED_AT, ChainFinding, check_line

FIRMS = {name: VatFirm() for name in ("farm", "mill", "baker", "exporter")}


def invoice(supplier: str, buyer: str, **members: Any) -> VatInvoice:
    given = {
        "id": f"{supplier}-{buyer}",
        "vat": 16,
        "vat_paid": 16,
        "declared": f"{supplier}-Q1",
        "deducted": f"{buyer}-Q1",
        **members,
    }
    return VatInvoice(supplier=supplier, buyer=buyer, **given)


CHAIN = [invoice("farm", "mill"), invoice("mill", "baker"), invoice("baker", "exporter")]


def check(
    invoices: list[VatInvoice], firms: dict[str, VatFirm] | None = None, vat: int = 16
) -> ChainFinding | None:
    return check_line("baker-exporter", vat, VatBook(invoices, {**FIRMS, **(firms or {})}))


def test_a_chain_where_everybody_did_their_part() -> None:
    assert check(CHAIN) is None


@pytest.mark.parametrize("place", [0, 1, 2])
@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"declared": ""}, "supplier-not-declared"),
        ({"vat_paid": 15}, "vat-not-paid"),
    ],
)
def test_the_link_at_fault_is_found(place: int, changed: dict[str, Any], reason: str) -> None:
    invoices = [replace(one, **changed) if n == place else one for n, one in enumerate(CHAIN)]
    finding = check(invoices)
    assert finding is not None
    assert finding.reason == reason
    assert finding.path == tuple(one.id for one in reversed(CHAIN[place:]))


@pytest.mark.parametrize("firm", ["farm", "mill", "baker"])
@pytest.mark.parametrize(
    ("facts", "reason"),
    [(VatFirm(owes=1), "vat-not-passed-on"), (VatFirm(is_active=False), "supplier-missing")],
)
def test_a_supplier_that_did_not_pay_or_is_not_there(
    firm: str, facts: VatFirm, reason: str
) -> None:
    finding = check(CHAIN, {firm: facts})
    assert finding is not None
    assert (finding.reason, finding.path[-1].split("-")[0]) == (reason, firm)


def test_what_is_deducted_elsewhere_is_another_chain() -> None:
    other = replace(CHAIN[0], deducted="mill-Q2", declared="")
    assert check([other, *CHAIN[1:]]) is None


def test_more_than_was_paid_or_an_invoice_nobody_knows() -> None:
    assert check(CHAIN, vat=17) == ChainFinding("vat-not-paid", ("baker-exporter",))
    assert check([]) == ChainFinding("vat-not-paid", ("baker-exporter",))


def test_a_carousel_is_a_circle() -> None:
    around = [*CHAIN, invoice("exporter", "farm")]
    finding = check(around)
    assert finding == ChainFinding(
        "chain-in-a-circle", ("baker-exporter", "mill-baker", "farm-mill", "exporter-farm")
    )


def test_a_circle_among_suppliers_is_found_too() -> None:
    finding = check([*CHAIN, invoice("mill", "farm", id="back")])
    assert finding is not None
    assert finding.reason == "chain-in-a-circle"


def test_a_chain_without_end() -> None:
    names = [f"f{n}" for n in range(MAX_CHAIN_DEPTH + 2)]
    invoices = [invoice(one, other) for one, other in zip(names[1:], names, strict=False)]
    firms = dict.fromkeys(names, VatFirm())
    finding = check_line("f1-f0", 16, VatBook(invoices, firms))
    assert finding is not None
    assert finding.reason == "chain-too-deep"
    assert check_line("f1-f0", 16, VatBook(invoices[:MAX_CHAIN_DEPTH], firms)) is None


def test_a_supplier_of_thousands_is_looked_at_by_a_person() -> None:
    many = [invoice("farm", "baker", id=f"many-{n}") for n in range(MAX_LOOKED_AT + 1)]
    finding = check([CHAIN[2], *many])
    assert finding is not None
    assert finding.reason == "chain-too-deep"


def test_many_ways_to_one_supplier_are_gone_once() -> None:
    """Ten firms in each of eight levels, all trading: ways multiply, work must not."""
    invoices = [
        invoice(f"{level + 1}.{a}", f"{level}.{b}", deducted=f"{level}.{b}-Q1")
        for level in range(8)
        for a in range(10)
        for b in range(10)
    ]
    firms = {f"{level}.{n}": VatFirm() for level in range(9) for n in range(10)}
    assert check_line("1.0-0.0", 16, VatBook(invoices, firms)) is None
