# SPDX-License-Identifier: Apache-2.0
"""The payload: what a scanner reads from a merchant-presented code (EMV QRCPS v1.1, 3.2, 4.6).

Here its frame is checked, tags, lengths and CRC, so codes of every country come through; what the
tags mean is for `rules` and `merchant`. Nothing is lost: unknown tags keep place and characters.
"""

import binascii
from dataclasses import dataclass

from kerege.qr.errors import ChecksumError, Fault, NotMerchantCodeError, StructureError
from kerege.qr.tlv import DataObject, parse_objects, write_objects

__all__ = ["CRC_TAG", "MAX_PAYLOAD_BYTES", "MAX_PAYLOAD_CHARS", "Payload", "crc16", "parse"]

MAX_PAYLOAD_CHARS = 512
"""Characters we read: EMV QRCPS says a payload should not exceed them."""

MAX_PAYLOAD_BYTES = 512
"""Bytes of UTF-8 we write: EMV QRCPS asks for fewer characters where they take more bytes."""

CRC_TAG = "63"

_CRC_HEADER = "6304"
_VERSION = DataObject("00", "01")
_HEX = frozenset("0123456789ABCDEFabcdef")
_SCAN_AGAIN = "scan again; if it stays so, refuse the code and ask for a new one"


@dataclass(frozen=True, slots=True)
class Payload:
    """The root's data objects in order, from tag 00 on, without the CRC (tag 63)."""

    objects: tuple[DataObject, ...]

    def find(self, tag: str) -> DataObject | None:
        """The root's data object of that tag."""
        return next((item for item in self.objects if item.tag == tag), None)

    def between(self, first: str, last: str) -> tuple[DataObject, ...]:
        """The root's data objects with tags in that range, both ends included, in order."""
        return tuple(item for item in self.objects if first <= item.tag <= last)

    def write(self) -> str:
        """The payload's text with its CRC in capitals, for a QR image.

        Raises `NotMerchantCodeError` if it does not begin with tag 00, `StructureError` for what
        cannot be written, such as a value too long or a payload over `MAX_PAYLOAD_BYTES`.
        """
        if not self.objects or self.objects[0] != _VERSION:
            raise NotMerchantCodeError(Fault("00", 0, "a code begins with 000201", "put it first"))
        if (crc := self.find(CRC_TAG)) is not None:
            raise StructureError(crc.fault("the CRC is computed, not given", "leave tag 63 out"))
        body = write_objects(self.objects) + _CRC_HEADER
        size_bytes = len(_utf8(body)) + 4
        if size_bytes > MAX_PAYLOAD_BYTES:
            message = f"the code takes {size_bytes} bytes, more than {MAX_PAYLOAD_BYTES}"
            raise StructureError(Fault("", MAX_PAYLOAD_BYTES, message, "leave something out"))
        return f"{body}{crc16(body):04X}"


def crc16(text: str) -> int:
    """CRC-16/CCITT-FALSE of the text's UTF-8: polynomial 0x1021, begun at 0xFFFF (EMV QRCPS)."""
    return binascii.crc_hqx(_utf8(text), 0xFFFF)


def parse(text: str) -> Payload:
    """Read a payload's frame and check its CRC; `find_faults` checks the rest.

    Accepted: `000201` first, any order then, a CRC in capitals or small letters last, no tag twice
    in the root, at most `MAX_PAYLOAD_CHARS`. Raises `NotMerchantCodeError`, `StructureError` or
    `ChecksumError`, in this order.
    """
    _check_kind(text)
    objects = parse_objects(text)
    _check_crc(text, objects)
    return Payload(objects[:-1])


def _check_kind(text: str) -> None:
    if not isinstance(text, str) or not text.startswith("0002"):
        message = "this is not a merchant-presented payment code"
        raise NotMerchantCodeError(Fault("", 0, message, "payment codes begin with 000201"))
    if len(text) > MAX_PAYLOAD_CHARS:
        message = f"the code has {len(text)} characters, more than {MAX_PAYLOAD_CHARS}"
        raise StructureError(Fault("", MAX_PAYLOAD_CHARS, message, "refuse the code"))
    if not text.startswith("000201"):
        message = "a payment code of a version we do not know"
        raise NotMerchantCodeError(Fault("00", 4, message, "the only version known is 01"))


def _check_crc(text: str, objects: tuple[DataObject, ...]) -> None:
    found = next((item for item in objects if item.tag == CRC_TAG), None)
    if found is None:
        raise ChecksumError(Fault(CRC_TAG, len(text), "the code ends without a CRC", _SCAN_AGAIN))
    if found is not objects[-1]:
        raise ChecksumError(found.fault("something follows the CRC", "refuse the code"))
    if len(found.value) != 4 or not _HEX.issuperset(found.value):
        raise ChecksumError(found.fault("the CRC is not four hexadecimal digits", _SCAN_AGAIN))
    if int(found.value, 16) != crc16(text[: found.value_offset]):
        raise ChecksumError(found.fault("the CRC does not fit the code", _SCAN_AGAIN))


def _utf8(text: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        message = "half of a surrogate pair is not a character"
        raise StructureError(Fault("", error.start, message, "refuse the code")) from error
