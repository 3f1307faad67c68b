# SPDX-License-Identifier: Apache-2.0
"""A click group that imports its sub-commands late and speaks of our errors plainly."""

import importlib
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
        """Run; a `KeregeError`, or a file the system refuses, becomes a message on stderr and
        exit code 1, never a stack trace."""
        try:
            return super().invoke(ctx)
        except KeregeError as error:
            click.echo(_told(error), err=True)
            ctx.exit(EXIT_ERROR)
        except OSError as error:
            if error.filename is None:
                # No file: a closed pipe, which click knows how to end on, or a fault of ours.
                raise
            refused = KeregeError(error.strerror or "cannot be used", place=str(error.filename))
            click.echo(_told(refused), err=True)
            ctx.exit(EXIT_ERROR)


def _told(error: KeregeError) -> str:
    where = f"{error.place}: " if error.place else ""
    lines = [f"kerege: {where}{error.message}"]
    if error.remedy:
        lines.append(f"  what to do: {error.remedy}")
    return "\n".join(lines)
