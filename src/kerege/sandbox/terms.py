# SPDX-License-Identifier: Apache-2.0
"""Terms of the programmes that a sandbox runs: the shipped documents, filled in.

In the sandbox every hour is lunch time, so that whoever looks sees meals being paid.
"""

from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from kerege.programmes import Calendar, OutcomeTerms, Programme, Route, Source, VatRate
from kerege.sandbox.shipped_programmes import shipped_programme

__all__ = ["HOLD_S", "OUTCOMES", "PROGRAMMES", "Outcome", "filled", "rewarding", "taxing"]

PROGRAMMES: Final = {
    "school-meals": "Ministry of Education",
    "procurement": "Treasury",
    "digital-vat": "Tax Authority",
    "movement": "Ministry of Sport",
    "harvest": "Ministry of Agriculture",
}
"""What is put in force, in this order, and which of the agencies funds it."""

_YEAR_US: Final = 365 * 24 * 3600 * 1_000_000
_NOT_HERE: Final = frozenset({"hours", "school-day", "region"})
"""Conditions of a real day that a sandbox leaves out."""

HOLD_S: Final = 60
"""Seconds a reward is looked at before its person may take it."""


class Outcome(Struct, frozen=True, kw_only=True):
    """What a sandbox makes of a subsidy with outcome: minor units a unit, units of one attestation
    at most, and the merchant categories that its money is spent at (none: it is plain)."""

    programme: str
    unit_amount: int
    units: int
    buys_at: frozenset[str] = frozenset()


OUTCOMES: Final = {
    one.programme: one
    for one in (
        Outcome(programme="movement", unit_amount=5_00, units=20),
        Outcome(
            programme="harvest",
            unit_amount=500_00,
            units=8,
            buys_at=frozenset({"0742", "0763", "0780", "5261", "5541", "5542"}),
        ),
    )
}
"""A kilometre, and a tonne of grain: less than anybody's wallet may hold, so that all is taken."""

_PER_SOURCE: Final = 1_000_000_00


def filled(name: str, *, asset: str, funder: str, since_us: int) -> Programme:
    """One of `PROGRAMMES`, for a year from `since_us`."""
    ends_us = since_us + _YEAR_US
    terms = shipped_programme(name, asset=asset, funder=funder, starts_us=since_us, ends_us=ends_us)
    offset = terms.calendar.utc_offset_min
    every_day = Calendar(utc_offset_min=offset)
    return replace(terms, calendar=every_day, routes=tuple(map(_at_any_hour, terms.routes)))


def rewarding(terms: Programme, *, source: str, inspector: str) -> Programme:
    """The same, releasing its money on a source's word; only for those of `OUTCOMES`."""
    outcome = OutcomeTerms(
        sources=(Source(wallet=source, cap=_PER_SOURCE, window="day"),),
        unit_amount=OUTCOMES[terms.id].unit_amount,
        max_units=100,
        inspector=inspector,
        hold_s=HOLD_S,
    )
    return replace(terms, outcome=outcome)


def taxing(terms: Programme, *, basis_points: int) -> Programme:
    """The same, at the country's standard rate of VAT where the shipped rates know none such."""
    if terms.vat is None or any(one.basis_points == basis_points for one in terms.vat.rates):
        return terms
    rates = (VatRate(name="standard", basis_points=basis_points, from_us=0),)
    return replace(terms, vat=replace(terms.vat, rates=rates))


def _at_any_hour(route: Route) -> Route:
    kept = tuple(one for one in route.conditions if one.name not in _NOT_HERE)
    return replace(route, conditions=kept)
