# SPDX-License-Identifier: Apache-2.0
"""Made-up invoices for tests, in JSON and UBL: written for them, from the published binding."""

from typing import Any

__all__ = ["SOUND", "UBL", "changed"]

SOUND: dict[str, Any] = {
    "number": "7",
    "issue_date": "2026-11-20",
    "currency": "KZT",
    "supplier": {"name": "Mill"},
    "buyer": {"name": "Baker"},
    "lines": [
        {"id": "1", "name": "Flour", "net": 10_000, "category": "S", "basis_points": 1_600},
        {"id": "2", "name": "Export", "net": 500, "category": "Z"},
    ],
    "adjustments": [
        {"is_charge": True, "amount": 100, "category": "S", "basis_points": 1_600},
        {"is_charge": False, "amount": 50, "category": "Z"},
    ],
    "vat": [
        {"category": "S", "basis_points": 1_600, "net": 10_100, "vat": 1_616},
        {"category": "Z", "net": 450, "vat": 0},
    ],
    "totals": {
        "lines": 10_500,
        "allowances": 50,
        "charges": 100,
        "net": 10_550,
        "vat": 1_616,
        "total": 12_166,
        "prepaid": 1_000,
        "rounding": 4,
        "payable": 11_170,
    },
}

_NS = "urn:oasis:names:specification:ubl:schema:xsd:"

UBL = f"""<?xml version="1.0" encoding="UTF-8"?>
<Invoice xmlns="{_NS}Invoice-2" xmlns:a="{_NS}CommonAggregateComponents-2"
 xmlns:b="{_NS}CommonBasicComponents-2">
 <b:CustomizationID>urn:cen.eu:en16931:2017</b:CustomizationID>
 <b:ID>2026/118</b:ID>
 <b:IssueDate>2026-11-20</b:IssueDate>
 <b:DueDate>2026-12-20</b:DueDate>
 <b:DocumentCurrencyCode>KZT</b:DocumentCurrencyCode>
 <a:AdditionalDocumentReference><b:ID>1</b:ID><a:Attachment>
  <b:EmbeddedDocumentBinaryObject>{"QUJD" * 3000}</b:EmbeddedDocumentBinaryObject>
 </a:Attachment></a:AdditionalDocumentReference>
 <a:AccountingSupplierParty><a:Party>
  <a:PostalAddress><a:Country><b:IdentificationCode>KZ</b:IdentificationCode></a:Country>
  </a:PostalAddress>
  <a:PartyTaxScheme><b:CompanyID>000000000001</b:CompanyID></a:PartyTaxScheme>
  <a:PartyLegalEntity><b:RegistrationName>Дала диірмені</b:RegistrationName></a:PartyLegalEntity>
 </a:Party></a:AccountingSupplierParty>
 <a:AccountingCustomerParty><a:Party>
  <a:PartyName><b:Name>Нан-ата</b:Name></a:PartyName>
 </a:Party></a:AccountingCustomerParty>
 <a:AllowanceCharge>
  <b:ChargeIndicator>false</b:ChargeIndicator>
  <b:AllowanceChargeReason>Loyalty</b:AllowanceChargeReason>
  <b:Amount currencyID="KZT">50.00</b:Amount>
  <a:TaxCategory><b:ID>S</b:ID><b:Percent>16</b:Percent></a:TaxCategory>
 </a:AllowanceCharge>
 <a:TaxTotal><b:TaxAmount currencyID="EUR">0.28</b:TaxAmount></a:TaxTotal>
 <a:TaxTotal>
  <b:TaxAmount currencyID="KZT">152.00</b:TaxAmount>
  <a:TaxSubtotal>
   <b:TaxableAmount currencyID="KZT">950.00</b:TaxableAmount>
   <b:TaxAmount currencyID="KZT">152.00</b:TaxAmount>
   <a:TaxCategory><b:ID>S</b:ID><b:Percent>16.00</b:Percent></a:TaxCategory>
  </a:TaxSubtotal>
  <a:TaxSubtotal>
   <b:TaxableAmount currencyID="KZT">200.5</b:TaxableAmount>
   <b:TaxAmount currencyID="KZT">0</b:TaxAmount>
   <a:TaxCategory><b:ID>Z</b:ID><b:Percent>0</b:Percent></a:TaxCategory>
  </a:TaxSubtotal>
 </a:TaxTotal>
 <a:LegalMonetaryTotal>
  <b:LineExtensionAmount currencyID="KZT">1200.50</b:LineExtensionAmount>
  <b:TaxExclusiveAmount currencyID="KZT">1150.50</b:TaxExclusiveAmount>
  <b:TaxInclusiveAmount currencyID="KZT">1302.50</b:TaxInclusiveAmount>
  <b:AllowanceTotalAmount currencyID="KZT">50.00</b:AllowanceTotalAmount>
  <b:PayableAmount currencyID="KZT">1302.50</b:PayableAmount>
 </a:LegalMonetaryTotal>
 <a:InvoiceLine>
  <b:ID>1</b:ID><b:InvoicedQuantity unitCode="KGM">40.125</b:InvoicedQuantity>
  <b:LineExtensionAmount currencyID="KZT">1000.00</b:LineExtensionAmount>
  <a:Item><b:Name>Flour</b:Name>
   <a:ClassifiedTaxCategory><b:ID>S</b:ID><b:Percent>16</b:Percent></a:ClassifiedTaxCategory>
  </a:Item>
 </a:InvoiceLine>
 <a:InvoiceLine>
  <b:ID>2</b:ID><b:InvoicedQuantity unitCode="H87">1</b:InvoicedQuantity>
  <b:LineExtensionAmount currencyID="KZT">200.50</b:LineExtensionAmount>
  <a:Item><b:Name>Carriage abroad</b:Name>
   <a:ClassifiedTaxCategory><b:ID>Z</b:ID><b:Percent>0</b:Percent></a:ClassifiedTaxCategory>
  </a:Item>
 </a:InvoiceLine>
</Invoice>
"""


def changed(old: str, new: str, *, count: int = 1) -> bytes:
    """The invoice with one thing in it changed."""
    if old not in UBL:
        raise AssertionError(f"{old!r} is not in the example")
    return UBL.replace(old, new, count).encode()
