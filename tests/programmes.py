# SPDX-License-Identifier: Apache-2.0
"""Made-up programmes, parties and payments for tests."""

from datetime import UTC, datetime
from typing import Any

from kerege.programmes import (
    Calendar,
    Cap,
    Condition,
    Contracted,
    Party,
    Programme,
    Route,
    Situation,
)

FUNDER = "wal_" + "f0" * 16
TEXTS: dict[Any, str] = {"kk": "мәтін", "ru": "текст", "en": "text"}

STATE = Party(kind="agency", tier="agency", is_funder=True)
CHILD = Party(kind="person", tier="identified", region="KZ-75", bank="post")
CANTEEN = Party(kind="firm", tier="firm", category="8211", region="KZ-75", vat=True, bank="bank-a")
SHOP = Party(kind="firm", tier="firm", category="5411", region="KZ-71", bank="bank-b")


def at_us(text: str) -> int:
    """Microseconds since 1970 of an instant like 2026-11-23T12:00 UTC."""
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()) * 1_000_000


MONDAY_NOON = at_us("2026-11-23T07:00")
"""Noon of a Monday five hours ahead of UTC."""


def condition(cel: str, name: str = "rule") -> Condition:
    return Condition(name=name, cel=cel, texts=TEXTS)


def cap(amount: int, **members: Any) -> Cap:
    defaults: dict[str, Any] = {"name": "cap", "amount": amount, "texts": TEXTS}
    return Cap(**defaults | members)


def route(when: str = "true", *conditions: Condition, **members: Any) -> Route:
    defaults = {"name": "way", "arrival": "unmark", "texts": TEXTS, "conditions": conditions}
    return Route(**defaults | {"when": when} | members)


def programme(*routes: Route, **members: Any) -> Programme:
    """A programme of all 2026 in a country five hours ahead of UTC, on working days."""
    defaults: dict[str, Any] = {
        "id": "made-up",
        "version": 1,
        "asset": "KZT",
        "funder": FUNDER,
        "budget": 1_000_000_00,
        "starts_us": at_us("2026-01-01T00:00"),
        "ends_us": at_us("2027-01-01T00:00"),
        "calendar": Calendar(utc_offset_min=300, weekdays=(1, 2, 3, 4, 5)),
        "title": TEXTS,
        "summary": TEXTS,
        "routes": routes or (route(),),
    }
    return Programme(**defaults | members)


GIVE = route("payer.is_funder && payee.kind == 'person'", name="give", arrival="keep")
EAT = route("payer.kind == 'person' && payee.category == '8211'", name="eat")
BACK = route("payee.is_funder", name="back", arrival="return")


def sound(*routes: Route, **members: Any) -> Programme:
    """A programme in which only what is given can be odd."""
    return programme(*routes, **{"calendar": Calendar()} | members)


def payment(**members: Any) -> Situation:
    """A child pays a canteen 500.00 at noon on a Monday."""
    defaults: dict[str, Any] = {
        "payer": CHILD,
        "payee": CANTEEN,
        "amount": 500_00,
        "at_us": MONDAY_NOON,
    }
    return Situation(**defaults | members)


def contracted(**members: Any) -> Contracted:
    """A payment as its contract wants it."""
    defaults: dict[str, Any] = {
        "is_buyer": True,
        "is_supplier": True,
        "depth": 1,
        "of_programme": True,
    }
    return Contracted(**defaults | members)
