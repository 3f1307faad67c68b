# SPDX-License-Identifier: Apache-2.0
"""Accepted orders a second with everything on, in process.

On: the signature of each, the register of wallets and keys, planning, holding limits, double
entry, the log (leaf, tiles, checkpoint; in the same process), durable commits.
"""

from collections.abc import Iterator

from benchmarks.harness import POSTGRES_SETTINGS
from benchmarks.registry import Sample, Stage, benchmark
from benchmarks.signed_orders import WALLETS, SignedOrders, signed_orders

SUBMITTERS = 64
MANY = 256
POSTGRES_WORKERS = 4


@benchmark("orders.all_on.sqlite", unit="orders/s", group="orders", target=15_000)
def orders_sqlite(stage: Stage) -> Iterator[Sample]:
    """64 submitters, embedded store."""
    with signed_orders(stage.folder, stage.seed) as orders:
        yield _sample(stage, orders, SUBMITTERS)


@benchmark("orders.all_on.sqlite.256", unit="orders/s", group="orders", target=20_000)
def orders_sqlite_256(stage: Stage) -> Iterator[Sample]:
    """256 submitters, embedded store."""
    with signed_orders(stage.folder, stage.seed) as orders:
        yield _sample(stage, orders, MANY)


@benchmark("orders.all_on.postgres", unit="orders/s", group="orders", target=5_000)
def orders_postgres(stage: Stage) -> Iterator[Sample]:
    """64 submitters, PostgreSQL."""
    server = stage.postgres()
    settings = " ".join(f"{name}={value}" for name, value in POSTGRES_SETTINGS.items())
    stage.conditions.update(postgres=f"{server.version} ({server.origin})", settings=settings)
    with (
        server.fresh_database() as url,
        signed_orders(stage.folder, stage.seed, ledger_url=url, workers=POSTGRES_WORKERS) as orders,
    ):
        yield _sample(stage, orders, SUBMITTERS)


def _sample(stage: Stage, orders: SignedOrders, submitters: int) -> Sample:
    count = stage.size(30_000, quick=4_000)
    stage.conditions.update(
        submitters=f"{submitters} coroutines in one event loop, one order in flight each",
        orders=count,
        wallets=WALLETS,
        signatures="Ed25519, made beforehand",
        one_process="submitters, acceptance, ledger, integrator share an interpreter",
    )

    def sample() -> float:
        rate, p50_ms, p99_ms = orders.run(orders.payments(count), submitters)
        for name, told in (("p50_ms", p50_ms), ("p99_ms", p99_ms)):
            figures = stage.conditions.setdefault(name, [])
            assert isinstance(figures, list)
            figures.append(round(told, 2))
        return rate

    return sample
