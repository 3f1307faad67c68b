# SPDX-License-Identifier: Apache-2.0
"""Who reads what became of a programme's money: its funder at its bank, or staff at the core."""

from collections.abc import Callable
from functools import update_wrapper
from pathlib import Path
from typing import Any, Final, Protocol

import click

from kerege.cli.core_staff import carrying
from kerege.cli.language import speaking
from kerege.cli.purse import for_wallet, opened_purse
from kerege.cli.telling import telling
from kerege.keys import load_private_key
from kerege.payments.vat_claims import OpenClaims
from kerege.programmes.contract_tree import ContractTree
from kerege.programmes.report import ProgrammeReport
from kerege.programmes.vat_graph import VatGraph
from kerege.runtime import SystemClock, SystemRandomness

__all__ = ["ReportLine", "as_reader"]

Command = Callable[..., Any]

_OPTIONS: Final = (
    click.option(
        "--bank",
        envvar="KEREGE_BANK",
        show_envvar=True,
        default="",
        help="Address of the bank to ask; else that of the wallet.",
    ),
    click.option(
        "--key",
        type=click.Path(dir_okay=False, path_type=Path),
        envvar="KEREGE_STAFF_KEY",
        show_envvar=True,
        default=None,
        help="As staff of the central bank, by your own key, a PEM file.",
    ),
    click.option(
        "--core",
        envvar="KEREGE_CORE",
        show_envvar=True,
        default="http://127.0.0.1:7300",
        show_default=True,
        help="Where the core is, for staff.",
    ),
)


class ReportLine(Protocol):
    """Who answers: a customer's bank, or the core."""

    def programme_report(self, programme: str, *, from_us: int, until_us: int) -> ProgrammeReport:
        """A period (µs)."""

    def contract_tree(self, programme: str) -> ContractTree:
        """Contracts."""

    def vat_graph(self, programme: str) -> VatGraph:
        """Trade."""

    def vat_claims(self, programme: str) -> OpenClaims:
        """Claims that wait."""


def as_reader(command: Command) -> Command:
    """Add `--bank`, `--wallet`, `--purse`, `--key`, `--core`, `--language` and `--json`; the
    command gets `line`, `language` and `output`. With a staff key it asks the core, else a bank."""

    def run(
        core: str,
        key: Path | None,
        bank: str,
        purse: Path,
        wallet: str,
        language: str,
        **rest: Any,
    ) -> None:
        if key is None:
            with opened_purse(purse, language) as opened:
                asked = opened.bank(bank) if bank else opened.line_of(wallet)
                command(line=asked, language=language, **rest)
            return
        # Late: an HTTP client and all that comes with it; help needs none of it.
        from kerege.centralbank.staff_line import StaffLine

        clock, randomness = SystemClock(), SystemRandomness()
        private_key = load_private_key(key.expanduser())
        with StaffLine(core, private_key, clock=clock, randomness=randomness) as line:
            command(line=line, language=language, **rest)

    told = for_wallet(speaking(telling(update_wrapper(run, command, updated=()))))
    reading = carrying(told, told, of=command)
    for option in _OPTIONS:
        reading = option(reading)
    return reading
