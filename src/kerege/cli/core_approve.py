# SPDX-License-Identifier: Apache-2.0
"""`kerege core proposals` and `kerege core approve`: look at what was proposed, and approve it."""

from typing import TYPE_CHECKING

import click
import msgspec

from kerege.cli.core_staff import as_staff, tell_proposal, words_of
from kerege.cli.telling import Output

if TYPE_CHECKING:
    # Late: what only names the type must not pay for an HTTP client.
    from kerege.centralbank.staff_line import StaffLine

__all__ = ["approve", "proposals"]


@click.command()
@click.argument("proposal", required=False)
@as_staff
def proposals(proposal: str | None, line: "StaffLine", output: Output) -> None:
    """Show one PROPOSAL, or the newest hundred."""
    found = [line.proposal(proposal)] if proposal else line.proposals()
    told = "\n".join(words_of(one) for one in found) or "nothing was proposed yet"
    output.done(told, proposals=msgspec.to_builtins(found))


@click.command()
@click.argument("proposal")
@click.option("--yes", is_flag=True, help="Do not ask.")
@as_staff
def approve(proposal: str, yes: bool, line: "StaffLine", output: Output) -> None:
    """Approve PROPOSAL, which another proposed; it is then carried out."""
    found = line.proposal(proposal)
    if not yes:
        click.echo(words_of(found), err=True)
        click.confirm("Approve?", abort=True, err=True)
    tell_proposal(output, line.approve(found))
