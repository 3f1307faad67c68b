# SPDX-License-Identifier: Apache-2.0
"""`kerege load`: payments at a rate against a running country, and what became of them."""

import asyncio
from pathlib import Path
from typing import Any, Final

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn

from kerege.cli.country import in_folder
from kerege.cli.language import speaking
from kerege.cli.telling import Output, telling
from kerege.runtime import SystemClock
from kerege.sandbox.country import Country
from kerege.sandbox.figures import histogram_lines, histogram_svg
from kerege.sandbox.load_run import PAYERS, run_load
from kerege.sandbox.loading import Load, Report
from kerege.sandbox.payers import KINDS, parse_mix
from kerege.sandbox.run_file import read_run
from kerege.sandbox.words import say

__all__ = ["load"]

_MOST_PER_S: Final = 20_000
_LONGEST_S: Final = 24 * 3600


@click.command()
@in_folder
@click.option(
    "--rate",
    type=click.FloatRange(0, _MOST_PER_S),
    default=50.0,
    show_default=True,
    help="Payments a second; 0: as many as the lanes have answered.",
)
@click.option("--seconds", type=click.FloatRange(0.1, _LONGEST_S), default=10.0, show_default=True)
@click.option(
    "--lanes",
    type=click.IntRange(1, 1_024),
    default=64,
    show_default=True,
    help="With --rate 0: how many wait for an answer at once.",
)
@click.option(
    "--mix",
    default="pay:12,request:2,hold:2,mandate:2,refund:1,poor:1",
    show_default=True,
    help=f"What is sent, and how much of it: {', '.join(KINDS)}. Holds are captured, mandates"
    " pulled under.",
)
@click.option(
    "--chart",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Also draw the waiting times into this SVG file.",
)
@speaking
@telling
def load(
    folder: Path,
    rate: float,
    seconds: float,
    lanes: int,
    mix: str,
    chart: Path | None,
    language: str,
    output: Output,
) -> None:
    """Send payments to a running country's banks; tell outcomes and waiting times.

    Made-up people pay made-up shops a little each. A wait is counted from the instant a payment
    was due. Where no answer comes, the same order is sent again.
    """
    weights = parse_mix(mix)
    read_run(folder)
    country = Country.find(folder)
    wanted = Load(rate=rate, seconds=seconds, lanes=lanes)
    with _Bar(language, wanted) as bar:
        report = asyncio.run(
            run_load(
                country,
                SystemClock(),
                wanted,
                mix=weights,
                preparing=bar.preparing,
                progress=bar.sent,
            )
        )
    if chart is not None:
        waits = f"p50 {report.wait_ms(50):.0f} ms, p99 {report.wait_ms(99):.0f} ms"
        title = f"{report.per_s:.0f} payments/s, {waits}"
        chart.write_text(histogram_svg(report.waits_ms, title=title), "utf-8")
    output.done(_told(report, chart, language), **_values(report, chart))


def _told(report: Report, chart: Path | None, language: str) -> str:
    def told(key: str, **figures: object) -> str:
        return say(language, f"load.{key}", **figures)

    lines = [told("outcomes", sent=report.sent, seconds=f"{report.seconds:.1f}")]
    lines += [f"   {count:>8}  {name}" for name, count in report.outcomes.items()]
    for key, count in (
        ("again", report.again),
        ("unanswered", report.unanswered),
        ("not_sent", report.not_sent),
    ):
        if count:
            lines.append(told(key, **{"again" if key == "again" else "count": count}))
    half, most = f"{report.wait_ms(50):.1f}", f"{report.wait_ms(99):.1f}"
    lines += [told("rate", rate=f"{report.per_s:.0f}", p50=half, p99=most)]
    for kind, waits in sorted(report.waits_by_kind.items()):
        lines.append(
            told(
                "kind",
                kind=f"{kind:<8}",
                count=len(waits),
                accepted=report.accepted(kind),
                p50=f"{report.wait_ms(50, kind=kind):.1f}",
                p99=f"{report.wait_ms(99, kind=kind):.1f}",
            )
        )
    lines += histogram_lines(report.waits_ms)
    if chart is not None:
        lines.append(told("chart", file=chart))
    return "\n".join(lines)


def _values(report: Report, chart: Path | None) -> dict[str, object]:
    return {
        "seconds": round(report.seconds, 3),
        "own_cpu_s": round(report.own_cpu_s, 3),
        "sent": report.sent,
        "outcomes": report.outcomes,
        "again": report.again,
        "unanswered": report.unanswered,
        "not_sent": report.not_sent,
        "per_s": round(report.per_s, 1),
        "p50_ms": round(report.wait_ms(50), 3),
        "p99_ms": round(report.wait_ms(99), 3),
        "kinds": {
            kind: {
                "answered": len(waits),
                "accepted": report.accepted(kind),
                "p50_ms": round(report.wait_ms(50, kind=kind), 3),
                "p99_ms": round(report.wait_ms(99, kind=kind), 3),
            }
            for kind, waits in report.waits_by_kind.items()
        },
        "chart": None if chart is None else str(chart),
    }


_DRAWN_EACH: Final = 20
"""Answers after which progress is drawn anew."""


class _Bar:
    """Progress on standard error while a person watches; nothing otherwise."""

    def __init__(self, language: str, load: Load) -> None:
        self._language = language
        screen = Console(stderr=True)
        columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.completed}"))
        self._progress = Progress(
            *columns, console=screen, transient=True, disable=not screen.is_terminal
        )
        total = round(load.rate * load.seconds) or None
        self._task = self._progress.add_task("", total=total)

    def __enter__(self) -> "_Bar":
        self._progress.start()
        return self

    def __exit__(self, *_: Any) -> None:
        self._progress.stop()

    def preparing(self, count: int) -> None:
        """So many payers are ready."""
        told = say(self._language, "load.preparing", count=PAYERS)
        self._progress.update(self._task, description=f"{told}: {count}")

    def sent(self, count: int) -> None:
        """So many were sent."""
        # Drawing takes as long as sending a payment.
        if self._progress.disable or count % _DRAWN_EACH:
            return
        told = say(self._language, "load.running")
        self._progress.update(self._task, description=told, completed=count)
