# SPDX-License-Identifier: Apache-2.0
"""The same orders in the same order give the same ledger on SQLite and on PostgreSQL."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from msgspec.structs import replace

from kerege.ledger.account import Cell
from kerege.ledger.auditing import audit
from kerege.ledger.export_reading import read_export
from kerege.ledger.exporting import export_lines
from kerege.ledger.ids import OWN_IDS, AccountId, Mark, OrderId, is_own_id
from kerege.ledger.ledger import Ledger
from kerege.ledger.order import Order
from kerege.ledger.outcome import Outcome
from kerege.ledger.stored import Movement
from kerege.ledger.stores.interface import Store
from kerege.ledger.stores.opening import open_store
from kerege.runtime import ManualClock
from tests.postgres import Server
from tests.properties.ledger_scripts import ACCOUNTS, BEGINNING, Pause, scripts

START_US = 1_000_000
OWN = OrderId(OWN_IDS + bytes(8))


@pytest.fixture(scope="module")
def template(pg_server: Server) -> Iterator[str]:
    """A database with an empty ledger in it, to be copied."""
    name = pg_server.create_database()
    open_store(pg_server.url(name)).close()
    yield name
    pg_server.drop_database(name)


@given(script=scripts())
@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    # A script is short enough to read, and each attempt to shorten it costs two databases.
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    print_blob=True,
)
def test_both_stores_tell_the_same_story(
    pg_server: Server, template: str, script: list[list[Order] | Pause]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        embedded = _play(open_store(f"sqlite:///{Path(folder, 'ledger.db')}"), script)
    with pg_server.fresh_database(template=template) as url:
        shared = _play(open_store(url), script)
    for ours, theirs in zip(embedded, shared, strict=True):
        assert ours == theirs


def _play(store: Store, script: list[list[Order] | Pause]) -> list[object]:
    """Everything a caller can see, positions aside."""
    clock = ManualClock(START_US)
    ledger = Ledger(store, clock.now_us)
    seen: list[object] = [[_unplaced(outcome) for outcome in ledger.post(BEGINNING)]]
    for event in script:
        if isinstance(event, Pause):
            clock.advance_us(event.seconds * 1_000_000)
            seen.append(ledger.expire() if event.expire else 0)
        else:
            seen.append([_unplaced(outcome) for outcome in ledger.post(event)])
    end_us = clock.now_us()
    for number in range(1, ACCOUNTS + 8):
        account_id = AccountId(number)
        seen.append(store.account(account_id))
        seen.append({mark: _unseen(cell) for mark, cell in store.cells_of(account_id).items()})
        for mark in (Mark(0), Mark(7), Mark(9)):
            key = (account_id, mark)
            seen.append([_placeless(one) for one in store.history(key, before_seq=None)])
            seen.append(_paged(ledger, account_id, mark))
            times = range(START_US - 1, end_us + 1, 1_000_000)
            seen.append([_unseen(store.cell_at(key, at_us=at_us)) for at_us in times])
    seen.append([_unplaced(outcome) for batch in script for outcome in _asked(ledger, batch)])
    seen.append(_log(store))
    with store.snapshot() as snapshot:
        lines = list(export_lines(snapshot, salt_of=lambda order_id: order_id))
    seen.append(replace(audit(read_export(lines)), batches=0))
    ledger.close()
    return seen


def _paged(ledger: Ledger, account_id: AccountId, mark: Mark) -> list[Movement]:
    """A statement read three movements at a time."""
    if ledger._store.account(account_id) is None:
        return []
    found: list[Movement] = []
    before_seq = None
    while page := ledger.statement((account_id, mark), before_seq=before_seq, limit=3):
        found += page
        before_seq = page[-1].seq
    return [_placeless(one) for one in found]


def _asked(ledger: Ledger, batch: list[Order] | Pause) -> Iterator[Outcome]:
    for order in () if isinstance(batch, Pause) else batch:
        found = ledger.outcome(order.id)
        if found is not None:
            yield found


def _log(store: Store) -> list[object]:
    """All leaves in order, read two orders at a time."""
    log: list[object] = []
    while batches := store.batches(first_leaf=len(log), limit=2):
        for batch in batches:
            assert batch.first_leaf == len(log)
            log += [
                (_named(o.id), len(o.body) if is_own_id(o.id) else o.body, o.evidence, o.results)
                for o in batch.orders
            ]
    return log


def _unplaced(outcome: Outcome) -> Outcome:
    return replace(outcome, number=0)


def _unseen(cell: Cell) -> Cell:
    return replace(cell, last_seq=0)


def _placeless(movement: Movement) -> Movement:
    named = _named(movement.order_id)
    return replace(movement, seq=0, order_id=named, after=_unseen(movement.after))


def _named(order_id: OrderId) -> OrderId:
    """The ledger's own ids tell a position, which is each store's own."""
    return OWN if is_own_id(order_id) else order_id
