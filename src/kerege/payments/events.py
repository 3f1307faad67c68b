# SPDX-License-Identifier: Apache-2.0
"""What the core tells an institution of accepted orders, as it travels. Pure.

An accepted order in the ledger is the event; its leaf in the log is the cursor. An institution is
told of every order that touched or concerns a wallet it keeps, and of those wallets' side only.
"""

from msgspec import Raw, Struct, field

from kerege.ledger.ids import UNMARKED

__all__ = ["Concern", "Event", "Move", "Page"]


class Move(Struct, frozen=True, gc=False, omit_defaults=True):
    """What one step did to one wallet, in minor units of `asset`.

    `change` is what it did to the balance (0 for money that is only reserved), `held` what it did
    to the reserved side. `overflow`: not the wallet's own account but the one in which its bank
    takes what other wallets may not hold (waterfall). A step of nothing is told of too, for a
    wallet that was full received nothing of what came.
    """

    wallet: str
    asset: str
    change: int
    held: int = 0
    mark: int = UNMARKED
    counterparty: str = ""
    """The wallet on the other side."""
    bank: str = ""
    """The institution that keeps the other side."""
    leg: int = 0
    overflow: bool = False


class Concern(Struct, frozen=True, gc=False, omit_defaults=True):
    """A wallet that an order concerns though it moved none of its money: `role` is what it is to
    the order, `by` who signed it, `papers` those of its own papers that the order names."""

    wallet: str
    role: str
    by: str
    papers: tuple[str, ...] = ()


class Event(Struct, frozen=True, omit_defaults=True):
    """One accepted order. `cursor` is its leaf; `document` the signed document's JSON, null where
    it says what is between others. Of kind `rehome`, without `wallets`: the document's wallet has
    left for the institution it names."""

    cursor: int
    order: str
    at_us: int
    kind: str
    wallets: tuple[Move, ...]
    document: Raw = field(default_factory=lambda: Raw(b"null"))
    concerns: tuple[Concern, ...] = ()


class Page(Struct, frozen=True):
    """Events in order, and the cursor to ask with next: the last leaf looked at, also where
    nothing in it was for the one who asked."""

    events: tuple[Event, ...]
    next: int
