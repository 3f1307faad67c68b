# SPDX-License-Identifier: Apache-2.0
"""A batch as it comes in, sorted into what columns can decide and what the rules must.

Two ways in, one form: orders as objects (`Request.of_orders`) and plain transfers as
arrays (`Request.of_columns`).
"""

from collections.abc import Callable, Mapping, Sequence, Set
from typing import cast

import numpy as np

from kerege.ledger.encoding import decode_order
from kerege.ledger.errors import MisshapenColumns
from kerege.ledger.expiry import is_expiry
from kerege.ledger.form import Fault, fault_of_order
from kerege.ledger.grouping import distinct
from kerege.ledger.ids import ORDER_ID_BYTES, AccountId, OrderId
from kerege.ledger.order import Order, PendingRef, Transfer
from kerege.ledger.simple_encoding import (
    PLAIN_CONSTANTS,
    PLAIN_LAYOUT,
    encode_plain,
    is_plain,
    is_simple,
)
from kerege.ledger.state import Ints
from kerege.ledger.step_columns import NO_STEPS, Mask, StepColumns, columns_of

__all__ = ["Columns", "Request", "accounts_of", "plain_columns"]


class Columns:
    """Plain transfers as arrays of equal length: row i is an order of its own.

    `ids` is 16 bytes a row, one after the other; `debit`, `credit` account ids; `amount`
    minor units; `code` the caller's classification. Raises `MisshapenColumns` where shapes
    do not fit: that is the caller's mistake, while bad values are refused row by row.
    """

    __slots__ = ("amount", "code", "credit", "debit", "ids")

    def __init__(
        self, *, ids: bytes, debit: Ints, credit: Ints, amount: Ints, code: Ints | None = None
    ) -> None:
        rows, rest = divmod(len(ids) if type(ids) is bytes else 1, ORDER_ID_BYTES)
        if rest:
            raise MisshapenColumns("ids: not a whole number of 16-byte ids", place="ids")
        code = np.zeros(rows, np.int64) if code is None else code
        for name, array in (
            ("debit", debit),
            ("credit", credit),
            ("amount", amount),
            ("code", code),
        ):
            fits = isinstance(array, np.ndarray) and array.shape == (rows,)
            if not fits or array.dtype != np.int64:
                what = f"{name}: {rows} ids need {rows} 64-bit integers"
                raise MisshapenColumns(what, place=name, remedy="pass numpy int64 arrays")
        self.ids = ids
        self.debit, self.credit, self.amount, self.code = debit, credit, amount, code

    def __len__(self) -> int:
        return len(self.amount)

    def __getitem__(self, rows: slice) -> "Columns":
        start, stop, _ = rows.indices(len(self))
        return Columns(
            ids=self.ids[start * ORDER_ID_BYTES : stop * ORDER_ID_BYTES],
            debit=self.debit[rows],
            credit=self.credit[rows],
            amount=self.amount[rows],
            code=self.code[rows],
        )

    def order_ids(self) -> list[OrderId]:
        """The ids, one a row."""
        size, ids = ORDER_ID_BYTES, self.ids
        # A call of `OrderId` for each would cost more than taking them apart.
        return cast("list[OrderId]", [ids[at : at + size] for at in range(0, len(ids), size)])

    def order(self, row: int) -> Order:
        """Row `row` as an order."""
        transfer = Transfer(
            debit=AccountId(int(self.debit[row])),
            credit=AccountId(int(self.credit[row])),
            amount=int(self.amount[row]),
            code=int(self.code[row]),
        )
        at = row * ORDER_ID_BYTES
        return Order(id=OrderId(self.ids[at : at + ORDER_ID_BYTES]), steps=(transfer,))


class Request:
    """One batch. `simple` are the places of simple orders, whose steps are `steps`, `counts` of
    them an order; `others` are the places of all other well-formed orders. `kept` tells which of
    the simple ones are not plain, and so are stored by their bytes and may have a time they are
    valid in, from `valid_from_us` until `valid_until_us` (0: no end); None if all are plain.

    `debit_rows` and `credit_rows` are where `accounts()` has the accounts of the steps.

    The rest is faulty, and nothing in it is looked up: its place in `ids` holds `b""`.
    """

    __slots__ = (
        "_accounts",
        "_faults",
        "_formed",
        "_order",
        "attempts",
        "counts",
        "credit_rows",
        "debit_rows",
        "ids",
        "kept",
        "others",
        "own",
        "simple",
        "steps",
        "valid_from_us",
        "valid_until_us",
    )

    def __init__(
        self,
        ids: Sequence[OrderId],
        simple: Ints,
        steps: StepColumns,
        others: list[int],
        own: bool,
        order: Callable[[int], Order],
        faults: Mapping[int, Fault] | None = None,
    ) -> None:
        self._faults = faults or {}
        self.ids = ids
        self.simple = simple
        self.steps = steps
        self.counts = np.bincount(steps.order, minlength=len(simple))
        self.others = others
        self._formed = frozenset(others)
        self.own = own
        self._order = order
        self.attempts: Set[int] = frozenset()
        self.kept: Mask | None = None
        self.valid_from_us = self.valid_until_us = _EMPTY
        named = [a for place in others for a in accounts_of(order(place))]
        every = np.concatenate((steps.debit, steps.credit, np.array(named, np.int64)))
        self._accounts, rows = distinct(every)
        count = len(steps.order)
        self.debit_rows, self.credit_rows = rows[:count], rows[count : 2 * count]

    @classmethod
    def of_orders(
        cls, orders: Sequence[Order], *, own: bool = False, attempts: Set[int] = frozenset()
    ) -> "Request":
        """From objects. `own` orders are the ledger's own doing (expiries); `attempts` as
        attribute."""
        places = [place for place, order in enumerate(orders) if is_simple(order)]
        steps = columns_of([orders[place] for place in places])
        if steps is None:
            places = [place for place in places if columns_of([orders[place]]) is not None]
            steps = columns_of([orders[place] for place in places]) or NO_STEPS
        simple = set(places)
        others = [place for place in range(len(orders)) if place not in simple]
        found = {} if own else {place: fault_of_order(orders[place]) for place in others}
        faults = {place: fault for place, fault in found.items() if fault is not None}
        ids = [order.id for order in orders]
        for place in faults:
            ids[place] = OrderId(b"")
        others = [place for place in others if place not in faults]
        found_places = np.array(places, np.int64)
        request = cls(ids, found_places, steps, others, own, orders.__getitem__, faults)
        request._note_kept([orders[place] for place in places])
        request.attempts = attempts
        return request

    @classmethod
    def of_columns(cls, columns: Columns) -> "Request":
        """From arrays."""
        steps = StepColumns.of_plain(columns.debit, columns.credit, columns.amount, columns.code)
        return cls(columns.order_ids(), np.arange(len(columns)), steps, [], False, columns.order)

    @classmethod
    def of_bodies(cls, bodies: Sequence[bytes], evidences: Sequence[bytes]) -> "Request":
        """From the bytes of accepted orders; raises `MalformedOrderBytes` at a faulty one.

        The ledger's own orders are among themselves in a batch, as they were when decided.
        """
        columns = None if any(evidences) else plain_columns(bodies)
        if columns is not None:
            return cls.of_columns(columns)
        orders = [decode_order(*pair) for pair in zip(bodies, evidences, strict=True)]
        return cls.of_orders(orders, own=all(is_expiry(order) for order in orders))

    def _note_kept(self, orders: Sequence[Order]) -> None:
        kept = [not is_plain(order) for order in orders]
        if any(kept):
            self.kept = np.array(kept, np.bool_)
            self.valid_from_us = np.array([o.terms.valid_from_us for o in orders], np.int64)
            self.valid_until_us = np.array([o.terms.valid_until_us for o in orders], np.int64)

    def __len__(self) -> int:
        return len(self.ids)

    def order(self, place: int) -> Order:
        """The order at `place`."""
        return self._order(place)

    def fault(self, place: int) -> Fault | None:
        """What is wrong with the form of the order at `place`."""
        if self.own:
            return None
        if place in self._faults:
            return self._faults[place]
        return None if place in self._formed else fault_of_order(self.order(place))

    def accounts(self) -> Ints:
        """Every account the batch names, sorted, once each."""
        return self._accounts

    def pending_refs(self) -> set[PendingRef]:
        """Every pending transfer the batch names."""
        steps = (step for place in self.others for step in self.order(place).steps)
        return {s.pending for s in steps if isinstance(s, Transfer) and s.pending is not None}


def accounts_of(order: Order) -> list[int]:
    """Accounts an order touches or looks at; only those that could exist."""
    found: list[object] = [expectation.account for expectation in order.terms.expects]
    for step in order.steps:
        if isinstance(step, Transfer):
            found += (step.debit, step.credit)
        else:
            found.append(getattr(step, "account", 0))
    return [a for a in found if type(a) is int and 0 < a < 2**62]


def plain_columns(bodies: Sequence[bytes]) -> Columns | None:
    """The columns of plain orders' bytes; None unless every one of them is plain."""
    if any(len(body) != PLAIN_LAYOUT.itemsize for body in bodies):
        return None
    table = np.frombuffer(b"".join(bodies), PLAIN_LAYOUT)
    sample = np.frombuffer(encode_plain(bytes(16), 0, 0, 0, 0), PLAIN_LAYOUT)[0]
    if any((table[name] != sample[name]).any() for name in PLAIN_CONSTANTS):
        return None
    if any((table[name] > _MAX_SIGNED).any() for name in ("debit", "credit", "amount")):
        return None
    debit, credit, amount, code = (
        table[name].astype(np.int64) for name in ("debit", "credit", "amount", "code")
    )
    ids = np.ascontiguousarray(table["id"]).tobytes()
    return Columns(ids=ids, debit=debit, credit=credit, amount=amount, code=code)


_MAX_SIGNED = 2**63 - 1


_EMPTY = np.zeros(0, np.int64)
