# SPDX-License-Identifier: Apache-2.0
"""`kerege supply`: the money in circulation, proven against the ledger and the public log."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from msgspec import to_builtins
from rich.console import Console

from kerege.cli.country import in_folder
from kerege.cli.language import speaking
from kerege.cli.telling import Output, telling
from kerege.money import ISO4217, Amount
from kerege.runtime import SystemClock
from kerege.sandbox.country import Country
from kerege.sandbox.proving import Proven, prove_supply
from kerege.sandbox.run_file import read_run
from kerege.sandbox.words import amount_text, say

__all__ = ["supply"]


@click.command()
@in_folder
@speaking
@telling
def supply(folder: Path, language: str, output: Output) -> None:
    """Prove how much money there is in a running country.

    What the central bank says is compared with its whole ledger, recomputed from an export, and
    the ledger with the public log as witnesses signed it.
    """
    state = read_run(folder)
    country = Country.find(folder)
    with _counted() as watch:
        proven = prove_supply(country, state, SystemClock(), watch=watch)
    output.done(_told(proven, language), **to_builtins(proven))


def _told(proven: Proven, language: str) -> str:
    money = proven.money
    asset = ISO4217.by_code(money.asset)

    def amount(minor: int) -> str:
        return amount_text(language, Amount(minor, asset))

    return "\n".join(
        (
            say(
                language,
                "supply.told",
                issued=amount(money.issued),
                redeemed=amount(money.redeemed),
                left=amount(money.circulating),
            ),
            say(language, "supply.reserves", reserves=amount(money.reserves)),
            say(language, "supply.log", leaves=proven.leaves, witnesses=proven.witnesses),
            say(language, "supply.audit", orders=proven.orders, transfers=proven.transfers),
            say(language, "supply.backed"),
        )
    )


@contextmanager
def _counted() -> Iterator[Callable[[Iterable[bytes]], Iterator[bytes]]]:
    """Count facts of the export for a person who watches; how many there are nobody knows yet."""
    screen = Console(stderr=True)
    with screen.status("") as status:

        def passed_on(lines: Iterable[bytes]) -> Iterator[bytes]:
            for number, line in enumerate(lines):
                if number % 4096 == 0:
                    status.update(f"{number:,}")
                yield line

        yield passed_on
