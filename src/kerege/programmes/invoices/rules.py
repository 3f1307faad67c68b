# SPDX-License-Identifier: Apache-2.0
"""Business rules of EN 16931-1 that money hangs on: totals add up, VAT is what its rate says. Pure.

The rules are followed as their text says, without the tolerance of one unit that some published
checks grant: VAT is marked to the last unit.
"""

from collections.abc import Iterator
from datetime import date
from typing import Final

from msgspec import Struct

from kerege.programmes.invoices.document import EInvoice, VatGroup
from kerege.programmes.vat import rounded_vat

__all__ = ["RuleFault", "rule_faults"]

_WITH_VAT: Final = ("S", "L", "M", "B")
"""Standard rate; and what EN 16931 treats like it: the taxes of the Canary Islands and of Ceuta and
Melilla, and VAT that the buyer pays in the supplier's stead (Italy)."""


class RuleFault(Struct, frozen=True):
    """A rule that is not kept: its name in EN 16931, where, and the two figures compared."""

    rule: str
    place: str
    what: str
    found: int = 0
    expected: int = 0


def rule_faults(invoice: EInvoice) -> list[RuleFault]:
    """Every rule an invoice does not keep, none for a sound one."""
    return [
        *_dates(invoice),
        *_totals(invoice),
        *_groups(invoice),
        *_members(invoice),
    ]


def _dates(invoice: EInvoice) -> Iterator[RuleFault]:
    for member in ("issue_date", "tax_date", "due_date"):
        text = getattr(invoice, member)
        try:
            date.fromisoformat(text or "2000-01-01")
        except ValueError:
            yield RuleFault("BR-03", f"$.{member}", f"there is no {text}")


def _totals(invoice: EInvoice) -> Iterator[RuleFault]:
    totals = invoice.totals
    allowances = sum(one.amount for one in invoice.adjustments if not one.is_charge)
    charges = sum(one.amount for one in invoice.adjustments if one.is_charge)
    sums = (
        ("BR-CO-10", "lines", sum(line.net for line in invoice.lines), "the lines' net amounts"),
        ("BR-CO-11", "allowances", allowances, "the allowances"),
        ("BR-CO-12", "charges", charges, "the charges"),
        (
            "BR-CO-13",
            "net",
            totals.lines - totals.allowances + totals.charges,
            "lines less allowances plus charges",
        ),
        ("BR-CO-14", "vat", sum(group.vat for group in invoice.vat), "the VAT of all rates"),
        ("BR-CO-15", "total", totals.net + totals.vat, "net plus VAT"),
        (
            "BR-CO-16",
            "payable",
            totals.total - totals.prepaid + totals.rounding,
            "total less prepaid plus rounding",
        ),
    )
    for rule, member, expected, what in sums:
        found = getattr(totals, member)
        if found != expected:
            yield RuleFault(rule, f"$.totals.{member}", f"is not {what}", found, expected)


def _groups(invoice: EInvoice) -> Iterator[RuleFault]:
    if not invoice.lines:
        yield RuleFault("BR-16", "$.lines", "there is no line")
    if not invoice.vat:
        yield RuleFault("BR-CO-18", "$.vat", "there is no rate")
    known: set[tuple[str, int]] = set()
    for index, group in enumerate(invoice.vat):
        place = f"$.vat[{index}]"
        key = group.category, group.basis_points
        if key in known:
            yield RuleFault(f"BR-{group.category}-01", place, "the rate stands there twice")
        known.add(key)
        yield from _rate(group.category, group.basis_points, f"{place}.basis_points", "05")
        yield from _vat_of(group, place)
        net = _net_at(invoice, key)
        if group.net != net:
            what = "is not what lines, charges and allowances at this rate come to"
            yield RuleFault(f"BR-{group.category}-08", f"{place}.net", what, group.net, net)


def _vat_of(group: VatGroup, place: str) -> Iterator[RuleFault]:
    if group.category in _WITH_VAT:
        sign = -1 if group.net < 0 else 1
        expected, rule = sign * rounded_vat(abs(group.net), group.basis_points), "BR-CO-17"
    else:
        expected, rule = 0, f"BR-{group.category}-09"
    if group.vat != expected:
        what = "is not net times rate, rounded half up" if expected else "is not zero"
        yield RuleFault(rule, f"{place}.vat", what, group.vat, expected)


def _rate(category: str, basis_points: int, place: str, number: str) -> Iterator[RuleFault]:
    if category == "S" and not basis_points:
        yield RuleFault(f"BR-S-{number}", place, "the standard rate is above zero")
    if category not in _WITH_VAT and basis_points:
        what = f"category {category} has no rate"
        yield RuleFault(f"BR-{category}-{number}", place, what, basis_points)


def _net_at(invoice: EInvoice, key: tuple[str, int]) -> int:
    lines = sum(one.net for one in invoice.lines if (one.category, one.basis_points) == key)
    return lines + sum(
        one.amount if one.is_charge else -one.amount
        for one in invoice.adjustments
        if (one.category, one.basis_points) == key
    )


def _members(invoice: EInvoice) -> Iterator[RuleFault]:
    """Lines and adjustments have a rate that the invoice has a sum of."""
    known = {(group.category, group.basis_points) for group in invoice.vat}
    for index, line in enumerate(invoice.lines):
        yield from _rate(line.category, line.basis_points, f"$.lines[{index}].basis_points", "05")
        if (line.category, line.basis_points) not in known:
            yield RuleFault("BR-CO-04", f"$.lines[{index}]", "its rate is not among the sums")
    for index, one in enumerate(invoice.adjustments):
        place = f"$.adjustments[{index}]"
        yield from _rate(one.category, one.basis_points, f"{place}.basis_points", "06")
        if (one.category, one.basis_points) not in known:
            yield RuleFault("BR-CO-04", place, "its rate is not among the sums")
