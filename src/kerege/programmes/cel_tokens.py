# SPDX-License-Identifier: Apache-2.0
"""The part of CEL that programmes may be written in, and its limits. Pure.

A condition is published: people read it, and it is evaluated for every payment. So it is cut into
tokens here before the CEL compiler sees it, and what is not in the lists below is refused: no
regular expressions, times, floats, maps, messages, byte strings, escapes, comments or letters that
only look like others, and no loop within a loop. What is left runs in time that grows with its
length, and needs no memory to speak of.
"""

import re
from itertools import pairwise
from typing import Final

from msgspec import Struct

from kerege.errors import KeregeError
from kerege.programmes.context import CONTEXT

__all__ = [
    "LOOPS",
    "MAX_LOOPS",
    "MAX_NESTING",
    "MAX_TOKENS",
    "RefusedExpression",
    "Token",
    "clauses",
    "cut",
    "is_plain",
    "names_in",
    "numbers_in",
    "strings_in",
]

MAX_TOKENS: Final = 200
"""Names, figures and signs in one expression: about six lines of text."""

MAX_NESTING: Final = 12
"""Brackets within brackets, or signs in a row: deeper is for machines, and costs parsers stack."""

MAX_LOOPS: Final = 2
"""Loops over a list in one expression; each costs as much as its list is long."""

LOOPS: Final = frozenset({"all", "exists", "exists_one"})
"""Macros that go through a list or the keys of `items`."""

_WORDS: Final = frozenset({"true", "false", "in", "size"})
_LOOP_NAME: Final = re.compile(r"[a-z](\.[a-zA-Z]+)?", re.ASCII)
"""What a loop calls its element: one letter, so that it hides no declared name."""

_MAX_DIGITS: Final = 18
"""As many as an amount has: every figure fits 64 bits."""

_TOKEN: Final = re.compile(
    r"""(?P<space>\ +)
    |(?P<name>[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*(?!["']))
    |(?P<member>\.[A-Za-z_][A-Za-z0-9_]*)
    |(?P<number>(?:0|[1-9][0-9]*)(?![A-Za-z0-9_.]))
    |(?P<string>'[^'"\\]*'(?!')|"[^'"\\]*"(?!"))
    |(?P<sign>==|!=|<=|>=|&&|\|\||//|[<>!+\-*/%?:,()\[\]])""",
    re.VERBOSE | re.ASCII,
)

_UNARY: Final = frozenset("!-")
_BETWEEN_CLAUSES: Final = frozenset({"&&", "||"})
_RECKONING: Final = frozenset("+-*/%")
_PARTS_OF_TEXT: Final = frozenset({"startsWith", "endsWith", "contains"})
_CLOSED_BY: Final = {"(": ")", "[": "]"}
_CLOSING: Final = frozenset(_CLOSED_BY.values())


class RefusedExpression(KeregeError):
    """A text is not an expression programmes may use; `place` is its column, from 1."""


class Token(Struct, frozen=True):
    """One piece of an expression, from column `column` (1 the first)."""

    kind: str
    text: str
    column: int


class _Bracket(Struct, frozen=True):
    """One that is open: the signs right before it nest too."""

    text: str
    signs: int
    is_loop: bool


def cut(text: str) -> tuple[Token, ...]:
    """The tokens of an expression without its spaces; raises `RefusedExpression`."""
    tokens: list[Token] = []
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None or match[0] == "//":
            raise _refused(f"{text[at : at + 10]!r} is not used in conditions", at + 1)
        if match.lastgroup != "space":
            tokens.append(Token(match.lastgroup or "", match[0], at + 1))
        at = match.end()
    _check_pieces(tokens)
    _check_nesting(tokens)
    return tuple(tokens)


def _refused(what: str, column: int) -> RefusedExpression:
    return RefusedExpression(
        what, place=f"column {column}", remedy="see docs/formats/programme.md, Conditions"
    )


def _check_pieces(tokens: list[Token]) -> None:
    if len(tokens) > MAX_TOKENS:
        over = tokens[MAX_TOKENS]
        raise _refused(f"more than {MAX_TOKENS} names, figures and signs", over.column)
    for token in tokens:
        if token.kind == "number" and len(token.text) > _MAX_DIGITS:
            raise _refused(f"a figure of more than {_MAX_DIGITS} digits", token.column)
        if token.kind == "string" and not (token.text.isascii() and token.text.isprintable()):
            raise _refused("a letter that is not printable ASCII", token.column)
        if token.kind == "name" and not _is_known(token.text):
            raise _refused(f"{token.text[:40]!r} is not a name conditions may use", token.column)


def _is_known(name: str) -> bool:
    """Whether it is a word of the language, a loop's letter or a declared name, perhaps with a
    function after it; whether that fits, the compiler says."""
    if name in _WORDS or _LOOP_NAME.fullmatch(name):
        return True
    return name in CONTEXT or name.rpartition(".")[0] in CONTEXT


def _check_nesting(tokens: list[Token]) -> None:
    """Brackets match, are not too deep, and no loop stands within another."""
    opened: list[_Bracket] = []
    depth = loops = signs = 0
    before = Token("", "", 0)
    for token in tokens:
        if token.text in _CLOSING:
            bracket = opened.pop() if opened else None
            if bracket is None or token.text != _CLOSED_BY[bracket.text]:
                raise _refused(f"{token.text!r} closes nothing", token.column)
            depth -= 1 + bracket.signs
        elif token.text in _CLOSED_BY:
            is_loop = token.text == "(" and before.text.rpartition(".")[2] in LOOPS
            if is_loop and any(bracket.is_loop for bracket in opened):
                raise _refused("a loop within a loop", before.column)
            loops += is_loop
            opened.append(_Bracket(token.text, signs, is_loop))
            depth += 1 + signs
        signs = signs + 1 if token.text in _UNARY else 0
        if depth + signs > MAX_NESTING:
            raise _refused(f"nested more than {MAX_NESTING} deep", token.column)
        if loops > MAX_LOOPS:
            raise _refused(f"more than {MAX_LOOPS} loops", token.column)
        before = token
    if opened:
        raise _refused(f"{opened[-1].text!r} is not closed", before.column)


def clauses(tokens: tuple[Token, ...]) -> list[tuple[Token, ...]]:
    """The tokens between && and ||: what is compared with what stands within one clause. Where
    there is a loop or a choice (?:), all are one."""
    if any(token.text == "?" or token.text.rpartition(".")[2] in LOOPS for token in tokens):
        return [tokens]
    parts: list[list[Token]] = [[]]
    for token in tokens:
        if token.text in _BETWEEN_CLAUSES:
            parts.append([])
        else:
            parts[-1].append(token)
    return [tuple(part) for part in parts]


def is_plain(tokens: tuple[Token, ...]) -> bool:
    """Whether names are only compared with literals and each other: no arithmetic, no amounts of
    single item groups, no counting, no two looks at parts of a text."""
    reckons = any(token.kind == "sign" and token.text in _RECKONING for token in tokens)
    counts = any(token.text.rpartition(".")[2] == "size" for token in tokens)
    indexes = any(
        two.text == "[" and (one.text in _CLOSING or (one.kind == "name" and one.text != "in"))
        for one, two in pairwise(tokens)
    )
    parts = sum(token.text.rpartition(".")[2] in _PARTS_OF_TEXT for token in tokens)
    return not (reckons or counts or indexes or parts > 1)


def names_in(tokens: tuple[Token, ...]) -> frozenset[str]:
    """Every name with the dots in it, for instance `payee.category`."""
    return frozenset(token.text for token in tokens if token.kind == "name")


def numbers_in(tokens: tuple[Token, ...]) -> frozenset[int]:
    """Every figure."""
    return frozenset(int(token.text) for token in tokens if token.kind == "number")


def strings_in(tokens: tuple[Token, ...]) -> frozenset[str]:
    """Every string, without its quotes."""
    return frozenset(token.text[1:-1] for token in tokens if token.kind == "string")
