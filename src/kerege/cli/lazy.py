# SPDX-License-Identifier: Apache-2.0
"""A click group that imports its sub-commands late and speaks of our errors plainly."""

import errno
import importlib
import os
from collections.abc import Mapping
from typing import Any

import click

from kerege.errors import InvariantViolation, KeregeError

__all__ = ["EXIT_ERROR", "LazyGroup"]

EXIT_ERROR = 1
"""Exit code of a command that could not do what was asked; click keeps 2 for wrong usage."""


class LazyGroup(click.Group):
    """Sub-commands by name, each imported only when it is asked for."""

    def __init__(
        self,
        name: str | None = None,
        *,
        commands_by_name: Mapping[str, str],
        **attributes: Any,  # passed through: click's own keywords
    ) -> None:
        """Take `commands_by_name`: sub-command name to "module:attribute"."""
        super().__init__(name, **attributes)
        self._commands_by_name = commands_by_name

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All sub-command names, sorted."""
        return sorted({*super().list_commands(ctx), *self._commands_by_name})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return one sub-command; `None` if there is none of that name."""
        if cmd_name not in self._commands_by_name:
            return super().get_command(ctx, cmd_name)
        module_name, _, attribute = self._commands_by_name[cmd_name].partition(":")
        command = getattr(importlib.import_module(module_name), attribute)
        if not isinstance(command, click.Command):
            raise InvariantViolation(f"{module_name}:{attribute} is not a click command")
        return command

    def invoke(self, ctx: click.Context) -> Any:
        """Run; a `KeregeError` becomes a message on stderr and exit code 1, never a stack trace.

        So does what the operating system refuses: this is the edge where nobody is left to
        ask. A reader that went away (`| head`) is left to click, which ends quietly.
        """
        if _wants_no_colour(os.environ):
            ctx.color = False
        try:
            return super().invoke(ctx)
        except KeregeError as error:
            click.echo(_told(error), err=True)
        except OSError as error:
            if error.errno == errno.EPIPE:
                raise
            click.echo(_told(_refused_by_the_system(error)), err=True)
        return ctx.exit(EXIT_ERROR)


def _wants_no_colour(environment: Mapping[str, str]) -> bool:
    """Whether the person asked for plain text: NO_COLOR (no-color.org) or a dumb terminal."""
    return bool(environment.get("NO_COLOR")) or environment.get("TERM") == "dumb"


def _refused_by_the_system(error: OSError) -> KeregeError:
    place = str(error.filename) if error.filename else ""
    return KeregeError(f"the system refused: {error.strerror or error}", place=place)


def _told(error: KeregeError) -> str:
    where = f"{error.place}: " if error.place else ""
    lines = [f"kerege: {where}{error.message}"]
    if error.remedy:
        lines.append(f"  what to do: {error.remedy}")
    return "\n".join(lines)
