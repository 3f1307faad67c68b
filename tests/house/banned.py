# SPDX-License-Identifier: Apache-2.0
"""Constructs that do not enter the house, each with what to use instead.

A rule looks at one node of a file's syntax tree. `tests/test_house.py` plants a violation of every
rule, so each is known to catch something.
"""

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tests.house import sight
from tests.house.tree import SourceFile

__all__ = ["RULES", "SHELL_EDGES", "Rule", "faults_in"]

SHELL_EDGES: tuple[str, ...] = (
    "src/kerege/bank/background.py",
    "src/kerege/bank/batching.py",
    "src/kerege/bank/http/turns.py",
    "src/kerege/centralbank/chores.py",
    "src/kerege/ledger/gathering.py",
    "src/kerege/ledger/stores/sqlite_writer.py",
    "src/kerege/service/front.py",
)
"""Files where `except Exception` may stand: the last frame of a thread or a server."""

CLOCK_AND_CHANCE = ("src/kerege/runtime", "src/kerege/keys/hazmat")


@dataclass(frozen=True)
class Rule:
    """What is banned, what to use instead, where it holds, and how to see it."""

    name: str
    instead: str
    holds_in: Callable[[SourceFile], bool]
    sees: Callable[[ast.AST], bool]


def _in_src(file: SourceFile) -> bool:
    return file.top == "src"


def _everywhere(_: SourceFile) -> bool:
    return True


def _counts_money(file: SourceFile) -> bool:
    return file.counts_money


def _outside_stores(file: SourceFile) -> bool:
    return file.top == "src" and not file.is_store


def _in_src_but(*folders: str) -> Callable[[SourceFile], bool]:
    return lambda file: file.top == "src" and not file.is_in(*folders)


def _call_to(*names: str) -> Callable[[ast.AST], bool]:
    return lambda node: sight.called(node) in names


def _secret_key_class(node: ast.AST) -> bool:
    return isinstance(node, ast.ClassDef) and node.name.endswith(
        ("PrivateKey", "SecretKey", "SigningKey")
    )


RULES = (
    Rule(
        "float in money",
        "count integer minor units; divide with `//` or money's named rounding",
        _counts_money,
        sight.is_float,
    ),
    Rule(
        "catching everything",
        "name the exceptions you expect; a shell edge is listed in tests/house/banned.py",
        _in_src_but(*SHELL_EDGES),
        sight.catches_everything,
    ),
    Rule(
        "print",
        "return a value; only `kerege.cli` writes to the terminal (click.echo)",
        _in_src_but("src/kerege/cli"),
        _call_to("print"),
    ),
    Rule(
        "reading the clock",
        "take `now` as an argument; shells get it from the clock in `kerege.runtime`",
        _in_src_but(*CLOCK_AND_CHANCE),
        sight.reads_the_clock,
    ),
    Rule(
        "randomness",
        "take ids and salts as arguments; shells get them from `kerege.runtime`",
        _in_src_but(*CLOCK_AND_CHANCE),
        sight.draws_by_chance,
    ),
    Rule(
        "assert",
        "raise InvariantViolation (kerege.errors); `python -O` drops assert",
        _in_src,
        lambda node: isinstance(node, ast.Assert),
    ),
    Rule(
        "old typing names",
        "write `list[x]`, `dict[x, y]`, `x | None`",
        _everywhere,
        sight.old_typing,
    ),
    Rule("str.format", "use an f-string", _everywhere, sight.formats_a_string),
    Rule(
        "unittest class",
        "write a test function and pytest fixtures",
        _everywhere,
        sight.unittest_class,
    ),
    Rule(
        "pickle",
        "use msgspec; loading a pickle runs what is in it",
        _everywhere,
        sight.imports("pickle", "cPickle", "dill", "marshal", "shelve"),
    ),
    Rule(
        "eval or exec",
        "parse the text, or use a dict of functions",
        _in_src,
        _call_to("eval", "exec"),
    ),
    Rule("shell=True", "pass a list of arguments", _everywhere, sight.uses_shell),
    Rule(
        "SQL from parts",
        "bind parameters; choose among whole statements",
        _in_src,
        sight.builds_sql,
    ),
    Rule(
        "SQL outside a store",
        "move it to a store module (`store*.py`, `stores/`) or a .sql file",
        _outside_stores,
        sight.is_sql,
    ),
    Rule(
        "private key class outside keys",
        "keep private keys in `kerege.keys`; hand on a signer",
        _in_src_but("src/kerege/keys"),
        _secret_key_class,
    ),
    Rule(
        "skip without a reason",
        "say why: `reason=...`",
        _everywhere,
        sight.skips_without_reason,
    ),
)


def faults_in(file: SourceFile) -> Iterator[str]:
    """Give one line for each banned construct in `file`."""
    rules = [rule for rule in RULES if rule.holds_in(file)]
    prose = sight.docstrings(file.tree)
    for node in ast.walk(file.tree):
        for rule in rules:
            if node not in prose and rule.sees(node):
                line = getattr(node, "lineno", 1)
                yield f"{file.path}:{line}: {rule.name}: {rule.instead}"
