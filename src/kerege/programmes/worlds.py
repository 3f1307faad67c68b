# SPDX-License-Identifier: Apache-2.0
"""Every payment that expressions can tell apart, made up from the literals in them. Pure.

An expression compares names with literals. So for each name it reads there are few values worth
trying: the literals it is compared with, their neighbours, and one that is none of them.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from math import prod
from typing import Any, Final

from msgspec import Struct

from kerege.ledger.account import MAX_AMOUNT
from kerege.programmes.calendar import Moment
from kerege.programmes.cel import Expression
from kerege.programmes.context import CONTEXT
from kerege.programmes.document import Item
from kerege.programmes.situation import Contracted, Party, Situation

__all__ = [
    "MAX_WORLDS",
    "MAX_WORLDS_OF_ROUTE",
    "OTHER",
    "Domains",
    "World",
    "count_worlds",
    "domains_of",
    "worlds",
]

MAX_WORLDS: Final = 10_000
"""Payments tried at most to see where all routes lead: some tenths of a second."""

MAX_WORLDS_OF_ROUTE: Final = 6_000
"""Payments tried at most for the conditions of one route, of which there may be sixteen: a core
looks at every programme before it is activated."""

OTHER: Final = "other"
"""Stands for every text that no expression names."""

_ALWAYS: Final[Mapping[str, tuple[str, ...]]] = {
    "kind": ("person", "firm", "agency", "bank"),
    "tier": (OTHER,),
    "date": ("0001-01-01", "9999-12-31"),
}
"""Texts tried for a name whatever it is compared with, by its part after the dot."""

_SIDES: Final = ("payer.", "payee.")
_SMALL: Final = frozenset({0, 1, 2, 3})
_BOUNDS: Final[Mapping[str, tuple[int, int]]] = {
    "payment.amount": (1, MAX_AMOUNT),
    "at.weekday": (1, 7),
    "at.minute": (0, 1439),
}

Domains = dict[str, tuple[Any, ...]]
"""The values to try, by name."""


class World(Struct, frozen=True):
    """One made-up payment: `values` by name, and the same as what is judged."""

    values: dict[str, Any]
    situation: Situation
    moment: Moment


def domains_of(expressions: Sequence[Expression], *, both_sides: bool = False) -> Domains:
    """The values worth trying for each name the expressions read.

    Payer and payee share their literals, as who is paid today pays tomorrow; with `both_sides`
    what is read of one is tried for the other too.
    """
    names = frozenset[str]().union(*(one.names for one in expressions))
    if both_sides:
        members = {name.partition(".")[2] for name in names if name.startswith(_SIDES)}
        names |= {f"{side}{member}" for side in _SIDES for member in members}
    return {name: _domain(name, expressions) for name in sorted(names)}


def _domain(name: str, expressions: Sequence[Expression]) -> tuple[Any, ...]:
    side, _, member = name.partition(".")
    twins = {f"payer.{member}", f"payee.{member}"} if side in ("payer", "payee") else {name}
    compared = [one.literals(frozenset(twins)) for one in expressions]
    strings = sorted(frozenset[str]().union(*(one.strings for one in compared)))
    numbers = frozenset[int]().union(*(one.numbers for one in compared))
    match CONTEXT[name].type:
        case "bool":
            return (False, True)
        case "int":
            lowest, highest = _BOUNDS.get(name, (0, MAX_AMOUNT))
            near = {number + step for number in numbers for step in (-1, 0, 1)} | _SMALL
            return tuple(sorted(one for one in near if lowest <= one <= highest))
        case "string":
            return tuple(dict.fromkeys((*_ALWAYS.get(member, ("", OTHER)), *strings)))
        case "strings" | "items":
            return ((), *((text,) for text in [*strings, OTHER]), (*strings, OTHER))


def count_worlds(domains: Domains) -> int:
    """How many combinations there are, those that cannot be included."""
    return prod(len(domain) for domain in domains.values())


def worlds(domains: Domains) -> Iterator[World]:
    """Each combination that can be, with `amount` 1 and plain parties where nothing is said."""
    for values in product(*domains.values()):
        world = dict(zip(domains, values, strict=True))
        if _can_be(world):
            yield World(world, _situation(world), _moment(world))


def _can_be(world: dict[str, Any]) -> bool:
    """The funder does not pay itself, and where there is no contract nothing is said of one."""
    if world.get("payer.is_funder") and world.get("payee.is_funder"):
        return False
    said = [value for name, value in world.items() if name.startswith("contract.")]
    if _has_contract(world):
        return bool(world.get("contract.depth", 1))
    return not any(said)


def _has_contract(world: dict[str, Any]) -> bool:
    """Whether the payment is for one: said so, or at some depth."""
    return bool(world.get("contract.present", world.get("contract.depth", 1)))


def _situation(world: dict[str, Any]) -> Situation:
    return Situation(
        payer=_party("payer", world),
        payee=_party("payee", world),
        amount=world.get("payment.amount", 1),
        at_us=0,
        purpose=world.get("payment.purpose", 0),
        channel=world.get("payment.channel", ""),
        items=[Item(group, 1) for group in world.get("items", ())],
        contract=_contract(world) if _has_contract(world) else None,
        invoiced=world.get("invoice.present", False),
    )


def _party(side: str, world: dict[str, Any]) -> Party:
    said = _members(side, world)
    return Party(**{"kind": OTHER, "tier": OTHER} | said)


def _contract(world: dict[str, Any]) -> Contracted:
    plain = {"is_buyer": True, "is_supplier": True, "depth": 1, "of_programme": True}
    said = _members("contract", world)
    return Contracted(**plain | {name: said[name] for name in said if name != "present"})


def _members(prefix: str, world: dict[str, Any]) -> dict[str, Any]:
    return {
        name.removeprefix(f"{prefix}."): value
        for name, value in world.items()
        if name.startswith(f"{prefix}.")
    }


def _moment(world: dict[str, Any]) -> Moment:
    plain: dict[str, Any] = {"date": "2000-01-03", "weekday": 1, "minute": 0, "open": True}
    return Moment(**plain | _members("at", world))
