# SPDX-License-Identifier: Apache-2.0
"""`kerege programme vat`: the tax inspector's graph, and claims with the answers suggested."""

from pathlib import Path

import click
import msgspec

from kerege.cli.programme_reading import ReportLine, as_reader
from kerege.cli.telling import Output
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
def vat(programme: str, claims: bool, svg: Path | None, line: ReportLine, output: Output) -> None:
    """Show who invoices whom under PROGRAMME, and what an inspector should look at.

    Circles of firms, missing traders, firms that only pass on: reasons to look, no verdicts. For
    the tax authority at its bank; with --key for staff. See docs/programmes/digital-vat.md.
    """
    if claims:
        found = line.vat_claims(programme)
        output.done(_claims_told(found), **msgspec.to_builtins(found))
        return
    graph = line.vat_graph(programme)
    if svg is not None:
        svg.write_text(draw_graph(graph, show=_plain), encoding="utf-8")
    output.done(_graph_told(graph), **msgspec.to_builtins(graph))


def _plain(minor: int) -> str:
    return f"{minor // 100:,}.{minor % 100:02}"


def _graph_told(graph: VatGraph) -> str:
    lines = [f"{len(graph.firms)} firms, {len(graph.edges)} ways between them"]
    lines += [
        f"{one.kind}: VAT {_plain(one.vat)}, {', '.join(one.firms)}" for one in graph.patterns
    ]
    if not graph.patterns:
        lines.append("nothing to look at")
    return _ended(lines, graph.is_complete)


def _claims_told(found: OpenClaims) -> str:
    lines = [f"{len(found.claims)} claims wait"]
    for claim in found.claims:
        paid = _plain(claim.suggested.amount)
        lines.append(f"{claim.suggested.claim}: of {_plain(claim.amount)}, {paid} can be paid")
        lines += [f"  {one.invoice}: {one.reason}" for one in claim.suggested.refused]
    return _ended(lines, found.is_complete)


def _ended(lines: list[str], is_complete: bool) -> str:
    if not is_complete:
        lines.append("cut off: what came last is missing")
    return "\n".join(lines)
