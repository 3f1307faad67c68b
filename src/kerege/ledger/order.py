# SPDX-License-Identifier: Apache-2.0
"""Orders: what a caller asks of the ledger, all of it or nothing.

An order is a tuple of steps. A step moves money (`Transfer`) or changes an account
(`OpenAccount`, ...), so that account changes are ordered, idempotent and logged by
the same mechanism as money.
"""

from enum import IntEnum, unique
from typing import Final

from msgspec import Struct

from kerege.ledger.account import Role, Status
from kerege.ledger.ids import UNMARKED, AccountId, Mark, OrderId

__all__ = [
    "MAX_CODE",
    "MAX_EVIDENCE_BYTES",
    "MAX_EXPECTATIONS",
    "MAX_HOLD_S",
    "MAX_OWNER_CHARACTERS",
    "MAX_STEPS",
    "NO_TERMS",
    "AccountChange",
    "CloseAccount",
    "DeclareAsset",
    "Expectation",
    "Kind",
    "OpenAccount",
    "Order",
    "PendingRef",
    "SetLimits",
    "SetStatus",
    "Step",
    "Terms",
    "Transfer",
]

MAX_STEPS: Final = 8_192
"""Steps in one order: half a batch, so that one order never fills a batch alone."""

MAX_EXPECTATIONS: Final = 16
"""Balances one order may be conditional on; each is a row to load."""

MAX_EVIDENCE_BYTES: Final = 64 * 1024
"""Signed document kept with an order: ample for a JWS of thousands of transfers' digest."""

MAX_HOLD_S: Final = 400 * 24 * 3600
"""Longest pending transfer: card schemes know 30 days, deposits a year; then ask again."""

MAX_CODE: Final = 2**31 - 1
"""Caller's own classification of a transfer (purpose, product), never interpreted here."""

MAX_OWNER_CHARACTERS: Final = 64
"""Owner reference: an opaque pseudonym, never a name or a number of a person."""


@unique
class Kind(IntEnum):
    """What a transfer does to the two cells it names."""

    POST = 1
    """Moves `amount` now."""

    POST_UP_TO = 2
    """Moves what is there, at most `amount`: what the debit cell can spend and the
    credit account may still hold. Zero is a valid result and is recorded."""

    PENDING = 3
    """Reserves `amount` until it is captured, voided or `timeout_s` has passed."""

    CAPTURE = 4
    """Posts `amount` of a pending transfer and releases the rest."""

    CAPTURE_PART = 5
    """Posts `amount` of a pending transfer; the rest stays reserved."""

    VOID = 6
    """Releases a pending transfer."""

    EXPIRE = 7
    """Releases a pending transfer whose time has passed; the ledger's own doing."""


class PendingRef(Struct, frozen=True, gc=False):
    """Names a pending transfer by the order that made it and the step within it."""

    order_id: OrderId
    step: int = 0


class Transfer(Struct, frozen=True, gc=False):
    """One amount of one mark from a debit account to a credit account, in minor units.

    For CAPTURE, CAPTURE_PART and VOID `pending` names what is resolved, and accounts and
    mark must be those of the pending transfer: a mistaken reference is refused instead of
    moving someone else's money. VOID has amount 0.
    """

    debit: AccountId
    credit: AccountId
    amount: int
    mark: Mark = UNMARKED
    kind: Kind = Kind.POST
    code: int = 0
    timeout_s: int = 0
    pending: PendingRef | None = None


class DeclareAsset(Struct, frozen=True, gc=False):
    """Lets the ledger count a new asset with `scale` decimal places."""

    asset: str
    scale: int


class OpenAccount(Struct, frozen=True, gc=False):
    """Opens an account; the outcome carries the id the ledger gave it."""

    asset: str
    role: Role
    owner: str
    floor: int | None = 0
    ceiling: int | None = None


class SetLimits(Struct, frozen=True, gc=False):
    """Replaces both limits of an account."""

    account: AccountId
    floor: int | None
    ceiling: int | None


class SetStatus(Struct, frozen=True, gc=False):
    """Freezes or releases an account's debits, credits or both."""

    account: AccountId
    status: Status


class CloseAccount(Struct, frozen=True, gc=False):
    """Closes an empty account for good."""

    account: AccountId


AccountChange = DeclareAsset | OpenAccount | SetLimits | SetStatus | CloseAccount
Step = Transfer | AccountChange


class Expectation(Struct, frozen=True, gc=False):
    """The order holds only if this cell has this posted balance or this version."""

    account: AccountId
    mark: Mark = UNMARKED
    balance: int | None = None
    version: int | None = None


class Terms(Struct, frozen=True, gc=False):
    """Conditions of a whole order; times in microseconds since 1970 UTC, 0 for none."""

    valid_from_us: int = 0
    valid_until_us: int = 0
    expects: tuple[Expectation, ...] = ()


NO_TERMS: Final = Terms()


class Order(Struct, frozen=True, gc=False):
    """Steps that happen all or not at all, under an id that makes repeats harmless.

    `evidence` is what authorised the order (a signed document), kept byte for byte.
    """

    id: OrderId
    steps: tuple[Step, ...]
    terms: Terms = NO_TERMS
    evidence: bytes = b""
