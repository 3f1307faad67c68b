# SPDX-License-Identifier: Apache-2.0
"""Run the `console` blocks of a document and compare what they print.

    $ kerege --version
    kerege ...

A line that starts with `$ ` is a command, `> ` continues it, the rest is what it prints, standard
error included. `...` stands for anything, also for several lines. `$?` is not checked: a command
that is meant to fail shows its message.
"""

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.house.tree import ROOT

__all__ = ["Command", "commands_in", "environment", "output_matches", "run_command"]

TIMEOUT_S = 60
"""A documented command that takes longer would bore its reader too."""


@dataclass(frozen=True)
class Command:
    """A command line and the output the document promises."""

    line: str
    expected: str


def commands_in(block: str) -> Iterator[Command]:
    """Take a console block apart; text before the first command is left out."""
    line = ""
    expected: list[str] = []
    for text in block.splitlines():
        if text.startswith("$ "):
            if line:
                yield Command(line, "\n".join(expected))
            line, expected = text[2:], []
        elif text.startswith("> ") and line and not expected:
            line = f"{line}\n{text[2:]}"
        else:
            expected.append(text)
    if line:
        yield Command(line, "\n".join(expected))


def output_matches(expected: str, printed: str) -> bool:
    """Compare line by line without trailing blanks; `...` matches anything."""

    def tidy(text: str) -> str:
        return "\n".join(line.rstrip() for line in text.strip("\n").splitlines())

    pattern = ".*?".join(re.escape(part) for part in tidy(expected).split("..."))
    return re.fullmatch(pattern, tidy(printed), flags=re.DOTALL) is not None


def environment(folder: Path) -> dict[str, str]:
    """An environment in which `kerege`, `python` and `$DOCUMENTS` are this checkout's."""
    programs = folder / ".programs"
    programs.mkdir()
    for name, arguments in {"kerege": "-m kerege ", "python": "", "python3": ""}.items():
        program = programs / name
        program.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} {arguments}"$@"\n')
        program.chmod(0o755)
    return {
        "PATH": f"{programs}:{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT / "src"),
        "HOME": str(folder),
        "DOCUMENTS": str(ROOT / "docs"),
        "LANG": "C.UTF-8",
        "COLUMNS": "100",
        "NO_COLOR": "1",
    }


def run_command(command: Command, folder: Path, variables: dict[str, str]) -> str:
    """Run one command with bash in `folder`; return what it printed."""
    done = subprocess.run(
        ["bash", "-c", command.line],
        cwd=folder,
        env=variables,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=TIMEOUT_S,
        text=True,
        check=False,
    )
    return done.stdout
