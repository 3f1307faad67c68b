# SPDX-License-Identifier: Apache-2.0
"""Local days of a programme: which are open, and how long a cap's window still lasts. Pure."""

import zlib
from datetime import date, timedelta
from typing import Final, Literal

from msgspec import Struct

from kerege.errors import InvariantViolation
from kerege.programmes.document import Calendar, Window

__all__ = ["SPREAD_S", "Days", "Moment", "seconds_left", "spread_seconds", "window_start"]

SPREAD_S: Final = 3600
"""Seconds over which caps that end together are spread: a million at midnight are 300 a second."""

_EPOCH: Final = date(1970, 1, 1)
_DAY_S: Final = 86_400
_MINUTE_S: Final = 60
_NEVER: Final = -(10**9)
_US: Final = 1_000_000
_WEEK: Final = 7
_MONTHS: Final = 12
_FIRST_WEEKDAY: Final = 3
"""1 January 1970 was a Thursday: day 0 comes three days after a Monday."""


class Moment(Struct, frozen=True):
    """An instant on the programme's local clock: `date` like 2026-11-22, `weekday` 1 Monday to
    7 Sunday, `minute` of the day from 0, and whether the calendar has the day open."""

    date: str
    weekday: int
    minute: int
    open: bool


class Days:
    """A calendar ready for use."""

    __slots__ = ("_closed", "_last", "_offset_s", "_opened", "_weekdays")

    def __init__(self, calendar: Calendar) -> None:
        """Read the dates once; raises `ValueError` for one that does not exist, which reading a
        programme has refused before."""
        self._offset_s = calendar.utc_offset_min * _MINUTE_S
        self._weekdays = frozenset(calendar.weekdays)
        self._closed = frozenset(map(_day_of, calendar.closed))
        self._opened = frozenset(map(_day_of, calendar.opened))
        self._last = (_NEVER, "", 0, False)

    def at(self, at_us: int) -> Moment:
        """What the local clock and calendar say at `at_us`, microseconds since 1970 UTC."""
        day, second = divmod(at_us // _US + self._offset_s, _DAY_S)
        last = self._last
        if last[0] != day:
            # Payments come day after day: the date's text is made once for all of a day.
            last = (day, str(_date(day)), _weekday(day), self.is_open(day))
            self._last = last
        return Moment(last[1], last[2], second // _MINUTE_S, last[3])

    def is_open(self, day: int) -> bool:
        """Whether a local day (days since 1970) is open."""
        if day in self._opened:
            return True
        return day not in self._closed and (not self._weekdays or _weekday(day) in self._weekdays)

    def day(self, at_us: int) -> int:
        """The local day of an instant, in days since 1970."""
        return (at_us // _US + self._offset_s) // _DAY_S


def _day_of(text: str) -> int:
    return (date.fromisoformat(text) - _EPOCH).days


def _date(day: int) -> date:
    return _EPOCH + timedelta(days=day)


def _weekday(day: int) -> int:
    return (day + _FIRST_WEEKDAY) % _WEEK + 1


def window_start(window: Literal["day", "week", "month"], day: int) -> int:
    """The first day of the window that `day` is in, both in days since 1970. Weeks begin on
    Monday (ISO 8601)."""
    if window == "day":
        return day
    if window == "week":
        return day - _weekday(day) + 1
    return day - _date(day).day + 1


def _next_start(window: Literal["day", "week", "month"], day: int) -> int:
    start = window_start(window, day)
    if window == "day":
        return start + 1
    if window == "week":
        return start + _WEEK
    first = _date(start)
    years, month = divmod(first.month, _MONTHS)
    return (date(first.year + years, month + 1, 1) - _EPOCH).days


def seconds_left(window: Window, at_us: int, calendar: Calendar) -> int:
    """Seconds from `at_us` until the local day, week or month it is in has ended, at least 1.

    0 for `life`, which has no end, and for `payment`, which is over at once.
    """
    if window in ("payment", "life"):
        return 0
    if window not in ("day", "week", "month"):
        raise InvariantViolation(f"{window} is no window")
    offset_s = calendar.utc_offset_min * _MINUTE_S
    day = (at_us // _US + offset_s) // _DAY_S
    end_us = (_next_start(window, day) * _DAY_S - offset_s) * _US
    return -((at_us - end_us) // _US)


def spread_seconds(counted: bytes) -> int:
    """Seconds from 0 to under `SPREAD_S` by which windows end later for whom a cap counts.

    The same for one wallet always. No secret is in it, so a fast checksum is enough.
    """
    return zlib.crc32(counted) % SPREAD_S
