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
from kerege.ledger.order import NO_TERMS, Order, PendingRef, Transfer
from kerege.ledger.plain import Mask
from kerege.ledger.simple_encoding import PLAIN_CONSTANTS, PLAIN_LAYOUT, encode_plain, is_simple
from kerege.ledger.state import Ints

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
    """One batch. `plain` are the places of plain transfers, whose columns are `debit`,
    `credit`, `amount` and `code`; `others` are the places of all other well-formed orders.
    `signed` tells which of the plain ones have evidence or a time they are valid in, from
    `valid_from_us` until `valid_until_us` (0: no end); None if there are none.

    `debit_rows` and `credit_rows` are where `accounts()` has the accounts of the columns.

    The rest is faulty, and nothing in it is looked up: its place in `ids` holds `b""`.
    """

    __slots__ = (
        "_accounts",
        "_faults",
        "_order",
        "amount",
        "attempts",
        "code",
        "credit",
        "credit_rows",
        "debit",
        "debit_rows",
        "ids",
        "others",
        "own",
        "plain",
        "signed",
        "valid_from_us",
        "valid_until_us",
    )

    def __init__(
        self,
        ids: Sequence[OrderId],
        plain: Ints,
        columns: tuple[Ints, Ints, Ints, Ints],
        others: list[int],
        own: bool,
        order: Callable[[int], Order],
        faults: Mapping[int, Fault] | None = None,
    ) -> None:
        self._faults = faults or {}
        self.ids = ids
        self.plain = plain
        self.debit, self.credit, self.amount, self.code = columns
        self.others = others
        self.own = own
        self._order = order
        self.attempts: Set[int] = frozenset()
        self.signed: Mask | None = None
        self.valid_from_us = self.valid_until_us = _EMPTY
        named = [a for place in others for a in accounts_of(order(place))]
        every = np.concatenate((self.debit, self.credit, np.array(named, np.int64)))
        self._accounts, rows = distinct(every)
        self.debit_rows, self.credit_rows = rows[: len(plain)], rows[len(plain) : 2 * len(plain)]

    @classmethod
    def of_orders(
        cls, orders: Sequence[Order], *, own: bool = False, attempts: Set[int] = frozenset()
    ) -> "Request":
        """From objects. `own` orders are the ledger's own doing (expiries); `attempts` as
        attribute."""
        places = [place for place, order in enumerate(orders) if is_simple(order)]
        columns = _columns_of([orders[place] for place in places])
        if columns is None:
            places = [place for place in places if _columns_of([orders[place]]) is not None]
            columns = _columns_of([orders[place] for place in places]) or _NO_COLUMNS
        plain = set(places)
        others = [place for place in range(len(orders)) if place not in plain]
        found = {} if own else {place: fault_of_order(orders[place]) for place in others}
        faults = {place: fault for place, fault in found.items() if fault is not None}
        ids = [order.id for order in orders]
        for place in faults:
            ids[place] = OrderId(b"")
        others = [place for place in others if place not in faults]
        places_found = np.array(places, np.int64)
        request = cls(ids, places_found, columns, others, own, orders.__getitem__, faults)
        request._note_signed([orders[place] for place in places])
        request.attempts = attempts
        return request

    @classmethod
    def of_columns(cls, columns: Columns) -> "Request":
        """From arrays."""
        arrays = (columns.debit, columns.credit, columns.amount, columns.code)
        return cls(columns.order_ids(), np.arange(len(columns)), arrays, [], False, columns.order)

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

    def _note_signed(self, orders: Sequence[Order]) -> None:
        signed = [bool(order.evidence) or order.terms != NO_TERMS for order in orders]
        if any(signed):
            self.signed = np.array(signed, np.bool_)
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
        return self._faults.get(place) or fault_of_order(self.order(place))

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


def _columns_of(orders: Sequence[Order]) -> tuple[Ints, Ints, Ints, Ints] | None:
    """Fields of plain orders as arrays, or None where one does not fit as it is: numpy would
    take a bool or a float for an integer, which the rules refuse."""
    transfers = [order.steps[0] for order in orders]
    ids = [order.id for order in orders]
    if set(map(type, ids)) - {bytes} or set(map(len, ids)) - {ORDER_ID_BYTES}:
        return None
    fields = (
        [transfer.debit for transfer in transfers],  # type: ignore[union-attr]
        [transfer.credit for transfer in transfers],  # type: ignore[union-attr]
        [transfer.amount for transfer in transfers],  # type: ignore[union-attr]
        [transfer.code for transfer in transfers],  # type: ignore[union-attr]
    )
    if any(set(map(type, field)) - {int} for field in fields):
        return None
    try:
        debit, credit, amount, code = (np.array(field, np.int64) for field in fields)
    except OverflowError:
        return None
    return debit, credit, amount, code


_EMPTY = np.zeros(0, np.int64)
_NO_COLUMNS = (_EMPTY, _EMPTY, _EMPTY, _EMPTY)
