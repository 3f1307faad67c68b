# SPDX-License-Identifier: Apache-2.0
"""Conditions in CEL: checked, compiled once, evaluated for every payment. Pure.

The compiler and evaluator are the official C++ ones. They know only the functions listed here,
and only what `cel_tokens` let through reaches them.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from typing import Final

from cel_expr_python import cel  # type: ignore[import-untyped]
from msgspec import Struct

from kerege.programmes.calendar import Moment
from kerege.programmes.cel_tokens import (
    RefusedExpression,
    Token,
    clauses,
    cut,
    is_plain,
    names_in,
    numbers_in,
    strings_in,
)
from kerege.programmes.cel_values import Values
from kerege.programmes.context import CONTEXT
from kerege.programmes.situation import Situation

__all__ = ["Expression", "Literals", "Reader", "RefusedExpression", "Together"]

_COMPARED: Final = ("int64", "string")

_FUNCTIONS: Final[Mapping[str, tuple[str, ...]]] = {
    "_==_": ("equals",),
    "_!=_": ("not_equals",),
    "_<_": tuple(f"less_{kind}" for kind in _COMPARED),
    "_<=_": tuple(f"less_equals_{kind}" for kind in _COMPARED),
    "_>_": tuple(f"greater_{kind}" for kind in _COMPARED),
    "_>=_": tuple(f"greater_equals_{kind}" for kind in _COMPARED),
    "_+_": ("add_int64",),
    "_-_": ("subtract_int64",),
    "_*_": ("multiply_int64",),
    "_/_": ("divide_int64",),
    "_%_": ("modulo_int64",),
    "-_": ("negate_int64",),
    "!_": ("logical_not",),
    "_&&_": ("logical_and",),
    "_||_": ("logical_or",),
    "_?_:_": ("conditional",),
    "@in": ("in_list", "in_map"),
    "_[_]": ("index_map",),
    "@not_strictly_false": ("not_strictly_false",),
    "size": ("list_size", "map_size", "size_list", "size_map"),
    "startsWith": ("starts_with_string",),
    "endsWith": ("ends_with_string",),
    "contains": ("contains_string",),
}
"""What an expression may call, by CEL's own names. Nothing here makes a value longer than those it
is given: no joining of strings or lists, no conversions, no time, no regular expressions."""

_MACROS: Final = ("all", "exists", "exists_one")

_TYPES: Final[Mapping[str, cel.Type]] = {
    "string": cel.Type.STRING,
    "int": cel.Type.INT,
    "bool": cel.Type.BOOL,
    "strings": cel.Type.List(cel.Type.STRING),
    "items": cel.Type.Map(cel.Type.STRING, cel.Type.INT),
}


class Literals(Struct, frozen=True):
    """What one name is compared with."""

    numbers: frozenset[int]
    strings: frozenset[str]


class Expression:
    """A compiled condition. `names` are the declared names it reads, `numbers` the figures in it;
    `is_plain`: it only compares."""

    __slots__ = ("_clauses", "_evaluate", "is_plain", "names", "numbers", "text")

    def __init__(self, text: str) -> None:
        """Compile `text`; raises `RefusedExpression` with the column."""
        tokens = cut(text)
        self._evaluate = _compile(text).eval
        self._clauses = [
            (_declared(clause), Literals(numbers_in(clause), strings_in(clause)))
            for clause in clauses(tokens)
        ]
        self.text = text
        self.names = _declared(tokens)
        self.numbers = numbers_in(tokens)
        self.is_plain = is_plain(tokens)

    def literals(self, names: frozenset[str]) -> Literals:
        """What it compares any of `names` with."""
        compared = [literals for read, literals in self._clauses if read & names]
        return Literals(
            frozenset[int]().union(*(one.numbers for one in compared)),
            frozenset[str]().union(*(one.strings for one in compared)),
        )

    def holds(self, values: cel.Activation) -> bool:
        """Whether it is true. A fault on the way (a division by zero, a sum beyond 64 bits, a
        group that is not there) is no yes."""
        return _is_true(self._evaluate, values)


def _is_true(evaluate: Callable[[cel.Activation], cel.Value], values: cel.Activation) -> bool:
    try:
        return evaluate(values).value() is True
    except RuntimeError:
        # Faults of an expression come as values. This is the evaluator's own: a text that is no
        # Unicode, more than its 10 000 turns of a loop.
        return False


def _declared(tokens: tuple[Token, ...]) -> frozenset[str]:
    """The declared names among tokens, with or without a function after them."""
    read = names_in(tokens)
    return (read | {name.rpartition(".")[0] for name in read}) & CONTEXT.keys()


def _compile(text: str) -> cel.Expression:
    try:
        compiled = _environment().compile(text)
    except RuntimeError as fault:
        raise _told(str(fault)) from None
    if compiled.return_type() != cel.Type.BOOL:
        kind = compiled.return_type().name().lower()
        raise RefusedExpression(
            f"it comes to {kind}, not to true or false", remedy="compare it with something"
        )
    return compiled


def _told(fault: str) -> RefusedExpression:
    """The compiler's first complaint, with its column."""
    first = fault.partition("\n")[0].removeprefix("INVALID_ARGUMENT: ").removeprefix("ERROR: ")
    _, _, rest = first.partition("<input>:")
    _line, _, rest = rest.partition(":")
    column, _, what = rest.partition(": ")
    what = what.partition(" (in container")[0].removesuffix(" [INVALID_ARGUMENT]")
    return RefusedExpression(
        (what or first)[:200],
        place=f"column {column}" if column.isdigit() else "",
        remedy="see docs/formats/programme.md, Conditions",
    )


@cache
def _environment() -> cel.Env:
    functions = "".join(
        f"    - name: '{name}'\n      overloads:\n"
        + "".join(f"        - id: {overload}\n" for overload in overloads)
        for name, overloads in _FUNCTIONS.items()
    )
    macros = f"  include_macros: [{', '.join(_MACROS)}]\n"
    config = cel.NewEnvConfigFromYaml(f"stdlib:\n{macros}  include_functions:\n{functions}")
    types = {name: _TYPES[declared.type] for name, declared in CONTEXT.items()}
    return cel.NewEnv(config=config, variables=types)


class Reader:
    """Gives expressions the values of the names they read, and no others."""

    __slots__ = ("_activation", "_by_name", "names")

    def __init__(self, expressions: Iterable[Expression]) -> None:
        """Keep what `expressions` read between them."""
        self.names = frozenset[str]().union(*(expression.names for expression in expressions))
        self._by_name = Values(self.names).by_name
        self._activation = _environment().Activation

    def values(self, situation: Situation, moment: Moment) -> cel.Activation:
        """What the expressions are evaluated on, shared by all of them."""
        return self._activation(self._by_name(situation, moment))


class Together:
    """Expressions asked at once: one call instead of one for each."""

    __slots__ = ("_evaluate", "_reader")

    def __init__(self, expressions: Sequence[Expression]) -> None:
        """Join what is compiled already; of none, all hold."""
        text = " && ".join(f"({one.text})" for one in expressions)
        self._evaluate = _compile(text).eval if expressions else None
        self._reader = Reader(expressions)

    def hold(self, situation: Situation, moment: Moment) -> bool:
        """Whether all of them are true."""
        if self._evaluate is None:
            return True
        return _is_true(self._evaluate, self._reader.values(situation, moment))
