# SPDX-License-Identifier: Apache-2.0
"""A merchant's code by meaning: who is paid, what, how much (EMV QRCPS v1.1, 4.7, 4.8)."""

from dataclasses import dataclass

from kerege.money import Amount, Asset
from kerege.qr.amounts import Tip, read_amount, read_currency, read_tip, write_amount, write_tip
from kerege.qr.errors import RuleError
from kerege.qr.payload import Payload, parse
from kerege.qr.rules import find_faults
from kerege.qr.tlv import DataObject, write_objects

__all__ = [
    "ASK_PAYER",
    "Details",
    "LocalName",
    "MerchantCode",
    "read_merchant_code",
    "write_merchant_code",
]

ASK_PAYER = "***"
"""Value of a detail that the payer's application asks for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """Additional data (tag 62); `ASK_PAYER` means the payer fills it in."""

    bill_number: str | None = None
    mobile_number: str | None = None
    store_label: str | None = None
    loyalty_number: str | None = None
    reference_label: str | None = None
    customer_label: str | None = None
    terminal_label: str | None = None
    purpose: str | None = None
    data_request: str | None = None
    tax_id: str | None = None
    channel: str | None = None
    others: tuple[DataObject, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalName:
    """The merchant's name in its own language (tag 64): ISO 639 letters, name, city."""

    language: str
    name: str
    city: str | None = None
    others: tuple[DataObject, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MerchantCode:
    """All a code says. `accounts` are tags 02 to 51, one per scheme; `others` tags 65 to 99.

    A static code (not `dynamic`) serves many payments. Without an amount the payer names it.
    `name` and `city` are ASCII, at most 25 and 15 characters; other letters go to `local_name`.
    """

    accounts: tuple[DataObject, ...]
    category: str
    currency: Asset
    country: str
    name: str
    city: str
    dynamic: bool = False
    amount: Amount | None = None
    tip: Tip | None = None
    postal_code: str | None = None
    details: Details = Details()
    local_name: LocalName | None = None
    others: tuple[DataObject, ...] = ()


def read_merchant_code(payload: Payload) -> MerchantCode:
    """What the payload says. Raises `RuleError` with all faults unless it keeps every rule."""
    if faults := find_faults(payload):
        raise RuleError(faults)
    values = {item.tag: item.value for item in payload.objects}
    currency = read_currency(DataObject("53", values["53"]))
    amount, details, local = (payload.find(tag) for tag in ("54", "62", "64"))
    return MerchantCode(
        accounts=payload.between("02", "51"),
        category=values["52"],
        currency=currency,
        country=values["58"],
        name=values["59"],
        city=values["60"],
        dynamic=values.get("01") == "12",
        amount=read_amount(amount, currency) if amount else None,
        tip=read_tip(payload, currency),
        postal_code=values.get("61"),
        details=_read_details(details) if details else Details(),
        local_name=_read_local_name(local) if local else None,
        others=payload.between("65", "99"),
    )


def _read_details(item: DataObject) -> Details:
    inside = item.objects()
    values = {inner.tag: inner.value for inner in inside}
    return Details(
        bill_number=values.get("01"),
        mobile_number=values.get("02"),
        store_label=values.get("03"),
        loyalty_number=values.get("04"),
        reference_label=values.get("05"),
        customer_label=values.get("06"),
        terminal_label=values.get("07"),
        purpose=values.get("08"),
        data_request=values.get("09"),
        tax_id=values.get("10"),
        channel=values.get("11"),
        others=tuple(inner for inner in inside if not "01" <= inner.tag <= "11"),
    )


def _read_local_name(item: DataObject) -> LocalName:
    inside = item.objects()
    values = {inner.tag: inner.value for inner in inside}
    return LocalName(
        language=values["00"].upper(),
        name=values["01"],
        city=values.get("02"),
        others=tuple(inner for inner in inside if inner.tag > "02"),
    )


def write_merchant_code(code: MerchantCode) -> Payload:
    """The payload that says it: tags ascend, but for accounts and others, which keep their order.

    Raises `StructureError` if a value or the whole does not fit, `RuleError` with all faults if it
    breaks a rule; so what is returned can be written and will be read.
    """
    if code.amount is not None and code.amount.asset != code.currency:
        fault = DataObject("54", "").fault(
            "the amount is not in the code's currency", "exchange it"
        )
        raise RuleError((fault,))
    draft = Payload((DataObject("00", "01"), *_objects(code)))
    payload = parse(draft.write())  # read back, so that faults have their place in the payload
    if faults := find_faults(payload):
        raise RuleError(faults)
    return payload


def _objects(code: MerchantCode) -> list[DataObject]:
    """Everything but tag 00."""
    optional = {
        "61": code.postal_code,
        "62": write_objects(_detail_objects(code.details)) or None,
        "64": write_objects(_local_objects(code.local_name)) if code.local_name else None,
    }
    return [
        DataObject("01", "12" if code.dynamic else "11"),
        *code.accounts,
        DataObject("52", code.category),
        DataObject("53", code.currency.number or ""),
        *([write_amount("54", code.amount)] if code.amount is not None else []),
        *(write_tip(code.tip) if code.tip is not None else []),
        DataObject("58", code.country),
        DataObject("59", code.name),
        DataObject("60", code.city),
        *(DataObject(tag, value) for tag, value in optional.items() if value is not None),
        *code.others,
    ]


def _detail_objects(details: Details) -> list[DataObject]:
    labels = (
        details.bill_number,
        details.mobile_number,
        details.store_label,
        details.loyalty_number,
        details.reference_label,
        details.customer_label,
        details.terminal_label,
        details.purpose,
        details.data_request,
        details.tax_id,
        details.channel,
    )
    numbered = enumerate(labels, start=1)
    objects = [DataObject(f"{tag:02}", value) for tag, value in numbered if value is not None]
    return [*objects, *details.others]


def _local_objects(local: LocalName) -> list[DataObject]:
    city = [] if local.city is None else [DataObject("02", local.city)]
    return [DataObject("00", local.language), DataObject("01", local.name), *city, *local.others]
