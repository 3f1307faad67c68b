# SPDX-License-Identifier: Apache-2.0
"""Converts plain values to structs and tells every fault with its place, not only the first. Pure.

msgspec stops at the first fault; someone who writes a file of two hundred lines wants them all.
"""

import types
import typing
from collections.abc import Iterator
from itertools import islice
from typing import Any

import msgspec
from msgspec import Struct

__all__ = ["Fault", "faults_of"]

Fault = tuple[str, str]
"""Where (`tiers[2].name`, empty for the whole) and what."""

_MAX_FAULTS = 100
"""Told at once: who has more has given the wrong file."""


def faults_of(value: object, wanted: Any) -> list[Fault]:
    """All faults of `value` (as JSON or TOML give it) as a `wanted`, at most `_MAX_FAULTS`."""
    found = list(islice(_faults(value, wanted, ""), _MAX_FAULTS))
    # Then the limits of whole lists and tables, which the parts do not show.
    return found or list(_fault_of_whole(value, wanted, ""))


def _faults(value: object, wanted: Any, place: str) -> Iterator[Fault]:
    kind = _struct_in(wanted)
    if kind is not None and isinstance(value, dict):
        yield from _faults_of_struct(value, kind, place)
        return
    item = _item_of(wanted)
    if item is not None and isinstance(value, list) and value:
        for number, one in enumerate(value):
            yield from _faults(one, item, f"{place}[{number}]")
    elif item is not None and isinstance(value, dict):
        for name, one in value.items():
            yield from _faults(one, item, _inside(place, str(name)[:40]))
    else:
        yield from _fault_of_whole(value, wanted, place)


def _faults_of_struct(value: dict[str, object], kind: type[Struct], place: str) -> Iterator[Fault]:
    known = {field.encode_name: field for field in msgspec.structs.fields(kind)}
    for name in value.keys() - known.keys():
        yield _inside(place, str(name)[:40]), "no such member"
    for name, field in known.items():
        where = _inside(place, name)
        if name in value:
            yield from _faults(value[name], field.type, where)
        elif field.required:
            yield where, "is missing"


def _fault_of_whole(value: object, wanted: Any, place: str) -> Iterator[Fault]:
    try:
        msgspec.convert(value, wanted)
    except msgspec.ValidationError as fault:
        what, _, inner = str(fault).partition(" - at ")
        yield (
            place + inner.strip("`").removeprefix("$").removeprefix("." if not place else ""),
            what,
        )


def _inside(place: str, name: str) -> str:
    return f"{place}.{name}" if place else name


def _bare(wanted: Any) -> Any:
    """A type without its `Annotated` limits, and without `| None`."""
    if typing.get_origin(wanted) is typing.Annotated:
        return _bare(typing.get_args(wanted)[0])
    if isinstance(wanted, types.UnionType):
        some = [one for one in typing.get_args(wanted) if one is not types.NoneType]
        return _bare(some[0]) if len(some) == 1 else wanted
    return wanted


def _struct_in(wanted: Any) -> type[Struct] | None:
    kind = _bare(wanted)
    return kind if isinstance(kind, type) and issubclass(kind, Struct) else None


def _item_of(wanted: Any) -> Any | None:
    """What a list or a table holds, if that is structs."""
    kind = _bare(wanted)
    place = {tuple: 0, dict: 1}.get(typing.get_origin(kind))
    if place is None:
        return None
    item = typing.get_args(kind)[place]
    return item if _struct_in(item) is not None else None
