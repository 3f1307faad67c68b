# SPDX-License-Identifier: Apache-2.0
"""`kerege programme vat`: the tax inspector's graph, and claims with the answers suggested."""

from pathlib import Path

import click
import msgspec

from kerege.cli.programme_reading import ReportLine, as_reader
from kerege.cli.telling import Output
from kerege.cli.words import say
from kerege.payments.vat_claims import OpenClaims
from kerege.programmes.vat_graph import VatGraph, draw_graph

__all__ = ["vat"]


@click.command()
@click.argument("programme")
@click.option("--claims", is_flag=True, help="Claims that wait, instead of the graph.")
@click.option(
    "--svg",
    type=click.Path(dir_okay=False, path_type=Path),
    default=None,
    help="Draw the graph into this file.",
)
@as_reader
def vat(
    programme: str,
    claims: bool,
    svg: Path | None,
    line: ReportLine,
    language: str,
    output: Output,
) -> None:
    """Show who invoices whom under PROGRAMME, and what an inspector should look at.

    Circles of firms, missing traders, firms that only pass on: reasons to look, no verdicts. For
    the tax authority at its bank; with --key for staff. See docs/programmes/digital-vat.md.
    """
    if claims:
        found = line.vat_claims(programme)
        output.done(_claims_told(found, language), **msgspec.to_builtins(found))
        return
    graph = line.vat_graph(programme)
    if svg is not None:
        svg.write_text(draw_graph(graph, show=_plain), encoding="utf-8")
    output.done(_graph_told(graph, language), **msgspec.to_builtins(graph))


def _plain(minor: int) -> str:
    return f"{minor // 100:,}.{minor % 100:02}"


def _graph_told(graph: VatGraph, language: str) -> str:
    lines = [say(language, "vat.graph", firms=len(graph.firms), ways=len(graph.edges))]
    lines += [
        say(language, "vat.pattern", kind=one.kind, vat=_plain(one.vat), firms=", ".join(one.firms))
        for one in graph.patterns
    ]
    if not graph.patterns:
        lines.append(say(language, "vat.nothing"))
    return _ended(lines, language, is_complete=graph.is_complete)


def _claims_told(found: OpenClaims, language: str) -> str:
    lines = [say(language, "vat.claims", claims=len(found.claims))]
    for claim in found.claims:
        told = {"amount": _plain(claim.amount), "paid": _plain(claim.suggested.amount)}
        lines.append(say(language, "vat.claim", claim=claim.suggested.claim, **told))
        lines += [f"  {one.invoice}: {one.reason}" for one in claim.suggested.refused]
    return _ended(lines, language, is_complete=found.is_complete)


def _ended(lines: list[str], language: str, *, is_complete: bool) -> str:
    if not is_complete:
        lines.append(say(language, "tree.cut"))
    return "\n".join(lines)
