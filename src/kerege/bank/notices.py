# SPDX-License-Identifier: Apache-2.0
"""What the bank has to tell: of orders decided late, of money that came, of deposits credited.

Told inside the SQL transaction that makes it so, so that what happened is told and what did not is
not. Who listens (an outbox for webhooks, screens and streams) brings a `Teller`.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final, Protocol

import sqlalchemy as sa
from msgspec import Struct

__all__ = ["CONCERNED", "Notice", "Silent", "Teller", "concerned_key"]

CONCERNED: Final = "concerned"
"""The kind of a notice of an order that moved none of the wallet's money."""


class Notice(Struct, frozen=True, omit_defaults=True):
    """Something of interest to whoever has `wallet`.

    `kind`: `moved` (money of the wallet moved or was reserved: `change`, `held`, minor units),
    `decided` (an order that was on its way got its answer: `code`), `deposited` (the customer's
    deposit was credited with `change`), `concerned` (an order of `counterparty` concerns the wallet
    though it moved none of its money). `key` is the same however often it is told.
    """

    key: str
    kind: str
    wallet: str
    order: str
    at_us: int
    asset: str = ""
    change: int = 0
    held: int = 0
    mark: int = 0
    counterparty: str = ""
    code: str = ""
    document: str = ""
    """The kind of the order."""
    role: str = ""
    """What the wallet is to an order that concerns it: supplier, buyer, acceptor..."""
    papers: tuple[str, ...] = ()
    """Of its own papers, those the order names."""
    paper: Mapping[str, Any] = {}
    """The order's document, where its signer shows it to the wallet."""


def concerned_key(by: str) -> str:
    """How the keys of all notices begin that tell what the wallet `by` signed."""
    return f"{CONCERNED}:{by}:"


class Teller(Protocol):
    """Where notices go."""

    def tell(self, connection: sa.Connection, notices: Sequence[Notice]) -> None:
        """Keep `notices` in the SQL transaction of `connection`."""


class Silent:
    """A teller nobody listens to."""

    def tell(self, connection: sa.Connection, notices: Sequence[Notice]) -> None:
        """Keep nothing."""
