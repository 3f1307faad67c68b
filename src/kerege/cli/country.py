# SPDX-License-Identifier: Apache-2.0
"""What the commands of a country share: which folder, and what is running in it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

__all__ = ["in_folder"]


def in_folder(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add `--folder`; the command gets `folder`."""
    return click.option(
        "--folder",
        type=click.Path(file_okay=False, path_type=Path),
        default=Path("country"),
        show_default=True,
        help="The country's folder.",
    )(command)
