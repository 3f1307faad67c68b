# SPDX-License-Identifier: Apache-2.0
"""Accounts, transfers, orders: a double-entry ledger that can prove what it did.

>>> from tempfile import TemporaryDirectory
>>> from kerege.ledger import *
>>> folder = TemporaryDirectory()
>>> url = f"sqlite:///{folder.name}/ledger.db"
>>> ledger = open_ledger(url, now_us=lambda: 1_800_000_000_000_000)
>>> opening = Order(
...     id=parse_order_id("ord_0190a3c4d5e67f8091a2b3c4d5e6f708"),
...     steps=(
...         DeclareAsset("KZT", scale=2),
...         OpenAccount("KZT", Role.ISSUER, "central-bank", floor=None),
...         OpenAccount("KZT", Role.HOLDER, "w-7f3a"),
...     ),
... )
>>> [outcome] = ledger.post([opening])
>>> _, issuer, holder = outcome.results
>>> payment = Order(
...     id=parse_order_id("ord_0190a3c4d5e67f8091a2b3c4d5e6f709"),
...     steps=(Transfer(debit=issuer, credit=holder, amount=50_000),),
... )
>>> [outcome] = ledger.post([payment])
>>> outcome.accepted
True
>>> [ledger.cells(account)[UNMARKED].balance for account in (issuer, holder)]
[-50000, 50000]
>>> ledger.post([payment])[0].replayed
True
>>> ledger.close()
>>> folder.cleanup()

What is here is the public surface. Words for refusals are in `kerege.ledger.explanations`.
"""

from collections.abc import Callable

from kerege.ledger.account import MAX_AMOUNT, MAX_BALANCE, Account, Cell, CellKey, Role, Status
from kerege.ledger.errors import (
    BatchTooLarge,
    ExportFault,
    LedgerError,
    LedgerInUse,
    LedgerNotEmpty,
    MalformedId,
    MisshapenColumns,
    NothingToExplain,
    Overloaded,
    SchemaTooNew,
    StoreFailed,
    UnknownAccount,
)
from kerege.ledger.ids import (
    UNMARKED,
    AccountId,
    Mark,
    OrderId,
    format_account_id,
    format_order_id,
    parse_account_id,
    parse_order_id,
)
from kerege.ledger.ledger import Ledger
from kerege.ledger.order import (
    NO_TERMS,
    AccountChange,
    CloseAccount,
    DeclareAsset,
    Expectation,
    Kind,
    OpenAccount,
    Order,
    PendingRef,
    SetLimits,
    SetStatus,
    Step,
    Terms,
    Transfer,
)
from kerege.ledger.outcome import Outcome
from kerege.ledger.refusal import Refusal
from kerege.ledger.request import Columns
from kerege.ledger.ruling import OutcomeColumns
from kerege.ledger.stored import AcceptedAt, AccountInfo, Movement

__all__ = [
    "MAX_AMOUNT",
    "MAX_BALANCE",
    "NO_TERMS",
    "UNMARKED",
    "AcceptedAt",
    "Account",
    "AccountChange",
    "AccountId",
    "AccountInfo",
    "BatchTooLarge",
    "Cell",
    "CellKey",
    "CloseAccount",
    "Columns",
    "DeclareAsset",
    "Expectation",
    "ExportFault",
    "Kind",
    "Ledger",
    "LedgerError",
    "LedgerInUse",
    "LedgerNotEmpty",
    "MalformedId",
    "Mark",
    "MisshapenColumns",
    "Movement",
    "NothingToExplain",
    "OpenAccount",
    "Order",
    "OrderId",
    "Outcome",
    "OutcomeColumns",
    "Overloaded",
    "PendingRef",
    "Refusal",
    "Role",
    "SchemaTooNew",
    "SetLimits",
    "SetStatus",
    "Status",
    "Step",
    "StoreFailed",
    "Terms",
    "Transfer",
    "UnknownAccount",
    "format_account_id",
    "format_order_id",
    "open_ledger",
    "parse_account_id",
    "parse_order_id",
]


def open_ledger(url: str, *, now_us: Callable[[], int]) -> Ledger:
    """Open or create the ledger at `sqlite:///file.db` or `postgresql://...`.

    `now_us` tells microseconds since 1970 UTC. Raises `LedgerInUse`, `SchemaTooNew` or
    `StoreFailed`.
    """
    # Whoever only needs the nouns does not load a database.
    from kerege.ledger.stores.opening import open_store

    return Ledger(open_store(url), now_us)
