# SPDX-License-Identifier: Apache-2.0
"""What the commands of a country share: which folder, and how commands for it are typed."""

import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import click

__all__ = ["command_line", "in_folder"]

_USUAL: Final = Path("country")


def in_folder(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add `--folder`; the command gets `folder`."""
    return click.option(
        "--folder",
        type=click.Path(file_okay=False, path_type=Path),
        default=_USUAL,
        show_default=True,
        help="The country's folder.",
    )(command)


def command_line(name: str, folder: Path) -> str:
    """How a command for this folder is typed."""
    if folder == _USUAL:
        return f"kerege {name}"
    return f"kerege {name} --folder {shlex.quote(str(folder))}"
