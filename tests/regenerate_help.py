# SPDX-License-Identifier: Apache-2.0
"""Write `docs/commands.md`, the help of every command: `make docs`."""

from collections.abc import Iterator

import click

from kerege.cli import main
from tests.house.tree import ROOT

__all__ = ["PAGE", "help_page"]

PAGE = ROOT / "docs/commands.md"
WIDTH = 88

OPENING = """# Commands

What each command says of itself. This page is written by `make docs`; a test compares it with the
commands.
"""


def _sections(command: click.Command, path: str, parent: click.Context | None) -> Iterator[str]:
    context = click.Context(
        command,
        info_name=path.rpartition(" ")[2],
        parent=parent,
        terminal_width=WIDTH,
        **command.context_settings,
    )
    text = "\n".join(line.rstrip() for line in command.get_help(context).splitlines())
    yield f"## {path}\n\n```text\n{text}\n```\n"
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            below = command.get_command(context, name)
            if below is not None and not below.hidden:
                yield from _sections(below, f"{path} {name}", context)


def help_page() -> str:
    """Put the page together from the commands as they are."""
    return "\n".join([OPENING, *_sections(main, "kerege", None)])


if __name__ == "__main__":
    PAGE.write_text(help_page(), encoding="utf-8")
