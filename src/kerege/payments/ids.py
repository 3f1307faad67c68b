# SPDX-License-Identifier: Apache-2.0
"""Names of wallets, institutions and requests, each its own type with a prefix and a parser. Pure.

All are texts that mean nothing by themselves: a wallet's id is drawn at random by whoever makes
its keys, and says neither who holds it nor where it is kept.
"""

import re
from typing import Final, NewType

from kerege.errors import KeregeError

__all__ = [
    "MAX_PARTICIPANT_CHARS",
    "PARTICIPANT_PATTERN",
    "REQUEST_PATTERN",
    "WALLET_PATTERN",
    "MalformedName",
    "ParticipantId",
    "RequestId",
    "WalletId",
    "format_request_id",
    "format_wallet_id",
    "parse_participant_id",
    "parse_request_id",
    "parse_wallet_id",
]

WalletId = NewType("WalletId", str)
"""`wal_` and 32 lower-case hexadecimal digits; the owner of ledger accounts."""

ParticipantId = NewType("ParticipantId", str)
"""An institution's short name, for instance `altyn-bank`."""

RequestId = NewType("RequestId", str)
"""`req_` and 32 lower-case hexadecimal digits: one request to pay."""

MAX_PARTICIPANT_CHARS: Final = 32
"""Names are typed by people and stand in keys' names and folders."""

# `$` alone would let a final line break pass in Python's `re`.
WALLET_PATTERN: Final = r"^wal_[0-9a-f]{32}$(?!\n)"
REQUEST_PATTERN: Final = r"^req_[0-9a-f]{32}$(?!\n)"
PARTICIPANT_PATTERN: Final = r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$(?!\n)"

_ID_BYTES: Final = 16
_WALLET: Final = re.compile(WALLET_PATTERN, re.ASCII)
_REQUEST: Final = re.compile(REQUEST_PATTERN, re.ASCII)
_PARTICIPANT: Final = re.compile(PARTICIPANT_PATTERN, re.ASCII)


class MalformedName(KeregeError):
    """A text is not the name of what it should name."""

    def __init__(self, text: str, *, expected: str) -> None:
        super().__init__(f"{text[:80]!r} is not {expected}", remedy="copy the name whole")


def format_wallet_id(drawn: bytes) -> WalletId:
    """The wallet id made of 16 random bytes."""
    return WalletId(f"wal_{_hex(drawn)}")


def format_request_id(drawn: bytes) -> RequestId:
    """The request id made of 16 bytes."""
    return RequestId(f"req_{_hex(drawn)}")


def parse_wallet_id(text: str) -> WalletId:
    """Check a wallet id; raises `MalformedName`."""
    _match(_WALLET, text, "a wallet id: wal_ and 32 lower-case hexadecimal digits")
    return WalletId(text)


def parse_request_id(text: str) -> RequestId:
    """Check a request id; raises `MalformedName`."""
    _match(_REQUEST, text, "a request id: req_ and 32 lower-case hexadecimal digits")
    return RequestId(text)


def parse_participant_id(text: str) -> ParticipantId:
    """Check an institution's name; raises `MalformedName`."""
    expected = f"an institution's name: at most {MAX_PARTICIPANT_CHARS} of a-z, 0-9, inner hyphens"
    if len(text) > MAX_PARTICIPANT_CHARS:
        raise MalformedName(text, expected=expected)
    _match(_PARTICIPANT, text, expected)
    return ParticipantId(text)


def _hex(drawn: bytes) -> str:
    if len(drawn) != _ID_BYTES:
        raise MalformedName(drawn.hex(), expected=f"{_ID_BYTES} bytes")
    return drawn.hex()


def _match(pattern: re.Pattern[str], text: str, expected: str) -> None:
    if pattern.fullmatch(text) is None:
        raise MalformedName(text, expected=expected)
