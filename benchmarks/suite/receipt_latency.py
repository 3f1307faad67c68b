# SPDX-License-Identifier: Apache-2.0
"""How long after its acceptance an order has a receipt that verifies, while the load goes on."""

import statistics
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager

from benchmarks.own_log import OwnLog
from benchmarks.registry import Sample, Stage, benchmark
from benchmarks.rows import ACCOUNTS
from benchmarks.workload import Workload, open_accounts, orders_of
from kerege.centralbank import LedgerLeaves, NotYetLogged, ReceiptDesk
from kerege.ledger.ids import OrderId
from kerege.ledger.ledger import Ledger
from kerege.ledger.order import Order
from kerege.ledger.stores.sqlite import SqliteStore
from kerege.runtime import SystemClock
from kerege.translog import format_receipt, parse_receipt, verify_receipt
from kerege.translog.integrator import CHECKPOINT_INTERVAL_S

SALT_KEY = bytes(32)
LOAD_PER_S = 15_000
"""Orders a second, what the core is to accept with everything on."""

SLICE = 500
"""Orders posted together by the load, one such batch after the other at an even pace."""

PROBE_EVERY_S = 0.1
ASK_EVERY_S = 0.01
GIVE_UP_S = 30.0


class ReceiptMissingError(Exception):
    """An accepted order had no receipt in `GIVE_UP_S` seconds."""


@benchmark("receipt.latency", unit="s", group="receipt", target=1.5, lower_is_better=True)
def receipt_latency(stage: Stage) -> Iterator[Sample]:
    """The longest wait of a run, from the return of `Ledger.post` to the receipt verified."""
    seconds = stage.size(20, quick=4)
    stage.conditions.update(
        {
            "load": f"{LOAD_PER_S} orders/s from objects in batches of {SLICE}",
            "accounts": ACCOUNTS,
            "seconds": seconds,
            "probes": f"an order every {PROBE_EVERY_S} s, asked for every {ASK_EVERY_S} s",
            "checkpoint_interval_s": CHECKPOINT_INTERVAL_S,
            "value": "the longest wait of a run; its median wait is median_s",
            "one_process": "ledger, integrator, load and probes share an interpreter",
        }
    )
    store = SqliteStore(stage.folder / "ledger.db")
    with closing(Ledger(store, SystemClock().now_us)) as ledger:
        open_accounts(ledger, ACCOUNTS)
        log = OwnLog(stage.folder, LedgerLeaves(store, SALT_KEY))
        load, probes = _Load(ledger, stage.seed), _Probes(ledger, log, stage.seed + 1)
        with _integrating(log):
            yield lambda: _sample(stage, load, probes, seconds)


@contextmanager
def _integrating(log: OwnLog) -> Iterator[None]:
    stop = threading.Event()
    thread = threading.Thread(target=log.integrator.run, args=[stop], name="integrator")
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def _sample(stage: Stage, load: "_Load", probes: "_Probes", seconds: int) -> float:
    slices = load.prepare(seconds)
    with ThreadPoolExecutor(1) as pool:
        loading = pool.submit(load.run, slices)
        waits = probes.run(int(seconds / PROBE_EVERY_S))
        load_per_s = loading.result()
    for name, told in (("median_s", statistics.median(waits)), ("load_reached_per_s", load_per_s)):
        figures = stage.conditions.setdefault(name, [])
        assert isinstance(figures, list)
        figures.append(round(told, 3))
    return max(waits)


class _Load:
    """Everyone else's orders, at an even pace."""

    def __init__(self, ledger: Ledger, seed: int) -> None:
        self._ledger, self._workload = ledger, Workload(seed, ACCOUNTS)

    def prepare(self, seconds: int) -> list[list[Order]]:
        """Orders for so many seconds."""
        slices = seconds * LOAD_PER_S // SLICE
        return [orders_of(self._workload.columns(SLICE)) for _ in range(slices)]

    def run(self, slices: list[list[Order]]) -> float:
        """Post them; return how many a second were accepted."""
        start = time.perf_counter()
        for number, orders in enumerate(slices):
            due = start + number * SLICE / LOAD_PER_S
            time.sleep(max(0.0, due - time.perf_counter()))
            self._ledger.post(orders)
        return len(slices) * SLICE / (time.perf_counter() - start)


class _Probes:
    """Single orders whose receipts are waited for."""

    def __init__(self, ledger: Ledger, log: OwnLog, seed: int) -> None:
        self._ledger, self._log = ledger, log
        self._desk = ReceiptDesk(ledger, log.store, SALT_KEY)
        self._workload = Workload(seed, ACCOUNTS)

    def run(self, count: int) -> list[float]:
        """Waits in seconds of `count` probes, sent at an even pace."""
        orders = [orders_of(self._workload.columns(1)) for _ in range(count)]
        with ThreadPoolExecutor(count) as pool:
            waits = []
            for order in orders:
                waits.append(pool.submit(self._wait, order))
                time.sleep(PROBE_EVERY_S)
            return [wait.result() for wait in waits]

    def _wait(self, orders: list[Order]) -> float:
        self._ledger.post(orders)
        accepted = time.perf_counter()
        while time.perf_counter() - accepted < GIVE_UP_S:
            receipt = self._receipt(orders[0].id)
            if receipt is not None:
                verify_receipt(parse_receipt(receipt), self._log.trust)
                return time.perf_counter() - accepted
            time.sleep(ASK_EVERY_S)
        raise ReceiptMissingError(f"no receipt {GIVE_UP_S} s after acceptance")

    def _receipt(self, order_id: OrderId) -> bytes | None:
        try:
            return format_receipt(self._desk.receipt(order_id))
        except NotYetLogged:
            return None
