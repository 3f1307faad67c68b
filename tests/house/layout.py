# SPDX-License-Identifier: Apache-2.0
"""Where things lie and how long they are: mirrored tests, public lists, lengths."""

import ast
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath

from tests.house.tree import ROOT, SourceFile

__all__ = [
    "BANNED_FOLDERS",
    "FUNCTION_LINES_MAX",
    "folder_faults",
    "length_faults",
    "longer_than_usual",
    "mirror_faults",
    "public_list_faults",
]

BANNED_FOLDERS = frozenset({"utils", "util", "helpers", "helper", "common", "models", "misc"})

FILE_LINES_MAX = {"src": 400, "examples": 400, "tests": 600, "benchmarks": 600}
"""A reader holds one idea at a time; tests and benchmarks carry tables, so they get more."""

FUNCTION_LINES_MAX = 60
"""Lines of a function in `src`, without its docstring: what fits on one screen."""

Lengths = dict[str, int]
Function = ast.FunctionDef | ast.AsyncFunctionDef


def longer_than_usual() -> Lengths:
    """Load the committed exceptions: "path" or "path::function" to its exact length in lines."""
    table = (ROOT / "tests/house/longer_than_usual.toml").read_text(encoding="utf-8")
    lines: Lengths = tomllib.loads(table)["lines"]
    return lines


def _function_lines(function: Function) -> int:
    has_docstring = ast.get_docstring(function) is not None
    first = function.body[0]
    docstring_lines = (first.end_lineno or 0) - first.lineno + 1 if has_docstring else 0
    return (function.end_lineno or 0) - function.lineno + 1 - docstring_lines


def _too_long(files: Iterable[SourceFile]) -> Iterator[tuple[str, int]]:
    for file in files:
        lines = len(file.text.splitlines())
        if lines > FILE_LINES_MAX.get(file.top, lines):
            yield str(file.path), lines
        if file.top == "src":
            for node in ast.walk(file.tree):
                if isinstance(node, Function) and _function_lines(node) > FUNCTION_LINES_MAX:
                    yield f"{file.path}::{node.name}", _function_lines(node)


def length_faults(files: Iterable[SourceFile], exceptions: Lengths) -> Iterator[str]:
    """Give a line for each file or function whose length is neither usual nor in the table."""
    long = dict(_too_long(files))
    for place in sorted({*long, *exceptions}):
        if place not in exceptions:
            yield f"{place} has {long[place]} lines: split it by ideas"
        elif place not in long:
            yield f"{place} is within the limit now: take it out of longer_than_usual.toml"
        elif long[place] > exceptions[place]:
            yield f"{place} grew to {long[place]} lines: it may only shrink"
        elif long[place] < exceptions[place]:
            yield f"{place} shrank to {long[place]} lines: say so in longer_than_usual.toml"


def folder_faults(files: Iterable[SourceFile]) -> Iterator[str]:
    """Give a line for each file in a folder, or of a name, that says nothing."""
    for file in files:
        if BANNED_FOLDERS & {*file.path.parts[:-1], file.path.stem}:
            yield f"{file.path}: name the folder or file after what it does in the system"


def _has_code(file: SourceFile) -> bool:
    return any(isinstance(node, Function | ast.Lambda) for node in ast.walk(file.tree))


def _unit_test_of(path: PurePosixPath) -> PurePosixPath:
    inside = path.relative_to("src/kerege")
    return PurePosixPath("tests/unit") / inside.with_name(f"test_{path.stem.strip('_')}.py")


def mirror_faults(files: Iterable[SourceFile]) -> Iterator[str]:
    """Give a line for each module with code that lacks its sibling under `tests/unit`."""
    files = tuple(files)
    there = {file.path for file in files}
    for file in files:
        if file.top == "src" and _has_code(file) and _unit_test_of(file.path) not in there:
            yield f"{file.path}: write {_unit_test_of(file.path)}"


def public_list_faults(files: Iterable[SourceFile]) -> Iterator[str]:
    """Give a line for each public package without a list `__all__` of strings."""
    for file in files:
        is_public_package = file.path.name == "__init__.py" and not any(
            part.startswith("_") for part in file.path.parts[:-1]
        )
        if file.top == "src" and is_public_package and not _has_public_list(file.tree):
            yield f"{file.path}: say what is public in __all__ (an empty list is an answer)"


def _has_public_list(tree: ast.Module) -> bool:
    targets = [
        target
        for node in tree.body
        if isinstance(node, ast.Assign | ast.AnnAssign)
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
    ]
    return any(isinstance(target, ast.Name) and target.id == "__all__" for target in targets)
