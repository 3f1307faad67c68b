# SPDX-License-Identifier: Apache-2.0
"""How a command says what it found: in words to a person, or once as JSON to a program."""

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import update_wrapper
from typing import Any

import click

from kerege.cli.lazy import EXIT_ERROR
from kerege.errors import KeregeError

__all__ = ["Command", "Output", "telling"]

Command = Callable[..., Any]


@dataclass
class Output:
    """Says things to a person, or once as JSON to a program."""

    as_json: bool

    def done(self, text: str, /, **values: object) -> None:
        """Tell what was found; `values` are for programs."""
        click.echo(json.dumps({"ok": True, **values}) if self.as_json else text)

    def failed(self, error: KeregeError) -> None:
        """Tell a program what went wrong."""
        told = {"message": error.message, "place": error.place, "remedy": error.remedy}
        click.echo(json.dumps({"ok": False, "error": type(error).__name__, **told}))


def telling(command: Command) -> Command:
    """Add `--json`; pass `output`, and tell errors in the way that was asked for."""

    def run(as_json: bool, **rest: Any) -> None:
        output = Output(as_json)
        try:
            command(output=output, **rest)
        except KeregeError as error:
            if not as_json:
                raise
            output.failed(error)
            sys.exit(EXIT_ERROR)

    run = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")(run)
    return update_wrapper(run, command)
