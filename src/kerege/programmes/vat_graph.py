# SPDX-License-Identifier: Apache-2.0
"""The inspector's graph: firms and the VAT between them, patterns in red, as JSON and as SVG. Pure.

No library draws it and no script runs in it: the picture is text that any browser shows.
"""

from collections.abc import Callable
from html import escape
from typing import Final

from msgspec import Struct

from kerege.programmes.vat_book import VatBook
from kerege.programmes.vat_patterns import Edge, Pattern, edges_of, find_patterns

__all__ = ["MAX_DRAWN", "VatGraph", "draw_graph", "graph_of"]

MAX_DRAWN: Final = 60
"""Firms in one picture: more are a tangle. Those of patterns come first, then the largest."""

_SIZE: Final = 900
_STEP: Final = 96
_HEAD: Final = 60
_COLUMNS: Final = 8


class VatGraph(Struct, frozen=True):
    """Firms, trade among them, patterns. `left_out`: firms that are not shown; `is_complete`: no
    order was left unread."""

    firms: tuple[str, ...]
    edges: tuple[Edge, ...]
    patterns: tuple[Pattern, ...]
    left_out: int = 0
    is_complete: bool = True


def graph_of(book: VatBook, *, most: int = MAX_DRAWN) -> VatGraph:
    """The graph of a book: at most `most` firms, those of patterns first."""
    edges, patterns = edges_of(book), find_patterns(book)
    ordered = [firm for pattern in patterns for firm in pattern.firms]
    ordered += [firm for edge in edges for firm in (edge.supplier, edge.buyer)]
    firms = tuple(dict.fromkeys(ordered))
    shown = firms[:most]
    inside = tuple(edge for edge in edges if {edge.supplier, edge.buyer} <= set(shown))
    return VatGraph(shown, inside, patterns, len(firms) - len(shown))


def draw_graph(graph: VatGraph, *, show: Callable[[int], str] = str) -> str:
    """The graph as an SVG document. `show` prints minor units.

    Firms stand in rows, for a circle has no beginning; arrows go from supplier to buyer.
    """
    places = {
        firm: (70 + place % _COLUMNS * _STEP * 9 // 8, _HEAD + 40 + place // _COLUMNS * _STEP)
        for place, firm in enumerate(graph.firms)
    }
    circles = [set(one.firms) for one in graph.patterns if one.kind == "circle"]
    told = {firm for one in graph.patterns for firm in one.firms}
    height = _HEAD + 120 + (len(graph.firms) - 1) // _COLUMNS * _STEP + 18 * len(graph.patterns)
    parts = [
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_SIZE} {height}" '
            'font-family="sans-serif" font-size="11" role="img">'
        ),
        "<title>VAT between firms</title>",
        (
            '<defs><marker id="arrow" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" '
            'markerHeight="7" orient="auto"><path d="M0 0 8 4 0 8z"/></marker></defs>'
        ),
        *(_arrow(edge, places, circles, show) for edge in graph.edges),
        *(_firm(firm, place, is_told=firm in told) for firm, place in places.items()),
        *_legend(graph, height, show),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _arrow(
    edge: Edge,
    places: dict[str, tuple[int, int]],
    circles: list[set[str]],
    show: Callable[[int], str],
) -> str:
    (x1, y1), (x2, y2) = places[edge.supplier], places[edge.buyer]
    # Bent to one side, so that two ways between the same firms lie apart.
    bend_x, bend_y = (x1 + x2) // 2 + (y2 - y1) // 5, (y1 + y2) // 2 - (x2 - x1) // 5
    inside = any({edge.supplier, edge.buyer} <= circle for circle in circles)
    colour = "#b3261e" if inside else "#5f6b7a"
    text = f"{escape(edge.supplier)} to {escape(edge.buyer)}: VAT {escape(show(edge.vat))}"
    return (
        f'<path d="M{x1} {y1}Q{bend_x} {bend_y} {x2} {y2}" fill="none" stroke="{colour}" '
        f'marker-end="url(#arrow)"><title>{text}, {edge.invoices} invoices</title></path>'
    )


def _firm(firm: str, place: tuple[int, int], *, is_told: bool) -> str:
    x, y = place
    fill = "#f9dedc" if is_told else "#e7eef7"
    return (
        f'<circle cx="{x}" cy="{y}" r="16" fill="{fill}" stroke="#33415c">'
        f"<title>{escape(firm)}</title></circle>"
        f'<text x="{x}" y="{y + 30}" text-anchor="middle">{escape(firm[-8:])}</text>'
    )


def _legend(graph: VatGraph, height: int, show: Callable[[int], str]) -> list[str]:
    """Every pattern in words, so that nothing is told by colour alone."""
    lines = [f"{len(graph.firms)} firms, {len(graph.edges)} ways, {graph.left_out} left out"]
    for pattern in graph.patterns:
        names = " · ".join(firm[-8:] for firm in pattern.firms[:6])
        lines.append(f"{pattern.kind}: VAT {show(pattern.vat)} ({names})")
    first = height - 18 * len(lines) + 8
    return [
        f'<text x="12" y="{first + 18 * place}">{escape(line)}</text>'
        for place, line in enumerate(lines)
    ]
