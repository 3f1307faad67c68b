# SPDX-License-Identifier: Apache-2.0
"""EMVCo's rules for what data objects hold and which must be there (EMV QRCPS v1.1, 4.7, 4.8).

A code is a document, so all faults are collected, each with its place; the reader stops or shows
them. Codes of some countries leave mandatory tags out, which is why `parse` does not ask for them.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeVar

from kerege.qr.amounts import read_amount, read_currency, read_tip
from kerege.qr.errors import Fault, RuleError, StructureError
from kerege.qr.payload import Payload
from kerege.qr.tlv import MAX_VALUE_CHARS, DataObject

__all__ = ["find_faults"]

_Read = TypeVar("_Read")


@dataclass(frozen=True, slots=True)
class _Form:
    """What a value is called and looks like: at most `longest` characters, all of `pattern`."""

    name: str
    longest: int
    pattern: re.Pattern[str]
    looks: str


@dataclass(frozen=True, slots=True)
class _Template:
    """What a template holds: forms by tag, one for the other tags, and the tags it must have."""

    forms: Mapping[str, _Form]
    others: _Form
    required: tuple[str, ...]


_PRINTABLE = re.compile(r"[ -~]*")
# Any text but control characters and marks that reverse its direction, which would let a name on
# the payer's screen read as another.
_TEXT = re.compile("[^\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]*")


def _printable(name: str, longest: int) -> _Form:
    """Format "ans": the printable characters of ASCII."""
    return _Form(name, longest, _PRINTABLE, "printable ASCII")


def _text(name: str, longest: int) -> _Form:
    """Format "S": Unicode."""
    return _Form(name, longest, _TEXT, "plain text")


def _coded(name: str, longest: int, pattern: str, looks: str) -> _Form:
    return _Form(name, longest, re.compile(pattern), looks)


_ROOT = {
    "01": _coded("point of initiation", 2, "11|12", "11 (static) or 12 (dynamic)"),
    "52": _coded("merchant category", 4, "[0-9]{4}", "four digits"),
    "53": _coded("currency", 3, "[0-9]{3}", "three digits"),
    "58": _coded("country", 2, "[A-Z]{2}", "two capital letters"),
    "59": _printable("merchant name", 25),
    "60": _printable("merchant city", 15),
    "61": _printable("postal code", 10),
}
_REQUIRED = ("52", "53", "58", "59", "60")
_NETWORK_ACCOUNT = _printable("value", MAX_VALUE_CHARS)
_RESERVED = _text("value", MAX_VALUE_CHARS)

_UNIQUE = _Template({"00": _printable("identifier", 32)}, _RESERVED, ("00",))
_ADDITIONAL_DATA = _Template(
    {
        "01": _printable("bill number", 25),
        "02": _printable("mobile number", 25),
        "03": _printable("store label", 25),
        "04": _printable("loyalty number", 25),
        "05": _printable("reference label", 25),
        "06": _printable("customer label", 25),
        "07": _printable("terminal label", 25),
        "08": _printable("purpose", 25),
        "09": _coded("data request", 3, r"(?!.*(.).*\1)[AME]{1,3}", "A, M or E, each once"),
        "10": _printable("merchant tax id", 20),
        "11": _coded("merchant channel", 3, "[ -~]{3}", "three characters"),
    },
    _RESERVED,
    (),
)
_LANGUAGE = _Template(
    {
        "00": _coded("language", 2, "[A-Za-z]{2}", "two letters"),
        "01": _text("merchant name", 25),
        "02": _text("merchant city", 15),
    },
    _RESERVED,
    ("00", "01"),
)


def find_faults(payload: Payload) -> tuple[Fault, ...]:
    """Everything in the payload that is against EMVCo's rules, from left to right."""
    faults = [
        *_missing(payload),
        *(fault for item in payload.objects for fault in _object_faults(item)),
        *_money_faults(payload),
    ]
    return tuple(sorted(faults, key=lambda fault: fault.offset))


def _missing(payload: Payload) -> Iterator[Fault]:
    end = max((item.value_offset + len(item.value) for item in payload.objects), default=0)
    for tag in _REQUIRED:
        if payload.find(tag) is None:
            yield Fault(tag, end, f"the {_ROOT[tag].name} is missing", "every code needs it")
    if not payload.between("02", "51"):
        yield Fault("26", end, "no merchant account (tags 02 to 51)", "add one")


def _object_faults(item: DataObject) -> Iterator[Fault]:
    """Faults of one data object of the root and of what it holds."""
    if "26" <= item.tag <= "51" or "80" <= item.tag <= "99":
        yield from _template_faults(item, _UNIQUE)
    elif item.tag == "62":
        yield from _template_faults(item, _ADDITIONAL_DATA)
        yield from _nested_faults(item)
    elif item.tag == "64":
        yield from _template_faults(item, _LANGUAGE)
    else:
        others = _NETWORK_ACCOUNT if item.tag <= "61" else _RESERVED
        yield from _form_faults(item, _ROOT.get(item.tag, others))


def _template_faults(item: DataObject, template: _Template) -> Iterator[Fault]:
    try:
        inside = item.objects()
    except StructureError as error:
        yield error.fault
        return
    if not inside:
        yield item.fault("the template is empty", "leave the tag out")
        return
    found = {inner.tag for inner in inside}
    for tag in template.required:
        if tag not in found:
            yield item.fault(
                f"sub-tag {tag}, the {template.forms[tag].name}, is missing", "every one needs it"
            )
    for inner in inside:
        yield from _form_faults(inner, template.forms.get(inner.tag, template.others))


def _nested_faults(item: DataObject) -> Iterator[Fault]:
    """Templates of payment systems inside the additional data, 62.50 to 62.99."""
    try:
        inside = item.objects()
    except StructureError:
        return  # reported already
    for inner in inside:
        if inner.tag >= "50":
            yield from _template_faults(inner, _UNIQUE)


def _form_faults(item: DataObject, form: _Form) -> Iterator[Fault]:
    match = form.pattern.match(item.value)
    reached = match.end() if match else 0
    if not item.value:
        yield item.fault(f"the {form.name} is empty", "leave the tag out")
    elif len(item.value) > form.longest:
        message = f"the {form.name} has more than {form.longest} characters"
        yield item.fault(message, "shorten it", at=form.longest)
    elif reached < len(item.value):
        yield item.fault(f"the {form.name} is not {form.looks}", "correct it", at=reached)


def _money_faults(payload: Payload) -> Iterator[Fault]:
    """Faults of currency, amount and tip; the latter two mean nothing without the first."""
    if (currency_item := payload.find("53")) is None:
        return
    faults: list[Fault] = []
    currency = _kept(lambda: read_currency(currency_item), faults)
    amount_item = payload.find("54")
    if currency and amount_item:
        _kept(lambda: read_amount(amount_item, currency), faults)
    if currency:
        _kept(lambda: read_tip(payload, currency), faults)
    yield from faults


def _kept(read: Callable[[], _Read], faults: list[Fault]) -> _Read | None:
    """What was read, or nothing and its faults in the list."""
    try:
        return read()
    except RuleError as error:
        faults.extend(error.faults)
        return None
