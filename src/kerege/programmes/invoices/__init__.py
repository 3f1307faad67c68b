# SPDX-License-Identifier: Apache-2.0
"""Invoices as people and accounting software have them: a JSON form, and UBL 2.1. Pure.

>>> from kerege.programmes.invoices import *
>>> text = b'''{"number": "7", "issue_date": "2026-11-20", "currency": "KZT",
...   "supplier": {"name": "Mill"}, "buyer": {"name": "Baker"},
...   "lines": [{"id": "1", "name": "Flour", "net": 10000, "category": "S", "basis_points": 1600}],
...   "vat": [{"category": "S", "basis_points": 1600, "net": 10000, "vat": 1599}],
...   "totals": {"lines": 10000, "net": 10000, "vat": 1600, "total": 11600, "payable": 11600}}'''
>>> for fault in rule_faults(decode_invoice(text)):
...     print(fault.rule, fault.place, fault.found, fault.expected)
BR-CO-14 $.totals.vat 1600 1599
BR-CO-17 $.vat[0].vat 1599 1600
"""

from kerege.programmes.invoices.document import (
    EInvoice,
    MalformedInvoice,
    decode_invoice,
    encode_invoice,
)
from kerege.programmes.invoices.rules import RuleFault, rule_faults
from kerege.programmes.invoices.ubl import UblInvoice, read_ubl

__all__ = [
    "EInvoice",
    "MalformedInvoice",
    "RuleFault",
    "UblInvoice",
    "decode_invoice",
    "encode_invoice",
    "read_ubl",
    "rule_faults",
]
