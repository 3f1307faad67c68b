# SPDX-License-Identifier: Apache-2.0
"""EN 16931 invoices in UBL 2.1 (CEN/TS 16931-3-2): `Invoice` and `CreditNote`. Pure.

Read are the terms that money and its parties hang on; the rest stays in the file. Amounts have at
most two decimals (BR-DEC-*), all in the document's currency.
"""

import re
from collections.abc import Mapping
from typing import Any, Final

import msgspec
from msgspec import Struct

from kerege.programmes.invoices.document import EInvoice, MalformedInvoice
from kerege.programmes.invoices.xml_tree import Element, parse_xml

__all__ = ["UblInvoice", "read_ubl"]

_UBL: Final = "urn:oasis:names:specification:ubl:schema:xsd:"
_PREFIXES: Final = {
    f"{_UBL}Invoice-2": "",
    f"{_UBL}CreditNote-2": "",
    f"{_UBL}CommonAggregateComponents-2": "cac",
    f"{_UBL}CommonBasicComponents-2": "cbc",
}
_SKIPPED: Final = frozenset({"cac:AdditionalDocumentReference"})
_AMOUNT: Final = re.compile(r"(-?)([0-9]{1,16})(?:\.([0-9]*))?", re.ASCII)
_PERCENT: Final = re.compile(r"([0-9]{1,3})(?:\.([0-9]*))?", re.ASCII)
_TOTALS: Final = {
    "lines": "cbc:LineExtensionAmount",
    "allowances": "cbc:AllowanceTotalAmount",
    "charges": "cbc:ChargeTotalAmount",
    "net": "cbc:TaxExclusiveAmount",
    "total": "cbc:TaxInclusiveAmount",
    "prepaid": "cbc:PrepaidAmount",
    "rounding": "cbc:PayableRoundingAmount",
    "payable": "cbc:PayableAmount",
}
_PARTIES: Final = {
    "supplier": "cac:AccountingSupplierParty",
    "buyer": "cac:AccountingCustomerParty",
}


class UblInvoice(Struct, frozen=True):
    """What was read. `places` says where in the file a member stood (`$.totals.net`)."""

    invoice: EInvoice
    places: Mapping[str, str]


def read_ubl(data: bytes) -> UblInvoice:
    """Read a UBL document; raises `MalformedInvoice` with the place in the file."""
    root = parse_xml(data, _PREFIXES, skipped=_SKIPPED)
    if root.name not in ("Invoice", "CreditNote"):
        raise MalformedInvoice("neither an Invoice nor a CreditNote", place=root.place)
    reader = _Reader(root)
    return reader.read()


class _Reader:
    """Turns elements into the members of an `EInvoice`, noting where each stood."""

    def __init__(self, root: Element) -> None:
        self._root = root
        self._currency = root.words("cbc:DocumentCurrencyCode")
        self._places: dict[str, str] = {"$": root.place}

    def read(self) -> UblInvoice:
        root, is_note = self._root, self._root.name == "CreditNote"
        lines = root.all("cac:CreditNoteLine" if is_note else "cac:InvoiceLine")
        members = {
            "kind": "credit-note" if is_note else "invoice",
            "number": self._text("$.number", "cbc:ID"),
            "issue_date": self._text("$.issue_date", "cbc:IssueDate"),
            "tax_date": self._text("$.tax_date", "cbc:TaxPointDate"),
            "due_date": self._text("$.due_date", "cbc:DueDate"),
            "currency": self._text("$.currency", "cbc:DocumentCurrencyCode"),
            **{member: self._party(member, path) for member, path in _PARTIES.items()},
            "lines": [self._line(line, f"$.lines[{n}]", is_note) for n, line in enumerate(lines)],
            "adjustments": [
                self._adjustment(one, f"$.adjustments[{n}]")
                for n, one in enumerate(root.all("cac:AllowanceCharge"))
            ],
            "vat": self._groups(),
            "totals": self._totals(),
            "preceding": root.words(
                "cac:BillingReference", "cac:InvoiceDocumentReference", "cbc:ID"
            ),
            "contract": root.words("cac:ContractDocumentReference", "cbc:ID"),
        }
        try:
            invoice = msgspec.convert(members, EInvoice)
        except msgspec.ValidationError as fault:
            what, _, place = str(fault).partition(" - at ")
            raise self._malformed(what, place.strip("`")) from None
        return UblInvoice(invoice, self._places)

    def _malformed(self, what: str, member: str) -> MalformedInvoice:
        place = member
        while place and place not in self._places:
            place = place[: max(place.rfind("."), place.rfind("["), 0)]
        where = self._places.get(place, self._root.place)
        return MalformedInvoice(
            f"not an EN 16931 invoice: {what[:200]}", place=f"{where} ({member})"
        )

    def _text(self, member: str, *path: str) -> str:
        found = self._root.first(*path)
        if found is None:
            return ""
        self._places[member] = found.place
        return found.text

    def _party(self, member: str, path: str) -> dict[str, Any]:
        party = self._root.first(path, "cac:Party")
        if party is None:
            raise MalformedInvoice(f"there is no {path}", place=self._root.place)
        self._places[f"$.{member}"] = party.place
        return {
            "name": party.words("cac:PartyLegalEntity", "cbc:RegistrationName")
            or party.words("cac:PartyName", "cbc:Name"),
            "tax_number": party.words("cac:PartyTaxScheme", "cbc:CompanyID"),
            "country": party.words("cac:PostalAddress", "cac:Country", "cbc:IdentificationCode"),
        }

    def _line(self, line: Element, place: str, is_note: bool) -> dict[str, Any]:
        self._places[place] = line.place
        quantity = line.first("cbc:CreditedQuantity" if is_note else "cbc:InvoicedQuantity")
        return {
            "id": line.words("cbc:ID"),
            "name": line.words("cac:Item", "cbc:Name"),
            "quantity": "1" if quantity is None else quantity.text.lstrip("+"),
            "unit": "" if quantity is None else quantity.attributes.get("unitCode", ""),
            "net": self._amount(line, f"{place}.net", "cbc:LineExtensionAmount"),
            **self._category(line.first("cac:Item", "cac:ClassifiedTaxCategory"), place, line),
        }

    def _adjustment(self, one: Element, place: str) -> dict[str, Any]:
        self._places[place] = one.place
        indicator = one.words("cbc:ChargeIndicator")
        if indicator not in ("true", "false", "1", "0"):
            raise self._malformed("a charge indicator is true or false", place)
        return {
            "is_charge": indicator in ("true", "1"),
            "amount": self._amount(one, f"{place}.amount", "cbc:Amount"),
            "reason": one.words("cbc:AllowanceChargeReason"),
            **self._category(one.first("cac:TaxCategory"), place, one),
        }

    def _groups(self) -> list[dict[str, Any]]:
        total = self._vat_total()
        groups = [] if total is None else total.all("cac:TaxSubtotal")
        found = []
        for index, group in enumerate(groups):
            place = f"$.vat[{index}]"
            self._places[place] = group.place
            found.append(
                {
                    **self._category(group.first("cac:TaxCategory"), place, group),
                    "net": self._amount(group, f"{place}.net", "cbc:TaxableAmount"),
                    "vat": self._amount(group, f"{place}.vat", "cbc:TaxAmount"),
                }
            )
        return found

    def _vat_total(self) -> Element | None:
        """The VAT in the document's currency: there may be another in that of the accounts."""
        totals = self._root.all("cac:TaxTotal")
        for total in totals:
            amount = total.first("cbc:TaxAmount")
            if amount is not None and amount.attributes.get("currencyID") == self._currency:
                return total
        return None

    def _totals(self) -> dict[str, int]:
        sums = self._root.first("cac:LegalMonetaryTotal")
        if sums is None:
            raise MalformedInvoice("there is no cac:LegalMonetaryTotal", place=self._root.place)
        self._places["$.totals"] = sums.place
        found = {
            member: self._amount(sums, f"$.totals.{member}", name)
            for member, name in _TOTALS.items()
            if sums.first(name) is not None
        }
        total = self._vat_total()
        if total is not None:
            found["vat"] = self._amount(total, "$.totals.vat", "cbc:TaxAmount")
        return found

    def _category(self, found: Element | None, place: str, inside: Element) -> dict[str, Any]:
        if found is None:
            raise MalformedInvoice("it has no VAT category", place=inside.place)
        percent = found.first("cbc:Percent")
        if percent is not None:
            self._places[f"{place}.basis_points"] = percent.place
        points = 0 if percent is None else _basis_points(percent)
        return {"category": found.words("cbc:ID"), "basis_points": points}

    def _amount(self, inside: Element, member: str, name: str) -> int:
        found = inside.first(name)
        if found is None:
            raise MalformedInvoice(f"it has no {name}", place=inside.place)
        self._places[member] = found.place
        if found.attributes.get("currencyID") != self._currency:
            raise MalformedInvoice("an amount in another currency", place=found.place)
        return _minor(found)


def _minor(element: Element) -> int:
    match = _AMOUNT.fullmatch(element.text)
    places = (match[3] or "") if match else ""
    if match is None or places[2:].strip("0"):
        what = "an amount has digits and at most two decimals"
        raise MalformedInvoice(what, place=element.place)
    minor = int(match[2]) * 100 + int(places[:2].ljust(2, "0"))
    return -minor if match[1] else minor


def _basis_points(element: Element) -> int:
    match = _PERCENT.fullmatch(element.text)
    places = (match[2] or "") if match else ""
    if match is None or places[2:].strip("0"):
        what = "a rate has digits and at most two decimals"
        raise MalformedInvoice(what, place=element.place)
    return int(match[1]) * 100 + int(places[:2].ljust(2, "0"))
