# SPDX-License-Identifier: Apache-2.0
"""Names of things in the ledger, each its own type, each with a prefix and a parser.

`AccountId` is a small positive integer given out by the ledger in the order accounts
open, so a balance is found by position and ten million accounts need no hash map.
`OrderId` is chosen by the caller: 16 bytes, best time-ordered (UUIDv7), because ids
that arrive in order keep the index on them append-only. Ids that begin with eight bytes
of 255 are the ledger's own.
"""

import re
from typing import Final, NewType

from kerege.ledger.errors import MalformedId

__all__ = [
    "MAX_ACCOUNT_ID",
    "MAX_MARK",
    "ORDER_ID_BYTES",
    "OUT_OF_TIME",
    "OWN_IDS",
    "UNMARKED",
    "AccountId",
    "Mark",
    "OrderId",
    "format_account_id",
    "format_order_id",
    "is_out_of_time",
    "is_own_id",
    "own_id",
    "parse_account_id",
    "parse_order_id",
]

AccountId = NewType("AccountId", int)
OrderId = NewType("OrderId", bytes)
Mark = NewType("Mark", int)

UNMARKED: Final = Mark(0)
"""The mark of money that belongs to no programme."""

MAX_MARK: Final = 2**26 - 1
"""67 million programme issues; an account id and a mark together fit one 64-bit integer."""

MAX_ACCOUNT_ID: Final = 2**36 - 1
"""68 thousand million: eight accounts for each human alive."""

ORDER_ID_BYTES: Final = 16

OWN_IDS: Final = b"\xff" * 8
"""First bytes of the ids the ledger gives its own orders, above all a caller may use."""

OUT_OF_TIME: Final = b"\xff"
"""Where ids begin that no time-ordered scheme makes for 8 000 years."""

_ACCOUNT: Final = re.compile(r"acc_([1-9][0-9]{0,10})", re.ASCII)
_ORDER: Final = re.compile(r"ord_([0-9a-f]{32})", re.ASCII)


def format_account_id(account_id: AccountId) -> str:
    """Text form, for instance `acc_42`."""
    return f"acc_{account_id}"


def parse_account_id(text: str) -> AccountId:
    """Inverse of `format_account_id`; raises `MalformedId`."""
    match = _ACCOUNT.fullmatch(text)
    if match is None or int(match[1]) > MAX_ACCOUNT_ID:
        raise MalformedId(text, expected="acc_ and a positive number without leading zeros")
    return AccountId(int(match[1]))


def format_order_id(order_id: OrderId) -> str:
    """Text form: `ord_` and 32 lower-case hexadecimal digits."""
    return f"ord_{order_id.hex()}"


def parse_order_id(text: str) -> OrderId:
    """Inverse of `format_order_id`; raises `MalformedId`."""
    match = _ORDER.fullmatch(text)
    if match is None:
        raise MalformedId(text, expected="ord_ and 32 lower-case hexadecimal digits")
    return OrderId(bytes.fromhex(match[1]))


def own_id(position: int) -> OrderId:
    """The id of the ledger's own order about the transfer at `position`."""
    return OrderId(OWN_IDS + position.to_bytes(8, "big"))


def is_out_of_time(order_id: bytes) -> bool:
    """Whether an id lies beyond all time-ordered ones: the ledger's own, and ids that callers
    derive. They say nothing of what is new, so stores look them up whenever they come."""
    return order_id >= OUT_OF_TIME


def is_own_id(order_id: bytes) -> bool:
    """Whether an id is one of the ledger's own."""
    return order_id >= OWN_IDS
