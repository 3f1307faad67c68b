# SPDX-License-Identifier: Apache-2.0
"""What commands of the central bank's staff share: which core, whose key, what was proposed."""

import json
from collections.abc import Callable
from functools import update_wrapper
from pathlib import Path
from textwrap import indent
from typing import Any, Final

import click
import msgspec

from kerege.centralbank.actions_proposals import Proposal
from kerege.centralbank.programme_terms import parse_terms
from kerege.cli.amounts import instant_told
from kerege.cli.telling import Output, telling
from kerege.keys import load_private_key
from kerege.programmes.document import MalformedProgramme
from kerege.runtime import SystemClock, SystemRandomness

__all__ = ["as_staff", "carrying", "tell_proposal", "words_of"]

Command = Callable[..., Any]

_OPTIONS: Final = "__click_params__"


def as_staff(command: Command) -> Command:
    """Add `--core`, `--key` and `--json`; the command gets `line` and `output`."""

    def run(core: str, key: Path, **rest: Any) -> None:
        # Late: an HTTP client and all that comes with it; help needs none of it.
        from kerege.centralbank.staff_line import StaffLine

        private_key = load_private_key(key.expanduser())
        clock, randomness = SystemClock(), SystemRandomness()
        with StaffLine(core, private_key, clock=clock, randomness=randomness) as line:
            command(line=line, **rest)

    told = telling(update_wrapper(run, command, updated=()))
    staffed = carrying(told, told, of=command)
    for option in (
        click.option(
            "--key",
            type=click.Path(dir_okay=False, path_type=Path),
            envvar="KEREGE_STAFF_KEY",
            show_envvar=True,
            required=True,
            help="Your own key, a PEM file.",
        ),
        click.option(
            "--core",
            envvar="KEREGE_CORE",
            show_envvar=True,
            default="http://127.0.0.1:7300",
            show_default=True,
            help="Where the core is.",
        ),
    ):
        staffed = option(staffed)
    return staffed


def carrying(outer: Command, inner: Command, *, of: Command | None = None) -> Command:
    """`outer` under the name of `inner`, with its click options, and those `of` another one."""
    # click keeps them in a list on the function; `update_wrapper` would let the two share it.
    mine = [*getattr(of, _OPTIONS, ()), *getattr(inner, _OPTIONS, ())]
    wrapped = outer if outer is inner else update_wrapper(outer, inner, updated=())
    setattr(wrapped, _OPTIONS, mine)
    return wrapped


def words_of(proposal: Proposal) -> str:
    """A proposal to read before approving it: all of it."""
    action: dict[str, Any] = msgspec.to_builtins(proposal.text.action)
    lines = [
        f"{proposal.id}: {proposal.kind}, {proposal.state}",
        *(f"  {name}: {_shown(name, value)}" for name, value in action.items() if name != "kind"),
        f"  reason: {proposal.text.reason}",
        f"  proposed by {proposal.proposer}, {instant_told(proposal.proposed_at_us)}",
    ]
    if proposal.text.not_before_us:
        lines.append(f"  not before {instant_told(proposal.text.not_before_us)}")
    if proposal.approver:
        lines.append(f"  approved by {proposal.approver}")
    if proposal.explanation:
        lines.append(f"  {proposal.explanation}")
    return "\n".join(lines)


def tell_proposal(output: Output, proposal: Proposal) -> None:
    """Tell what became of a proposal."""
    output.done(words_of(proposal), **msgspec.to_builtins(proposal))


def _shown(name: str, value: object) -> str:
    """As it is to be read; of a programme's signed terms the document itself, every word of it."""
    if name != "terms" or not isinstance(value, str):
        return _plain(value)
    try:
        signed = parse_terms(value.encode())
    except MalformedProgramme:
        return value
    # As it was read, not as it was written: of two members of one name only one counts.
    members = json.dumps(msgspec.to_builtins(signed.programme), indent=2, ensure_ascii=False)
    # What turns or hides letters in a terminal has to show: nobody has judged the texts yet.
    told = "".join(one if one.isprintable() or one == "\n" else ascii(one)[1:-1] for one in members)
    return f"signed with {signed.kid}\n{indent(told, '    ')}"


def _plain(value: object) -> str:
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()
