# SPDX-License-Identifier: Apache-2.0
"""The benchmarks of issue 2 are there, and the smallest of them give figures."""

import pytest

from benchmarks.registry import load_suite


@pytest.mark.parametrize(
    ("name", "target", "lower_is_better"),
    [
        ("ledger.objects.sqlite", 150_000, False),
        ("ledger.columns.sqlite", 300_000, False),
        ("ledger.objects.postgres", None, False),
        ("ledger.columns.postgres", None, False),
        ("ledger.growth", 1.5, True),
        ("floor.sqlite", None, False),
        ("floor.postgres", None, False),
        ("floor.pgbench", None, False),
        ("receipt.latency", 1.5, True),
        ("receipt.proof", 1.0, True),
        ("audit.rate", 200_000, False),
        ("memory.accounts10m", None, True),
    ],
)
def test_what_was_asked_for_is_measured(
    name: str, target: float | None, lower_is_better: bool
) -> None:
    one = load_suite()[name]
    assert (one.target, one.lower_is_better) == (target, lower_is_better)


def test_a_target_has_a_direction() -> None:
    known = load_suite()
    rate, ratio = known["audit.rate"], known["ledger.growth"]
    assert (rate.reaches_target(200_000.0), rate.reaches_target(199_999.0)) == (True, False)
    assert (ratio.reaches_target(1.5), ratio.reaches_target(1.6)) == (True, False)
    assert known["floor.sqlite"].reaches_target(1.0) is None
