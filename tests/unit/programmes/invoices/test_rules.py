# SPDX-License-Identifier: Apache-2.0
"""Every rule is kept by a sound invoice, and met by one that breaks it."""

from typing import Any

import msgspec
import pytest

from kerege.programmes.invoices import EInvoice, decode_invoice, rule_faults
from tests.e_invoices import SOUND


def broken(path: str, value: object) -> EInvoice:
    """The sound invoice with one member changed: `totals.net`, `vat.0.vat`."""
    document: Any = msgspec.json.decode(msgspec.json.encode(SOUND))
    target, *steps = document, *path.split(".")
    for step in steps[:-1]:
        target = target[int(step)] if step.isdecimal() else target[step]
    target[int(steps[-1]) if steps[-1].isdecimal() else steps[-1]] = value
    return decode_invoice(msgspec.json.encode(document))


def test_a_sound_invoice() -> None:
    assert rule_faults(decode_invoice(msgspec.json.encode(SOUND))) == []


@pytest.mark.parametrize(
    ("path", "value", "rule", "place"),
    [
        ("issue_date", "2026-02-30", "BR-03", "$.issue_date"),
        ("due_date", "2026-13-01", "BR-03", "$.due_date"),
        ("totals.lines", 10_501, "BR-CO-10", "$.totals.lines"),
        ("totals.allowances", 51, "BR-CO-11", "$.totals.allowances"),
        ("totals.charges", 0, "BR-CO-12", "$.totals.charges"),
        ("totals.net", 10_500, "BR-CO-13", "$.totals.net"),
        ("totals.vat", 1_617, "BR-CO-14", "$.totals.vat"),
        ("totals.total", 12_165, "BR-CO-15", "$.totals.total"),
        ("totals.payable", 12_166, "BR-CO-16", "$.totals.payable"),
        ("vat.0.vat", 1_617, "BR-CO-17", "$.vat[0].vat"),
        ("vat.0.basis_points", 1_200, "BR-CO-17", "$.vat[0].vat"),
        ("vat.0.basis_points", 0, "BR-S-05", "$.vat[0].basis_points"),
        ("vat.0.net", 10_000, "BR-S-08", "$.vat[0].net"),
        ("vat.1.net", 500, "BR-Z-08", "$.vat[1].net"),
        ("vat.1.vat", 1, "BR-Z-09", "$.vat[1].vat"),
        ("vat.1.basis_points", 500, "BR-Z-05", "$.vat[1].basis_points"),
        ("vat.1.category", "E", "BR-CO-04", "$.lines[1]"),
        ("lines.0.basis_points", 1_200, "BR-CO-04", "$.lines[0]"),
        ("adjustments.0.basis_points", 0, "BR-S-06", "$.adjustments[0].basis_points"),
        ("lines", [], "BR-16", "$.lines"),
        ("vat", [], "BR-CO-18", "$.vat"),
        ("vat.1", SOUND["vat"][0], "BR-S-01", "$.vat[1]"),
    ],
)
def test_each_rule_has_its_name_and_place(path: str, value: object, rule: str, place: str) -> None:
    assert (rule, place) in {(one.rule, one.place) for one in rule_faults(broken(path, value))}


def test_figures_are_told() -> None:
    (fault,) = [one for one in rule_faults(broken("vat.0.vat", 1_617)) if one.rule == "BR-CO-17"]
    assert (fault.found, fault.expected) == (1_617, 1_616)


def test_amounts_below_zero_round_away_from_it_as_above() -> None:
    line = {"id": "1", "name": "Back", "net": -3, "category": "S", "basis_points": 1_600}
    document = {
        **SOUND,
        "lines": [{**line, "net": -4}],
        "adjustments": [],
        "vat": [{"category": "S", "basis_points": 1_600, "net": -4, "vat": -1}],
        "totals": {"lines": -4, "net": -4, "vat": -1, "total": -5, "payable": -5},
    }
    assert rule_faults(decode_invoice(msgspec.json.encode(document))) == []
