# SPDX-License-Identifier: Apache-2.0
"""`kerege payout`: pay everyone in a file, and tell what became of each line."""

import hashlib
import sys
from collections import Counter
from pathlib import Path
from typing import Final

import click
import msgspec

from kerege.cli.language import speaking
from kerege.cli.lazy import EXIT_ERROR
from kerege.cli.purse import for_wallet, money, opened_purse
from kerege.cli.telling import Output, telling
from kerege.cli.trusting import FILE, read_limited
from kerege.cli.usual import USUAL_ASSET
from kerege.errors import KeregeError
from kerege.payments.bulk import MAX_PAYOUT_BYTES, LineReport, write_report
from kerege.wallet import pay_out
from kerege.wallet.wire import PayoutPlan

__all__ = ["payout"]

_SHOWN: Final = 20
"""Faults and questions told of one file; the rest are counted."""


@click.command()
@click.argument("file", type=FILE)
@click.option("--asset", default=USUAL_ASSET, show_default=True)
@click.option(
    "--run",
    type=click.IntRange(1),
    default=1,
    show_default=True,
    help="Another number pays the same file once more.",
)
@click.option(
    "--report",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write a line for each line here, as CSV.",
)
@click.option("--dry-run", is_flag=True, help="Read the file, find every payee, pay nobody.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@for_wallet
@speaking
@telling
def payout(
    file: Path,
    asset: str,
    run: int,
    report: Path | None,
    dry_run: bool,
    yes: bool,
    purse: Path,
    wallet: str,
    language: str,
    output: Output,
) -> None:
    """Pay everyone in FILE: CSV with the columns to, amount, purpose, note.

    Cut off half-way, the same command goes on where it stopped, and pays nobody twice.
    """
    data = read_limited(file, MAX_PAYOUT_BYTES)
    with opened_purse(purse, language) as opened:
        plan = opened.line_of(wallet).plan_payout(_text_of(data, file), asset=asset)
        _check(plan, file)
        told = f"{len(plan.lines)} lines, {money(plan.total, asset)}"
        if dry_run:
            output.done(f"Would pay {told}{_questions(plan)}", **msgspec.to_builtins(plan))
            return
        agreed = yes or output.as_json or not sys.stdin.isatty()
        if not agreed and not click.confirm(f"Pay {told}{_questions(plan)}?", err=True):
            output.done("Nobody was paid.")
            return
        digest = hashlib.sha256(data).digest()
        lines = pay_out(opened.wallet(wallet), plan, digest=digest, run=run)
    if report is not None:
        report.write_bytes(write_report(lines))
    _tell(output, lines)


def _text_of(data: bytes, file: Path) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        raise KeregeError(
            f"not UTF-8 at byte {fault.start}", place=str(file), remedy="save it as UTF-8"
        ) from None


def _check(plan: PayoutPlan, file: Path) -> None:
    if plan.faults:
        shown = [
            f"line {line} {column}: {what}".replace("line 0 ", "")
            for line, column, what in plan.faults[:_SHOWN]
        ]
        more = len(plan.faults) - len(shown)
        if more:
            shown.append(f"and {more} more")
        raise KeregeError(
            "nobody was paid:\n  " + "\n  ".join(shown), place=str(file), remedy="correct the file"
        )


def _questions(plan: PayoutPlan) -> str:
    nobody = [str(line.line) for line in plan.lines if not line.wallet]
    told = f"; nobody found for lines {', '.join(nobody[:_SHOWN])}" if nobody else ""
    pairs = [f"{first} and {second}" for first, second in plan.repeated[:_SHOWN]]
    return told + (f"; the same payee and amount in lines {', '.join(pairs)}" if pairs else "")


def _tell(output: Output, lines: list[LineReport]) -> None:
    counts = Counter(line.code for line in lines)
    paid = counts["accepted"]
    words = [f"{paid} of {len(lines)} lines were paid."]
    words += [
        f"line {line.line}: {line.text or line.code} ({line.code})"
        for line in lines
        if line.code != "accepted"
    ][:_SHOWN]
    output.done("\n".join(words), codes=dict(counts), lines=msgspec.to_builtins(lines))
    if paid < len(lines):
        sys.exit(EXIT_ERROR)
