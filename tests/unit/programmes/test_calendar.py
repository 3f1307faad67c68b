# SPDX-License-Identifier: Apache-2.0
"""Local days and the ends of windows."""

import pytest

from kerege.programmes import Calendar
from kerege.programmes.calendar import SPREAD_S, Days, Moment, seconds_left, spread_seconds
from tests.programmes import at_us

ALMATY = Calendar(
    utc_offset_min=300,
    weekdays=(1, 2, 3, 4, 5),
    closed=("2026-12-16",),
    opened=("2026-12-19",),
)


@pytest.mark.parametrize(
    ("at", "moment"),
    [
        ("2026-11-22T18:59", Moment("2026-11-22", 7, 23 * 60 + 59, open=False)),
        ("2026-11-22T19:00", Moment("2026-11-23", 1, 0, open=True)),
        ("2026-12-16T05:00", Moment("2026-12-16", 3, 600, open=False)),
        ("2026-12-19T05:00", Moment("2026-12-19", 6, 600, open=True)),
        ("1970-01-01T00:00", Moment("1970-01-01", 4, 300, open=True)),
    ],
)
def test_an_instant_on_the_local_clock(at: str, moment: Moment) -> None:
    assert Days(ALMATY).at(at_us(at)) == moment


def test_west_of_greenwich_the_first_day_is_the_last_of_1969() -> None:
    assert Days(Calendar(utc_offset_min=-720)).at(0) == Moment("1969-12-31", 3, 720, open=True)


def test_without_weekdays_every_day_is_open_but_those_closed() -> None:
    days = Days(Calendar(closed=("2026-11-22",)))
    assert [days.at(at_us(f"2026-11-{day}T12:00")).open for day in (21, 22, 23)] == [1, 0, 1]


def test_days_are_asked_in_any_order() -> None:
    days = Days(ALMATY)
    forth = [days.at(at_us(f"2026-11-{day}T12:00")) for day in range(10, 30)]
    back = [days.at(at_us(f"2026-11-{day}T12:00")) for day in range(29, 9, -1)]
    assert forth == back[::-1]


@pytest.mark.parametrize(
    ("window", "at", "end"),
    [
        ("day", "2026-11-23T00:00", "2026-11-23T19:00"),
        ("day", "2026-11-23T19:00", "2026-11-24T19:00"),
        ("week", "2026-11-22T18:59", "2026-11-22T19:00"),
        ("week", "2026-11-22T19:00", "2026-11-29T19:00"),
        ("month", "2026-11-30T18:59", "2026-11-30T19:00"),
        ("month", "2026-11-30T19:00", "2026-12-31T19:00"),
        ("month", "2028-02-10T00:00", "2028-02-29T19:00"),
    ],
)
def test_a_window_ends_at_local_midnight(window: str, at: str, end: str) -> None:
    left = seconds_left(window, at_us(at), ALMATY)  # type: ignore[arg-type]
    assert left * 1_000_000 == at_us(end) - at_us(at)


def test_part_of_a_second_counts_as_one() -> None:
    just_before = at_us("2026-11-23T19:00") - 1
    assert seconds_left("day", just_before, ALMATY) == 1


def test_what_has_no_end_has_no_seconds_left() -> None:
    assert seconds_left("life", 0, ALMATY) == seconds_left("payment", 0, ALMATY) == 0


def test_wallets_are_spread_evenly_and_always_the_same() -> None:
    wallets = [bytes([0] * 14) + number.to_bytes(2) for number in range(36_000)]
    seconds = [spread_seconds(wallet) for wallet in wallets]
    assert min(seconds) >= 0
    assert max(seconds) < SPREAD_S
    fullest = max(seconds.count(second) for second in range(0, SPREAD_S, 60))
    assert fullest < 40, "ten on average in one second"
    assert seconds[:9] == [spread_seconds(wallet) for wallet in wallets[:9]]
