# SPDX-License-Identifier: Apache-2.0
"""What the ledger raises. Refusals of orders are not here: they are values (`refusal.py`)."""

from kerege.errors import KeregeError

__all__ = [
    "BatchTooLarge",
    "ExportFault",
    "LedgerError",
    "LedgerInUse",
    "LedgerNotEmpty",
    "MalformedId",
    "MisshapenColumns",
    "NothingToExplain",
    "Overloaded",
    "SchemaTooNew",
    "StoreFailed",
    "UnknownAccount",
]

_SHOWN_CHARACTERS = 40


class LedgerError(KeregeError):
    """Base of all errors of this room."""


class MalformedId(LedgerError):
    """A text that should have been an id is not one."""

    def __init__(self, text: str, *, expected: str) -> None:
        super().__init__(f"{text[:_SHOWN_CHARACTERS]!r} is not an id", remedy=f"write {expected}")


class MisshapenColumns(LedgerError):
    """Arrays given to the columnar entry point do not belong together."""


class NothingToExplain(LedgerError):
    """An accepted order was given where a refused one belongs."""


class UnknownAccount(LedgerError):
    """A question about an account this ledger never opened."""


class StoreFailed(LedgerError):
    """The database did not confirm a batch.

    Nothing is known about the orders in it until they are sent again: sending the
    same orders is always safe and returns what became of them.
    """


class Overloaded(LedgerError):
    """More orders wait than the ledger is willing to keep; nothing was taken."""


class LedgerInUse(LedgerError):
    """Another process writes this embedded database."""


class SchemaTooNew(LedgerError):
    """The database was written by a newer release than this one."""


class BatchTooLarge(LedgerError):
    """More steps than one batch can number; `Ledger.post` splits before it comes to that."""


class LedgerNotEmpty(LedgerError):
    """An import needs a ledger in which nothing has happened yet."""


class ExportFault(LedgerError):
    """An export is truncated, altered or does not add up; `place` names the line."""
