# SPDX-License-Identifier: Apache-2.0
"""Reading a fee schedule before it is published: all its faults, each with its place. Pure."""

from collections.abc import Iterator
from typing import Any, Final, get_type_hints

import msgspec
from msgspec import Struct

from kerege.errors import KeregeError
from kerege.payments.fees import FEE_LANGUAGES, MAX_FEE_RULES, FeeRule, FeeSchedule

__all__ = ["MAX_SCHEDULE_BYTES", "MalformedSchedule", "ScheduleFault", "read_schedule"]

MAX_SCHEDULE_BYTES: Final = 48 * 1024
"""A schedule is published as a signed proposal, which the ledger keeps as evidence."""

_MAX_FAULTS: Final = 100
"""Faults told at once; who has more has sent another kind of file."""


class ScheduleFault(Struct, frozen=True):
    """One fault: where (`$.rules[2].maximum`) and what, in English, for who writes schedules."""

    place: str
    what: str


class MalformedSchedule(KeregeError):
    """A text is not a fee schedule; `faults` says everything that is wrong with it."""

    def __init__(self, faults: list[ScheduleFault]) -> None:
        first, more = faults[0], len(faults) - 1
        super().__init__(
            f"{first.what}{f', and {more} more faults' if more else ''}",
            place=first.place,
            remedy="see docs/formats/order-documents.md",
        )
        self.faults = tuple(faults)


def read_schedule(payload: bytes) -> FeeSchedule:
    """The schedule in a JSON text; raises `MalformedSchedule` with every fault."""
    if len(payload) > MAX_SCHEDULE_BYTES:
        what = f"{len(payload)} bytes are more than {MAX_SCHEDULE_BYTES}"
        raise MalformedSchedule([ScheduleFault("$", what)])
    try:
        raw = msgspec.json.decode(payload)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as fault:
        raise MalformedSchedule([ScheduleFault("$", f"not JSON: {str(fault)[:200]}")]) from None
    faults = list(_faults_of_schedule(raw))[:_MAX_FAULTS]
    if faults:
        raise MalformedSchedule(faults)
    return msgspec.convert(raw, FeeSchedule)


def _faults_of_schedule(raw: Any) -> Iterator[ScheduleFault]:
    if not isinstance(raw, dict):
        yield ScheduleFault("$", "a schedule is an object")
        return
    rules = raw.get("rules", [])
    yield from _faults_of_members({**raw, "rules": []}, FeeSchedule, "$")
    if not isinstance(rules, list) or len(rules) > MAX_FEE_RULES:
        yield ScheduleFault("$.rules", f"rules are a list of at most {MAX_FEE_RULES}")
        return
    for index, rule in enumerate(rules):
        yield from _faults_of_rule(rule, f"$.rules[{index}]")
    names = [rule.get("name") for rule in rules if isinstance(rule, dict)]
    for index, name in enumerate(names):
        if name in names[:index]:
            yield ScheduleFault(f"$.rules[{index}].name", "another rule has this name")


def _faults_of_rule(raw: Any, place: str) -> Iterator[ScheduleFault]:
    if not isinstance(raw, dict):
        yield ScheduleFault(place, "a rule is an object")
        return
    faults = list(_faults_of_members(raw, FeeRule, place))
    yield from faults
    if not faults:
        yield from _faults_between(msgspec.convert(raw, FeeRule), place)


def _faults_of_members(
    raw: dict[str, Any], kind: type[Struct], place: str
) -> Iterator[ScheduleFault]:
    """Each member by itself, so that one fault does not hide the next."""
    types = get_type_hints(kind, include_extras=True)
    required = {field.name for field in msgspec.structs.fields(kind) if field.required}
    for name in sorted(required - raw.keys()):
        yield ScheduleFault(f"{place}.{name}", "is missing")
    for name, value in raw.items():
        if name not in types:
            yield ScheduleFault(f"{place}.{str(name)[:40]}", "is not known")
            continue
        try:
            msgspec.convert(value, types[name])
        except msgspec.ValidationError as fault:
            what, _, inner = str(fault).partition(" - at ")
            yield ScheduleFault(f"{place}.{name}{inner.strip('`').removeprefix('$')}", what)


def _faults_between(rule: FeeRule, place: str) -> Iterator[ScheduleFault]:
    """What members say of each other."""
    sponsored = rule.paid_by == "sponsor"
    if rule.minimum > rule.maximum:
        yield ScheduleFault(f"{place}.minimum", "is above the maximum")
    if not (rule.basis_points or rule.minimum):
        yield ScheduleFault(f"{place}.basis_points", "neither a share nor a minimum: always 0")
    if sponsored != bool(rule.mandate):
        yield ScheduleFault(f"{place}.mandate", "a sponsor, and only a sponsor, has a mandate")
    if rule.rewards and not sponsored:
        yield ScheduleFault(f"{place}.rewards", "only a sponsor pays incentives")
    if rule.paid_by == "payer" and rule.kinds != ("pay",):
        # Captures and pulls are signed by the payee: the payer grants no fee there.
        yield ScheduleFault(f"{place}.kinds", 'what the payer pays is for ["pay"] only')
    for language in FEE_LANGUAGES:
        if not rule.texts.get(language, "").strip():
            yield ScheduleFault(f"{place}.texts.{language}", "is missing")
