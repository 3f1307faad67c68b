# SPDX-License-Identifier: Apache-2.0
"""A published case: firms, and steps with what must come of each. Pure.

The files in `cases/` are the publication; docs/accounting.md tells their form.
"""

import re
from collections.abc import Mapping
from typing import Any, Final, Literal

import msgspec
from msgspec import Struct

from kerege.errors import KeregeError

__all__ = ["Case", "Deed", "MalformedCase", "Step", "decode_case", "resolve"]

Deed = Literal[
    "invoice",
    "ubl",
    "look",
    "credit-note",
    "contract",
    "look-contract",
    "pay",
    "refund",
    "firm",
    "declare",
    "remit",
    "claim",
    "answer",
]
"""What a step does; see the table of requests in docs/accounting.md."""

MAX_CASE_BYTES: Final = 256 * 1024
"""A case people read has a page or two."""

_NAMED: Final = re.compile(r"\$([a-z0-9-]+)(?:\.([a-z_]+))?", re.ASCII)


class Step(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename={"name": "as"}):
    """One request. `name` (`as` in JSON) keeps the answer's `id` for later steps: `$name`.

    The answer must have what `expect` has; or, if `refused` is given, be a problem with that code.
    `why` tells which rule is tried.
    """

    do: Deed
    send: dict[str, Any]
    why: str
    name: str = ""
    expect: dict[str, Any] = {}
    refused: str = ""


class Case(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A case: `books` is what makes its set of books, `shows` what it is for."""

    name: str
    title: str
    shows: str
    books: dict[str, Any]
    steps: tuple[Step, ...]


class MalformedCase(KeregeError):
    """A file is no case, or a step refers to what is not there."""


_DECODER: Final = msgspec.json.Decoder(Case)


def decode_case(text: bytes) -> Case:
    """Read a case; raises `MalformedCase`."""
    if len(text) > MAX_CASE_BYTES:
        raise MalformedCase(f"a case has at most {MAX_CASE_BYTES} bytes")
    try:
        return _DECODER.decode(text)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as fault:
        what, _, place = str(fault).partition(" - at ")
        raise MalformedCase(f"not a case: {what[:200]}", place=place.strip("`")) from None


def resolve(value: Any, known: Mapping[str, Mapping[str, Any]]) -> Any:
    """`value` with every text `$name` or `$name.member` replaced by what an earlier step was
    answered; raises `MalformedCase` for a name nobody gave."""
    match value:
        case str() if (found := _NAMED.fullmatch(value)) is not None:
            name, member = found[1], found[2] or "id"
            try:
                return known[name][member]
            except KeyError:
                raise MalformedCase(f"no step is called {name}", place=value) from None
        case dict():
            return {key: resolve(one, known) for key, one in value.items()}
        case list():
            return [resolve(one, known) for one in value]
    return value
