# SPDX-License-Identifier: Apache-2.0
"""The documentation is a test: its blocks run, its links lead somewhere, its help is the help."""

import ast
import doctest
import importlib
import re
import sys
from contextlib import suppress
from pathlib import Path, PurePosixPath
from types import ModuleType
from urllib.parse import unquote

import pytest

from kerege.sandbox.run_file import NotUp, end_run
from tests.documents import blocks, console
from tests.house.tree import ROOT, SourceFile, source_files, text_files
from tests.regenerate_help import PAGE, help_page

DOCUMENTS = [file for file in text_files() if file.path.suffix == ".md"]
LIBRARY = [file for file in source_files() if file.top == "src"]

WITHOUT_EXAMPLE = frozenset({"cli", "web", "runtime", "sandbox"})
"""Rooms one runs rather than imports; their examples stand in docs/."""


def by_path(file: SourceFile) -> str:
    return str(file.path)


def run_blocks(file: SourceFile, folder: Path) -> list[str]:
    """Run a document from top to bottom in one folder; return what did not go as written."""
    faults = []
    page = ModuleType("a_document")
    sys.modules[page.__name__] = page  # a class looks up its module by name
    variables = console.environment(folder)
    for block in blocks.blocks_of(file.text):
        if block.not_run is not None:
            continue
        if block.language == "python":
            # Blank lines in front, so that a traceback names the document's own line.
            source = "\n" * (block.line - 1) + block.text
            exec(compile(source, str(file.path), "exec"), vars(page))
        elif block.language == "console":
            for command in console.commands_in(block.text):
                printed = console.run_command(command, folder, variables)
                if not console.output_matches(command.expected, printed):
                    faults.append(
                        f"{file.path}:{block.line}: $ {command.line}\n"
                        f"promised:\n{command.expected}\nprinted:\n{printed}"
                    )
    return faults


@pytest.mark.parametrize("file", DOCUMENTS, ids=by_path)
def test_the_blocks_of_a_document_run(
    file: SourceFile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    try:
        faults = run_blocks(file, tmp_path)
    finally:
        _end_countries(tmp_path)
    assert not faults, "\n".join(faults)


def _end_countries(folder: Path) -> None:
    """A document that did not go as written may leave a country running."""
    for lock in folder.rglob("run.lock"):
        with suppress(NotUp):
            end_run(lock.parent, timeout_s=60)


@pytest.mark.parametrize("file", DOCUMENTS, ids=by_path)
def test_a_block_that_is_not_run_says_why(file: SourceFile) -> None:
    assert list(blocks.unmarked_faults(blocks.blocks_of(file.text))) == []


def broken_links(file: SourceFile, root: Path) -> list[str]:
    """Links of a document that lead to no file, or to no heading."""
    broken = []
    for link in blocks.links_of(file.text):
        target, _, anchor = unquote(link).partition("#")
        if ":" in target:
            continue
        path = (root / file.path).parent / target if target else root / file.path
        is_document = path.suffix == ".md" and path.is_file()
        if not path.exists() or (
            anchor
            and is_document
            and anchor not in blocks.headings_of(path.read_text(encoding="utf-8"))
        ):
            broken.append(link)
    return broken


@pytest.mark.parametrize("file", DOCUMENTS, ids=by_path)
def test_every_relative_link_leads_somewhere(file: SourceFile) -> None:
    assert broken_links(file, ROOT) == []


def test_every_make_target_a_document_names_exists() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, flags=re.MULTILINE))
    named = {
        target
        for file in DOCUMENTS
        for target in re.findall(r"(?:`|^)make ([a-z-]+)", file.text, flags=re.MULTILINE)
    }
    assert "test" in named
    assert named - targets == set()


def test_the_examples_in_docstrings_run() -> None:
    modules = [file.module for file in LIBRARY if ">>> " in file.text]
    failed = [
        module
        for module in modules
        if doctest.testmod(importlib.import_module(module), optionflags=doctest.ELLIPSIS).failed
    ]
    assert failed == []


def test_every_room_opens_with_an_example() -> None:
    rooms = [
        file
        for file in LIBRARY
        if file.path.match("src/kerege/*/__init__.py") and file.path.parts[2] not in WITHOUT_EXAMPLE
    ]
    bare = [by_path(file) for file in rooms if ">>> " not in (ast.get_docstring(file.tree) or "")]
    assert bare == [], "open the package's docstring with a few lines that run (`>>> `)"


def test_the_help_in_the_documentation_is_the_commands_own() -> None:
    assert PAGE.read_text(encoding="utf-8") == help_page(), "run `make docs`"


# The rest shows that the tests above can fail.


def document(text: str) -> SourceFile:
    return SourceFile(PurePosixPath("docs/made-up.md"), text)


def test_a_command_that_prints_something_else_is_seen(tmp_path: Path) -> None:
    assert len(run_blocks(document("```console\n$ echo 1\n2\n```"), tmp_path)) == 1


def test_a_python_block_that_fails_is_seen(tmp_path: Path) -> None:
    text = "```python\nx = 1\n```\nand then\n```python\nassert x == 2\n```"
    with pytest.raises(AssertionError):
        run_blocks(document(text), tmp_path)


def test_a_marked_block_is_not_run_and_needs_a_reason(tmp_path: Path) -> None:
    text = "<!-- not run: it would erase the disk -->\n```console\n$ echo 1\n2\n```"

    assert run_blocks(document(text), tmp_path) == []
    assert list(blocks.unmarked_faults(blocks.blocks_of(text))) == []
    for faulty in ("<!-- not run -->\n```console\n$ true\n```", "```sh\ntrue\n```"):
        assert len(list(blocks.unmarked_faults(blocks.blocks_of(faulty)))) == 1


def test_commands_share_a_folder_and_may_span_lines(tmp_path: Path) -> None:
    text = "```console\n$ echo one > a.txt\n$ cat a.txt \\\n> a.txt\none\none\n```"
    assert run_blocks(document(text), tmp_path) == []


@pytest.mark.parametrize(
    ("expected", "printed", "same"),
    [
        ("balance ... KZT", "balance 12.00 KZT\n", True),
        ("first\n...\nlast", "first\n1\n2\nlast\n", True),
        ("first", "first\nsecond\n", False),
        ("a.c", "abc", False),
        ("", "", True),
        ("", "something", False),
    ],
)
def test_dots_stand_for_anything(expected: str, printed: str, *, same: bool) -> None:
    assert console.output_matches(expected, printed) is same


@pytest.mark.parametrize(
    ("text", "broken"),
    [
        ("[x](no-such-page.md)", ["no-such-page.md"]),
        ("[x](#no-heading)", ["#no-heading"]),
        ('<img src="no-such.svg">', ["no-such.svg"]),
        ("[x](../README.md) [y](https://example.org) `[z](code)`", []),
    ],
)
def test_a_broken_link_is_seen(text: str, broken: list[str]) -> None:
    assert broken_links(document(text), ROOT) == broken
