# SPDX-License-Identifier: Apache-2.0
"""The promises, checked on the store's own rows, without the ledger's code.

`audit_rows` recomputes everything from the file; `audit_cells` compares what the ledger says
with the model.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any

from kerege.ledger.account import MAX_BALANCE, Role, Status
from kerege.ledger.book import PendingState
from kerege.ledger.refusal import Refusal
from kerege.ledger.stores.interface import Store
from tests.properties.model_ledger import ModelLedger
from tests.simulation.chronicle import Violation

__all__ = ["ORDERS", "Ask", "audit_cells", "audit_history", "audit_rows"]

Ask = Callable[[str], Sequence[tuple[Any, ...]]]

ORDERS = """
    SELECT number, id FROM orders
    UNION ALL SELECT order_number, order_id FROM transfers WHERE order_id IS NOT NULL
    ORDER BY 1
"""

ENDS = {
    None: PendingState.OPEN,
    Refusal.PENDING_ALREADY_CAPTURED: PendingState.CAPTURED,
    Refusal.PENDING_ALREADY_VOIDED: PendingState.VOIDED,
    Refusal.PENDING_EXPIRED: PendingState.EXPIRED,
}


def must(holds: object, what: str) -> None:
    """Raise `Violation` unless it holds."""
    if not holds:
        raise Violation(what)


def audit_cells(store: Store, model: ModelLedger) -> None:
    """Every account and balance is the model's."""
    must([*store.assets()] == [*model.assets.items()], "assets are those declared")
    for account_id, account in model.accounts.items():
        info = store.account(account.id)
        must(info is not None and info.account == account, f"account {account_id}: {info}")
        for mark, cell in store.cells_of(account.id).items():
            found = (cell.balance, cell.debits_pending, cell.credits_pending, cell.version)
            wanted = model.cells.get((account_id, mark), (0, 0, 0, 0))
            must(found == wanted, f"cell {account_id}/{mark}: {found}, not {wanted}")
    known = {(a, mark) for a in model.accounts.values() for mark in store.cells_of(a.id)}
    missing = {key for key in model.cells if key[1]} - {(a.id, mark) for a, mark in known}
    must(not missing, f"cells forgotten: {missing}")


def audit_rows(ask: Ask, model: ModelLedger) -> None:
    """Promises 1 to 4 from the rows alone, then each row against the model."""
    accounts = _accounts(ask)
    cells = _fold(ask)
    _audit_sums(accounts, cells)
    _audit_limits(accounts, cells)
    _audit_orders(ask, model)
    wanted = {key: cell[:3] for key, cell in model.cells.items()}
    must({k: tuple(c) for k, c in cells.items()} == wanted, "transfers add up to the balances")
    _audit_pendings(ask, model)


def _accounts(ask: Ask) -> dict[int, tuple[Any, ...]]:
    rows = ask("SELECT id, asset, role, floor, ceiling, status FROM accounts")
    return {row[0]: row[1:] for row in rows}


def _fold(ask: Ask) -> dict[tuple[int, int], list[int]]:
    """Balance, pending out and pending in of every cell, from its transfers."""
    cells: dict[tuple[int, int], list[int]] = defaultdict(lambda: [0, 0, 0])
    rows = ask("SELECT debit, credit, mark, posted, held FROM transfers ORDER BY seq")
    for debit, credit, mark, posted, held in rows:
        cells[debit, mark][0] -= posted
        cells[credit, mark][0] += posted
        cells[debit, mark][1] += held
        cells[credit, mark][2] += held
    return dict(cells)


def _audit_sums(accounts: dict[int, Any], cells: dict[tuple[int, int], list[int]]) -> None:
    sums: dict[tuple[int, int], int] = defaultdict(int)
    circulation: dict[int, int] = defaultdict(int)
    for (account, mark), (balance, _, _) in cells.items():
        asset, role = accounts[account][:2]
        sums[asset, mark] += balance
        circulation[asset] += balance if role != Role.ISSUER else 0
    must(not any(sums.values()), f"debits equal credits: {dict(sums)}")
    for asset, amount in circulation.items():
        issued = -sum(
            cell[0]
            for (account, _), cell in cells.items()
            if accounts[account][:2] == (asset, Role.ISSUER)
        )
        must(amount == issued, f"asset {asset}: {amount} in circulation, {issued} issued")


def _audit_limits(accounts: dict[int, Any], cells: dict[tuple[int, int], list[int]]) -> None:
    holdings: dict[int, int] = defaultdict(int)
    spendable: dict[int, int] = defaultdict(int)
    for (account, mark), (balance, out, coming) in cells.items():
        _, role, floor, _, status = accounts[account]
        holdings[account] += balance + coming
        spendable[account] += balance - out
        where = f"cell {account}/{mark}"
        must(out >= 0 <= coming, f"{where}: pending {out}, {coming}")
        must(abs(balance) <= MAX_BALANCE, f"{where}: {balance} is out of range")
        must(not status & Status.CLOSED or not (balance or out or coming), f"{where}: closed")
        if role in (Role.HOLDER, Role.COLLECTOR):
            lowest = 0 if mark else floor
            must(balance - out >= lowest, f"{where}: {balance} - {out} is below {lowest}")
    for account, (_, role, _, ceiling, _) in accounts.items():
        must(ceiling is None or holdings[account] <= ceiling, f"account {account}: above ceiling")
        if role == Role.CONVERTER:
            must(spendable[account] >= 0, f"converter {account}: below zero over all marks")


def _audit_orders(ask: Ask, model: ModelLedger) -> None:
    orders = ask(ORDERS)
    accepted = {order_id for order_id, (_, refusal, _) in model.decided.items() if refusal is None}
    must(len(orders) == len({row[1] for row in orders}), "an order takes effect at most once")
    must({row[1] for row in orders} == accepted, "accepted orders are there, and no others")
    refused = {row[0] for row in ask("SELECT id FROM refusals")}
    must(refused == model.decided.keys() - accepted, "settled refusals are there, and no others")
    _audit_places(ask, orders)


def _audit_places(ask: Ask, orders: Sequence[tuple[Any, ...]]) -> None:
    """Batches follow each other and number every order as a leaf."""
    of_batch: dict[int, list[int]] = defaultdict(list)
    for number, _ in orders:
        of_batch[number >> 14].append(number & 16_383)
    leaf, last_at_us = 0, 0
    for place, (batch, at_us, count, first_leaf) in enumerate(
        ask("SELECT batch, at_us, orders, first_leaf FROM batches ORDER BY batch")
    ):
        must(batch == place and first_leaf == leaf, f"batch {batch}: a gap in the log")
        must(of_batch[batch] == list(range(count)), f"batch {batch}: a gap in its orders")
        must(at_us >= last_at_us, f"batch {batch}: time went back")
        leaf, last_at_us = leaf + count, at_us
    must(leaf == len(orders), "every accepted order is a leaf")


def _audit_pendings(ask: Ask, model: ModelLedger) -> None:
    rows = ask(
        "SELECT order_id, step, debit, credit, mark, remaining, expires_at_us, state FROM pendings"
    )
    found = {(row[0], row[1]): (row[2:5], *row[5:]) for row in rows}
    wanted = {
        ref: (sides, rest, until, ENDS[end])
        for ref, (sides, rest, until, end) in model.pendings.items()
    }
    must(found == wanted, "pending transfers are as promised")


def audit_history(store: Store, account_id: int, mark: int) -> None:
    """A cell's movements lead back to nothing, each balance following from the one before."""
    key: Any = (account_id, mark)
    after = None
    for movement in store.history(key, before_seq=None):
        if after is not None:
            must(movement.after.balance == after, f"history of {key} at {movement.seq}")
        at = store.cell_at(key, at_us=movement.at_us)
        must(at.version >= movement.after.version, f"balance of {key} at {movement.at_us}")
        after = movement.after.balance - movement.change
    must(after in (None, 0), f"history of {key} begins with {after}")
