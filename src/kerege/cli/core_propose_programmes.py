# SPDX-License-Identifier: Apache-2.0
"""`kerege core propose activate-programme|suspend-programme|...`: the life of a programme."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from kerege.centralbank.actions import (
    MAX_TERMS_CHARACTERS,
    Action,
    ActivateProgramme,
    CloseProgramme,
    Ground,
    ResumeProgramme,
    SuspendProgramme,
)
from kerege.cli.core_propose import proposing
from kerege.cli.core_staff import carrying
from kerege.cli.trusting import FILE, read_limited
from kerege.errors import KeregeError

__all__ = ["activate_programme", "close_programme", "resume_programme", "suspend_programme"]


@click.command()
@click.argument("terms", type=FILE)
@proposing
def activate_programme(terms: Path) -> Action:
    """Put a version of a programme in force: the file TERMS as its funder signed it."""
    text = read_limited(terms, MAX_TERMS_CHARACTERS).strip()
    try:
        return ActivateProgramme(terms=text.decode("ascii"))
    except UnicodeDecodeError:
        raise KeregeError(
            "not a signed text",
            place=str(terms),
            remedy="have the funder sign the document: kerege programme sign",
        ) from None


def _on_ground(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add PROGRAMME and the options of a ground; the command gets `programme` and `ground`."""

    def run(authority: str, because: str, reference: str, **rest: Any) -> Any:
        ground = Ground(authority=authority, reason=because, reference=reference)
        return command(ground=ground, **rest)

    wrapped = carrying(run, command)
    for option in (
        click.argument("programme"),
        click.option("--authority", required=True, help="An office, never a person; published."),
        click.option("--because", required=True, help="Why; published."),
        click.option("--reference", default="", help="The document's number; not published."),
    ):
        wrapped = option(wrapped)
    return wrapped


@click.command()
@proposing
@_on_ground
def suspend_programme(programme: str, ground: Ground) -> Action:
    """Let the money of PROGRAMME rest where it is."""
    return SuspendProgramme(programme=programme, ground=ground)


@click.command()
@proposing
@_on_ground
def resume_programme(programme: str, ground: Ground) -> Action:
    """End the suspension of PROGRAMME."""
    return ResumeProgramme(programme=programme, ground=ground)


@click.command()
@proposing
@_on_ground
def close_programme(programme: str, ground: Ground) -> Action:
    """End PROGRAMME for good: its money returns to the funder, wherever it is."""
    return CloseProgramme(programme=programme, ground=ground)
