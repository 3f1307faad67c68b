# SPDX-License-Identifier: Apache-2.0
"""What a programme's rules may look at, and what they answer. Pure."""

from collections.abc import Sequence

from msgspec import Struct

from kerege.programmes.document import Item, Route

__all__ = ["Allowed", "Blocked", "Contracted", "Party", "Situation"]


class Party(Struct, frozen=True, kw_only=True):
    """Payer or payee: what the core knows of a wallet, and no person."""

    kind: str
    tier: str
    category: str = ""
    region: str = ""
    vat: bool = False
    bank: str = ""
    is_funder: bool = False


class Contracted(Struct, frozen=True, kw_only=True):
    """The registered contract a payment is for. `depth`: 1 for the funder's own, 2 for a
    subcontract of that... `unmet`: names of obligations that are not met at present."""

    is_buyer: bool
    """Whether the payer is the contract's buyer."""
    is_supplier: bool
    """Whether the payee is the contract's supplier."""
    depth: int
    of_programme: bool
    """Whether the contract, and all it hangs under, belong to this programme."""
    unmet: tuple[str, ...] = ()
    by_supplier: bool = False
    """Whether the payer is the contract's supplier, who spends what it was paid."""
    last: bool = False
    """Whether the contract's supplier passes nothing on to others."""


class Situation(Struct, frozen=True, kw_only=True):
    """One leg of a payment: `amount` in all, minor units, at `at_us`."""

    payer: Party
    payee: Party
    amount: int
    at_us: int
    purpose: int = 0
    channel: str = ""
    items: Sequence[Item] = ()
    contract: Contracted | None = None
    invoiced: bool = False
    """Whether the payment is for a registered invoice of the payee to the payer."""


class Allowed(Struct, frozen=True):
    """The money may go: on `route`, at most `most` minor units of this leg (caps of longer windows
    than a payment not yet considered)."""

    route: Route
    most: int


class Blocked(Struct, frozen=True):
    """The money may not go: `route` is empty where no way leads there; `rule` names the condition
    or cap; `limit` is what would have passed."""

    route: str = ""
    rule: str = ""
    limit: int = 0
