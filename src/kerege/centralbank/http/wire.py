# SPDX-License-Identifier: Apache-2.0
"""Bodies of the core's interface that are not documents of other rooms."""

from typing import Annotated, Final

from msgspec import Meta, Struct

from kerege.keys import MAX_COMPACT_BYTES
from kerege.ledger import OrderId, parse_order_id
from kerege.payments import ParticipantId, Verdict
from kerege.payments.holdings import Balance, Line

__all__ = [
    "MAX_BATCH_BYTES",
    "MAX_BATCH_ORDERS",
    "MAX_ORDER_BYTES",
    "Balances",
    "Lines",
    "OrderText",
    "OrderTexts",
    "PublicParticipant",
    "PublicParticipants",
    "Verdicts",
    "order_of",
]

MAX_BATCH_ORDERS: Final = 4_096
"""Orders in one submission: as many as go through together."""

MAX_BATCH_BYTES: Final = 8 * 1024 * 1024
"""Bytes of one submission: 4 096 ordinary orders have 3 MB."""

MAX_ORDER_BYTES: Final = 2 * MAX_COMPACT_BYTES
"""Bytes of a body with one order: a text that is a little too long is told so by name."""

_Text = Annotated[str, Meta(max_length=MAX_COMPACT_BYTES)]


class OrderTexts(Struct, frozen=True, forbid_unknown_fields=True):
    """Signed orders (compact JWS)."""

    orders: Annotated[tuple[_Text, ...], Meta(max_length=MAX_BATCH_ORDERS)]


class OrderText(Struct, frozen=True, forbid_unknown_fields=True):
    """One signed order (compact JWS)."""

    order: _Text


class Verdicts(Struct, frozen=True):
    """One verdict for each order, in their order."""

    verdicts: list[Verdict]


class Balances(Struct, frozen=True):
    """Balances of a wallet, one for each asset and mark."""

    balances: list[Balance]


class Lines(Struct, frozen=True):
    """Lines of a statement, newest first."""

    lines: list[Line]


class PublicParticipant(Struct, frozen=True):
    """What anyone may know of a participant. `keys` are those in force, public JWKs as text by the
    thumbprint that is the `keyid` of its requests: so institutions know each other too. `wallet` is
    its own; the operator's is the one that is paid to redeem money."""

    id: ParticipantId
    roles: list[str]
    name: dict[str, str]
    licence: str
    since_us: int
    suspended: bool
    keys: dict[str, str]
    wallet: str


class PublicParticipants(Struct, frozen=True):
    """All participants, by name."""

    participants: list[PublicParticipant]


def order_of(text: str) -> OrderId:
    """The id of an order in an address; raises `MalformedId`."""
    return parse_order_id(text)
