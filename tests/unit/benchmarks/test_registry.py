# SPDX-License-Identifier: Apache-2.0
"""Finding benchmarks by name."""

from collections.abc import Iterator

import pytest

from benchmarks.registry import Sample, Stage, benchmark, choose, load_suite


def test_the_suite_has_its_floors() -> None:
    known = load_suite()
    assert {"floor.sqlite", "floor.postgres", "floor.pgbench"} <= set(known)
    assert all(one.floor is None or one.floor in known for one in known.values())
    assert all(known[one.floor].group == one.group for one in known.values() if one.floor)


def test_a_name_may_be_the_first_part_of_others() -> None:
    known = load_suite()
    assert choose(known, "") == list(known.values())
    assert [one.id for one in choose(known, "floor.sqlite")] == [
        "floor.sqlite",
        "floor.sqlite.orders",
    ]
    assert "floor.pgbench" in [one.id for one in choose(known, "floor.sqlite,floor")]


@pytest.mark.parametrize("only", ["flor", "floor.sqlite,nothing", "floor.sq"])
def test_an_unknown_name_is_told_with_the_known(only: str) -> None:
    with pytest.raises(LookupError, match=r"floor\.pgbench"):
        choose(load_suite(), only)


def test_a_name_is_taken_once() -> None:
    load_suite()

    def body(_: Stage) -> Iterator[Sample]:
        yield lambda: 0.0

    with pytest.raises(ValueError, match=r"two benchmarks are called floor\.sqlite"):
        benchmark("floor.sqlite", unit="x", group="y")(body)
