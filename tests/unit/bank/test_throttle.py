# SPDX-License-Identifier: Apache-2.0
"""Counters in windows: shared, exact, forgotten in time."""

from pathlib import Path
from threading import Thread

from kerege.bank.throttle import Rule, Throttle
from tests.people import House, open_house

MINUTE, DAY = Rule("minute", 2, 60), Rule("day", 3, 86_400)


def test_the_worst_rule_says_how_long_to_wait(tmp_path: Path) -> None:
    house = open_house(tmp_path)
    throttle = Throttle(house.tables, house.clock)
    assert [throttle.wait_s(b"me", (MINUTE, DAY)) for _ in range(2)] == [0, 0]
    waits = throttle.wait_s(b"me", (MINUTE, DAY))
    assert 0 < waits <= 60
    assert throttle.wait_s(b"you", (MINUTE, DAY)) == 0
    assert throttle.wait_s(b"me", (DAY,)) > 60
    house.clock.advance_us(60_000_000)
    assert throttle.wait_s(b"me", (MINUTE,)) == 0
    house.clock.advance_us(86_400_000_000)
    assert throttle.wait_s(b"me", (DAY,)) == 0
    house.tables.close()


def test_looking_counts_nothing(tmp_path: Path) -> None:
    house = open_house(tmp_path)
    throttle = Throttle(house.tables, house.clock)
    assert [throttle.look_s(b"me", (MINUTE, DAY)) for _ in range(5)] == [0] * 5
    throttle.wait_s(b"me", (MINUTE,))
    assert throttle.look_s(b"me", (MINUTE,)) == 0
    throttle.wait_s(b"me", (MINUTE,))
    assert 0 < throttle.look_s(b"me", (MINUTE, DAY)) <= 60
    assert throttle.look_s(b"you", (MINUTE,)) == 0
    house.clock.advance_us(60_000_000)
    assert throttle.look_s(b"me", (MINUTE,)) == 0
    house.tables.close()


def count_together(house: House) -> None:
    """Four threads, one limit: exactly as many get through."""
    throttle, rule = Throttle(house.tables, house.clock), Rule("shared", 10, 86_400)
    waits: list[int] = []

    def knock() -> None:
        waits.extend(throttle.wait_s(b"me", [rule]) for _ in range(5))

    threads = [Thread(target=knock) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert waits.count(0) == 10
    house.tables.close()


def test_together_on_sqlite(tmp_path: Path) -> None:
    count_together(open_house(tmp_path))


def test_together_on_postgres(pg_url: str) -> None:
    count_together(open_house(pg_url))


def test_tidying(tmp_path: Path) -> None:
    house = open_house(tmp_path)
    throttle = Throttle(house.tables, house.clock)
    throttle.wait_s(b"me", (MINUTE,))
    assert throttle.tidy(older_than_s=86_400) == 0
    house.clock.advance_us(2 * 86_400_000_000)
    assert throttle.tidy(older_than_s=86_400) == 1
    house.tables.close()
