# SPDX-License-Identifier: Apache-2.0
"""Orders that bring a programme's money back to its funder. Pure.

No wallet signs them. Their authority is the programme itself, put in force by two people of the
central bank over terms its funder signed: the evidence names that proposal. See
docs/decisions/recall-is-agreed-beforehand.md.
"""

from collections.abc import Iterator, Mapping
from typing import Final, Literal

import msgspec
from msgspec import Struct

from kerege.centralbank.register_programmes import (
    Activated,
    ProgrammeRecord,
    ProgrammeState,
)
from kerege.ledger import UNMARKED, AccountId, Cell, Expectation, Mark, Order, Terms, Transfer
from kerege.payments.derived import derived_order_id

__all__ = ["RECALL", "Due", "Places", "RecallText", "due_marks", "recall_order"]

RECALL: Final = "recall"
"""The kind of these orders, in their evidence and in events."""


class RecallText(Struct, frozen=True, kw_only=True):
    """The evidence of a recall. `activated_by` is the proposal that put `version` in force,
    `closed_by` the one that closed the programme, empty where it ended by its terms."""

    kind: Literal["recall"] = "recall"
    programme: str
    version: int
    mark: int
    activated_by: str
    closed_by: str = ""


class Due(Struct, frozen=True):
    """A mark whose money is to return: the terms it lived under, and what ended them."""

    record: ProgrammeRecord
    mark: Mark
    activated: Activated

    @property
    def is_closed(self) -> bool:
        """Whether the programme was closed; otherwise its terms ended."""
        return self.record.state.is_over


class Places(Struct, frozen=True):
    """Where a recall passes through: the converter of the asset, the funder's account, and the
    collector that used-up allowances are counted in."""

    converter: AccountId
    funder: AccountId
    sink: AccountId


def due_marks(records: Mapping[str, ProgrammeRecord], *, now_us: int) -> Iterator[Due]:
    """Marks whose money has to return: of closed programmes all, of others those whose terms
    ended. The money of a suspended programme rests."""
    for record in records.values():
        if record.state is ProgrammeState.SUSPENDED:
            continue
        for mark, activated in record.marks.items():
            if record.state.is_over or activated.terms.ends_us <= now_us:
                yield Due(record, mark, activated)


def recall_order(due: Due, holder: AccountId, cell: Cell, places: Places) -> Order:
    """Everything `holder` can part with of the mark: unmarked to the funder, its allowance back.

    The order holds for this version of the cell alone, so that whoever makes it, and however
    often, the money moves once. Before the terms end by the ledger's own time it is refused.
    """
    amount = cell.available
    mark = due.mark
    steps = (
        Transfer(holder, places.converter, amount, mark=mark),
        Transfer(places.converter, places.funder, amount, mark=UNMARKED),
        Transfer(places.sink, due.record.budget, amount),
    )
    ends_us = 0 if due.is_closed else due.activated.terms.ends_us
    expected = Expectation(holder, mark, version=cell.version)
    terms = Terms(valid_from_us=ends_us, expects=(expected,))
    text = _text_of(due)
    parts = (text.programme, text.version, mark, holder, cell.version, text.closed_by)
    order_id = derived_order_id(RECALL, *map(str, parts))
    return Order(order_id, steps, terms, msgspec.json.encode(text))


def _text_of(due: Due) -> RecallText:
    return RecallText(
        programme=due.record.id,
        version=due.activated.terms.version,
        mark=due.mark,
        activated_by=due.activated.proposal,
        closed_by=due.record.changed_by if due.is_closed else "",
    )
