# SPDX-License-Identifier: Apache-2.0
"""Searching bytes for personal data in every writing somebody might have kept it in.

leaks = Leaks({"phone": "+77990417301"})
leaks.found_in(b"...eyJwaG9uZSI6Ijk5MDQxNzMwMSJ9...")   # ["phone: digits, base64"]
"""

import base64
import hashlib
import json
import re
import unicodedata
from collections.abc import Iterator, Mapping
from urllib.parse import quote

import numpy as np

__all__ = ["Leaks", "written"]

_LEAST_BYTES = 7
"""Shorter texts occur by chance."""
_WORD = 8
_LEAST_DIGITS = 10
"""Likewise of digits, of which ids in hexadecimal are full."""
_LEAST_LETTERS = 4
_HASHES = ("md5", "sha1", "sha256", "sha512")
_CODECS = ("utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be", "cp1251", "koi8-r")


class Leaks:
    """What must not be found; `secrets` are texts by what they are."""

    def __init__(self, secrets: Mapping[str, str]) -> None:
        self.needles: dict[bytes, str] = {}
        for what, secret in secrets.items():
            for how, needle in written(secret):
                self.needles.setdefault(needle, f"{what}: {how}")
        self._by_start: dict[int, list[bytes]] = {}
        for needle in self.needles:
            start = int.from_bytes(needle[:_LEAST_BYTES], "little")
            self._by_start.setdefault(start, []).append(needle)
        self._starts = np.array(sorted(self._by_start), dtype=np.uint64)

    def found_in(self, data: bytes) -> list[str]:
        """What of it, and in which writing, is in `data`."""
        found = {needle for place in self._places(data) for needle in self._at(data, place)}
        return sorted(self.needles[needle] for needle in found)

    def _places(self, data: bytes) -> Iterator[int]:
        """Where something begins as a needle does: thousands of needles in one reading."""
        padded = data + bytes(2 * _WORD)
        for shift in range(_WORD):
            words = np.frombuffer(padded, "<u8", offset=shift, count=len(data) // _WORD + 1)
            starts = words & np.uint64((1 << 8 * _LEAST_BYTES) - 1)
            nearest = np.searchsorted(self._starts, starts).clip(max=len(self._starts) - 1)
            for hit in np.flatnonzero(self._starts[nearest] == starts):
                yield shift + _WORD * int(hit)

    def _at(self, data: bytes, place: int) -> list[bytes]:
        start = int.from_bytes(data[place : place + _LEAST_BYTES], "little")
        return [one for one in self._by_start.get(start, []) if data.startswith(one, place)]


def written(secret: str) -> Iterator[tuple[str, bytes]]:
    """Every way of writing `secret`, with its name."""
    for form, text in _forms(secret):
        for how, needle in _encoded(text):
            yield f"{form}, {how}", needle
        yield from ((f"{form}, {how}", needle) for how, needle in _hashed(text))


def _forms(secret: str) -> Iterator[tuple[str, str]]:
    yield "as it is", secret
    yield "in small letters", secret.casefold()
    yield "in capitals", secret.upper()
    yield "decomposed", unicodedata.normalize("NFD", secret)
    bare = secret.lstrip("@+")
    yield "bare", bare
    for word in re.findall(rf"[^\W\d_]{{{_LEAST_LETTERS},}}", secret):
        yield f"word {word}", word
        yield f"word {word} in small letters", word.casefold()
    digits = re.sub(r"\D", "", secret)
    if re.fullmatch(r"\d{4}-\d\d-\d\d", secret):
        year, month, day = secret.split("-")
        yield "day first", f"{day}.{month}.{year}"
        yield "with slashes", f"{day}/{month}/{year}"
    elif secret.startswith("+"):
        yield "digits", digits
        yield "national digits", digits[1:]
        yield "as dialled", f"8{digits[1:]}"
        yield "spaced", f"+{digits[0]} {digits[1:4]} {digits[4:7]} {digits[7:9]} {digits[9:]}"
        yield "as an alias", f"phone:{secret}"
    elif digits == secret:
        yield "as an alias", f"tax:{secret}"


def _encoded(text: str) -> Iterator[tuple[str, bytes]]:
    if text.isdigit() and len(text) < _LEAST_DIGITS:
        return
    for codec in _CODECS:
        try:
            raw = text.encode(codec)
        except UnicodeEncodeError:
            continue
        if len(raw) >= _LEAST_BYTES:
            yield codec, raw
    raw = text.encode()
    if len(raw) < _LEAST_BYTES:
        return
    yield "hexadecimal", raw.hex().encode()
    yield "HEXADECIMAL", raw.hex().upper().encode()
    for alphabet, encode in (("base64", base64.b64encode), ("base64url", base64.urlsafe_b64encode)):
        for shift in range(3):
            yield alphabet, _inside(encode(b"\0" * shift + raw), shift, len(raw))
    escaped = json.dumps(text)[1:-1].encode()
    yield "escaped in JSON", escaped
    yield "ESCAPED in JSON", re.sub(rb"u[0-9a-f]{4}", lambda m: b"u" + m[0][1:].upper(), escaped)
    yield "escaped in addresses", quote(text, safe="").encode()
    yield "escaped in Python", text.encode("unicode_escape")


def _inside(encoded: bytes, shift: int, size: int) -> bytes:
    """The characters of base64 that depend on the text alone, wherever in a longer one it stood."""
    return encoded[-(-shift * 8 // 6) : (shift + size) * 8 // 6]


def _hashed(text: str) -> Iterator[tuple[str, bytes]]:
    for name in _HASHES:
        digest = hashlib.new(name, text.encode()).digest()
        yield name, digest
        yield f"{name} in hexadecimal", digest.hex().encode()
        yield f"{name} in HEXADECIMAL", digest.hex().upper().encode()
        yield f"{name} in base64", base64.b64encode(digest).rstrip(b"=")
        yield f"{name} in base64url", base64.urlsafe_b64encode(digest).rstrip(b"=")
