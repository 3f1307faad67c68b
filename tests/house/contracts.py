# SPDX-License-Identifier: Apache-2.0
"""Two import contracts of our own: what is pure, and which libraries stay in one room.

Both name modules by pattern (`*` matches any run of characters, dots included), so a room that is
not built yet needs no line and a new one is covered as soon as it exists.
"""

from collections.abc import Iterable
from fnmatch import fnmatchcase
from typing import Any  # import-linter puts the parsed value where the class declares a field

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output

__all__ = ["OnlyInContract", "PureContract", "is_pure", "matches"]


def matches(module: str, patterns: Iterable[str]) -> bool:
    """Tell whether `module` or a package it lies in matches one of `patterns`."""
    parts = module.split(".")
    prefixes = [".".join(parts[: end + 1]) for end in range(len(parts))]
    return any(fnmatchcase(prefix, pattern) for prefix in prefixes for pattern in patterns)


def is_pure(module: str, *, pure: Iterable[str], shells: Iterable[str]) -> bool:
    """Tell whether `module` is declared pure and is not one of its room's shells.

    Shells match exactly: a room's `__init__` gathers its shells, yet the room's other modules
    may be pure.
    """
    is_shell = any(fnmatchcase(module, pattern) for pattern in shells)
    return matches(module, pure) and not is_shell


def _direct_imports(graph: ImportGraph, importer: str) -> list[str]:
    return sorted(graph.find_modules_directly_imported_by(importer))


def _lines(graph: ImportGraph, importer: str, imported: str) -> str:
    details = graph.get_import_details(importer=importer, imported=imported)
    return ", ".join(str(detail["line_number"]) for detail in details)


class _ListingContract(Contract):
    """A contract that reports one line for each import it does not allow."""

    advice = ""

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        faults = [
            f"{importer} -> {imported} (line {_lines(graph, importer, imported)})"
            for importer in sorted(graph.modules)
            if importer.split(".")[0] in self.session_options["root_packages"]
            for imported in _direct_imports(graph, importer)
            if not self.allows(importer, imported)
        ]
        return ContractCheck(kept=not faults, metadata={"faults": faults})

    def allows(self, importer: str, imported: str) -> bool:
        """Tell whether `importer` may import `imported`."""
        raise NotImplementedError

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Print every import that is not allowed, then what to do instead."""
        for fault in check.metadata["faults"]:
            output.print_error(f"- {fault}")
        output.print_error(self.advice)


class PureContract(_ListingContract):
    """Pure modules import only pure modules of ours, and no source of time, chance or I/O.

    Checking direct imports is enough: what a pure module imports is pure itself.
    """

    type_name = "pure"
    advice = (
        "Pure modules take `now`, randomness and loaded data as values; a shell "
        "(service, store) brings them. Import from the defining module, not from a room's "
        "__init__, which may gather shells. A module that is a shell is named in pyproject.toml."
    )

    pure: Any = fields.ListField(subfield=fields.StringField())
    shells: Any = fields.ListField(subfield=fields.StringField())
    may_import: Any = fields.ListField(subfield=fields.StringField())
    forbidden: Any = fields.ListField(subfield=fields.StringField())

    def allows(self, importer: str, imported: str) -> bool:
        """Inside the house only pure modules; outside it anything not forbidden."""
        if not is_pure(importer, pure=self.pure, shells=self.shells):
            return True
        if imported.split(".")[0] in self.session_options["root_packages"]:
            return matches(imported, self.may_import) or is_pure(
                imported, pure=self.pure, shells=self.shells
            )
        return not matches(imported, self.forbidden)


class OnlyInContract(_ListingContract):
    """Some libraries are imported in one room only."""

    type_name = "only_in"
    advice = "Call that room's public functions instead of the library."

    modules: Any = fields.ListField(subfield=fields.StringField())
    importers: Any = fields.ListField(subfield=fields.StringField())

    def allows(self, importer: str, imported: str) -> bool:
        """The library, or anything below it, only from the listed importers."""
        return not matches(imported, self.modules) or matches(importer, self.importers)
