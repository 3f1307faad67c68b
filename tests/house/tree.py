# SPDX-License-Identifier: Apache-2.0
"""The files of the house as the rules see them: a path, the text, the syntax tree."""

import ast
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path, PurePosixPath

from tests.house.contracts import is_pure

__all__ = ["ROOT", "SourceFile", "source_files", "text_files"]

ROOT = Path(__file__).parents[2]

NOT_OURS = frozenset({"build", "dist", "mutants", "node_modules"})
"""Folders that tools write. What is hidden is left out too, but for `.ci`."""

TEXT_SUFFIXES = frozenset(
    {"", ".cfg", ".css", ".html", ".js", ".json", ".lock", ".md", ".py", ".sh", ".sql", ".svg"}
    | {".toml", ".txt", ".yaml", ".yml"}
)


@dataclass(frozen=True)
class SourceFile:
    """One file, by its path from the root of the checkout."""

    path: PurePosixPath
    text: str

    @property
    def top(self) -> str:
        """The first folder: `src`, `tests`, ..."""
        return self.path.parts[0]

    @cached_property
    def tree(self) -> ast.Module:
        """The syntax tree of a Python file."""
        return ast.parse(self.text, filename=str(self.path))

    @property
    def module(self) -> str:
        """The dotted name of a Python file under `src`, `kerege.ledger` for an `__init__`."""
        parts = self.path.with_suffix("").parts[1:]
        return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)

    def is_in(self, *folders: str) -> bool:
        """Tell whether the file lies in (or is) one of the folders or files named."""
        return any(self.path.is_relative_to(folder) for folder in folders)

    @property
    def counts_money(self) -> bool:
        """Tell whether the file is of money, or of the pure part of the ledger."""
        pure, shells = _purity()
        return self.is_in("src/kerege/money") or (
            self.is_in("src/kerege/ledger") and is_pure(self.module, pure=pure, shells=shells)
        )

    @property
    def is_store(self) -> bool:
        """Tell whether the file is a place for SQL: a store, a schema, runtime's database."""
        stem = self.path.stem
        return (
            "stores" in self.path.parts
            or stem.startswith("schema")
            or "store" in stem.split("_")
            or self.is_in("src/kerege/runtime/database.py", "src/kerege/runtime/tables.py")
        )


@cache
def _purity() -> tuple[tuple[str, ...], tuple[str, ...]]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = project["tool"]["importlinter"]["contracts"]
    pure = next(contract for contract in contracts if contract["type"] == "pure")
    return tuple(pure["pure"]), tuple(pure["shells"])


def _paths(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        hidden = path.name.startswith(".") and path.name != ".ci"
        if path.is_dir() and not (
            hidden or path.name in NOT_OURS or path.name.endswith((".egg-info", "__pycache__"))
        ):
            yield from _paths(path)
        elif path.is_file() and not hidden and path.suffix in TEXT_SUFFIXES:
            yield path


@cache
def text_files(root: Path = ROOT) -> tuple[SourceFile, ...]:
    """Every text file of ours, sorted by path."""
    return tuple(
        SourceFile(PurePosixPath(path.relative_to(root)), path.read_text(encoding="utf-8"))
        for path in _paths(root)
    )


def source_files(root: Path = ROOT) -> tuple[SourceFile, ...]:
    """Every Python file of ours, sorted by path."""
    return tuple(file for file in text_files(root) if file.path.suffix == ".py")
