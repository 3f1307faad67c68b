# SPDX-License-Identifier: Apache-2.0
"""Money with a purpose: programme documents, their rules, what marked money may do. Pure.

>>> from kerege.programmes import Party, Route, Situation
>>> from kerege.programmes.rulebook import Rulebook
>>> texts = {"kk": "тек асханаға", "ru": "только столовой", "en": "to a canteen only"}
>>> meals = Programme(
...     id="meals", version=1, asset="KZT", funder="wal_f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0",
...     budget=10_000_00, starts_us=0, ends_us=2_000_000_000_000_000, title=texts, summary=texts,
...     routes=(
...         Route(name="eat", when="payee.category == '8211'", arrival="unmark", texts=texts),
...     ),
... )
>>> child = Party(kind="person", tier="identified")
>>> canteen = Party(kind="firm", tier="firm", category="8211")
>>> rules = Rulebook(meals)
>>> rules.judge(Situation(payer=child, payee=canteen, amount=500_00, at_us=1)).most
50000
>>> rules.judge(Situation(payer=child, payee=child, amount=500_00, at_us=1))
Blocked(route='', rule='', limit=0)

A programme says who funds it, who may receive its marked money and from whom, what it may be spent
on, until when, and what becomes of the mark on arrival. It is data: conditions in CEL, each with
its message in every language.
"""

from kerege.programmes.active import ActiveProgramme
from kerege.programmes.document import (
    MAX_BASIS_POINTS,
    Arrival,
    Calendar,
    Cap,
    Condition,
    Item,
    MalformedProgramme,
    Programme,
    Route,
    VatRate,
    VatTerms,
    Window,
    decode_programme,
)
from kerege.programmes.outcome import OutcomeTerms, Source
from kerege.programmes.situation import Allowed, Blocked, Contracted, Party, Situation

__all__ = [
    "MAX_BASIS_POINTS",
    "ActiveProgramme",
    "Allowed",
    "Arrival",
    "Blocked",
    "Calendar",
    "Cap",
    "Condition",
    "Contracted",
    "Item",
    "MalformedProgramme",
    "OutcomeTerms",
    "Party",
    "Programme",
    "Route",
    "Situation",
    "Source",
    "VatRate",
    "VatTerms",
    "Window",
    "decode_programme",
]
