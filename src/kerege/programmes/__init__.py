# SPDX-License-Identifier: Apache-2.0
"""Money with a purpose: programme documents, their rules, what marked money may do. Pure.

A programme says who funds it, who may receive its marked money and from whom, what it may be spent
on, until when, and what becomes of the mark on arrival. It is data: conditions in CEL, each with
its message in every language.
"""

from kerege.programmes.active import ActiveProgramme
from kerege.programmes.document import (
    Arrival,
    Calendar,
    Cap,
    Condition,
    Item,
    MalformedProgramme,
    Programme,
    Route,
    Window,
    decode_programme,
)
from kerege.programmes.situation import Allowed, Blocked, Contracted, Party, Situation

__all__ = [
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
    "Party",
    "Programme",
    "Route",
    "Situation",
    "Window",
    "decode_programme",
]
