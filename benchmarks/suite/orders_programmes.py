# SPDX-License-Identifier: Apache-2.0
"""What rules of programmes add: orders a second with marked money, as a share of those without.

Both in one run, turn by turn. Each programme has three conditions; of three programmes in a wallet
two are asked first and keep their money back.
"""

from collections.abc import Iterator
from contextlib import ExitStack

from benchmarks.marked_orders import give_programmes
from benchmarks.registry import Sample, Stage, benchmark
from benchmarks.signed_orders import WALLETS, signed_orders

SUBMITTERS = 64
TARGET = 0.7


@benchmark("orders.programmes.1", unit="ratio", group="orders", target=TARGET)
def one_programme(stage: Stage) -> Iterator[Sample]:
    """One programme in every wallet, which pays."""
    yield from _compare(stage, 1)


@benchmark("orders.programmes.3", unit="ratio", group="orders", target=TARGET)
def three_programmes(stage: Stage) -> Iterator[Sample]:
    """Three programmes in every wallet, the last of which pays."""
    yield from _compare(stage, 3)


def _compare(stage: Stage, count: int) -> Iterator[Sample]:
    orders = stage.size(15_000, quick=2_000)
    stage.conditions.update(
        submitters=SUBMITTERS,
        orders=f"{orders} without and {orders} with programmes, one after the other",
        wallets=WALLETS,
        programmes=count,
        rules="three conditions each; the money arrives unmarked",
        store="sqlite",
    )
    with ExitStack() as stack:
        folders = [stage.folder / name for name in ("without", "with")]
        for folder in folders:
            folder.mkdir()
        plain, marked = (
            stack.enter_context(signed_orders(folder, stage.seed)) for folder in folders
        )
        give_programmes(marked, count)

        def sample() -> float:
            without, *_ = plain.run(plain.payments(orders), SUBMITTERS)
            having, *_ = marked.run(marked.payments(orders), SUBMITTERS)
            for name, rate in (("orders_per_s_without", without), ("orders_per_s_with", having)):
                figures = stage.conditions.setdefault(name, [])
                assert isinstance(figures, list)
                figures.append(round(rate))
            return having / without

        yield sample
