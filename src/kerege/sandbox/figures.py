# SPDX-License-Identifier: Apache-2.0
"""Waiting times: percentiles, and a histogram as text or SVG. Pure."""

from collections.abc import Sequence
from html import escape
from itertools import pairwise
from typing import Final

__all__ = ["EDGES_MS", "histogram", "histogram_lines", "histogram_svg", "percentile"]

EDGES_MS: Final = (0, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000)
"""Lower edges of the histogram's rows; the last row has no upper edge."""

_BAR: Final = "█"
_PARTS: Final = " ▏▎▍▌▋▊▉"
"""Eighths of a block, so that a row of one in a thousand is still seen."""


def percentile(values: Sequence[float], percent: float) -> float:
    """The value that `percent` (0 to 100) of all are not above: nearest rank, 0 of nothing."""
    if not values:
        return 0.0
    ranked = sorted(values)
    rank = max(1, -int(-len(ranked) * percent // 100))
    return ranked[min(rank, len(ranked)) - 1]


def histogram(waits_ms: Sequence[float]) -> list[tuple[str, int]]:
    """How many waits fall between each two of `EDGES_MS`, from the first used row to the last."""
    counts = [0] * len(EDGES_MS)
    for wait in waits_ms:
        counts[max(place for place, edge in enumerate(EDGES_MS) if wait >= edge or not place)] += 1
    rows = [(_row_name(place), count) for place, count in enumerate(counts)]
    used = [place for place, (_, count) in enumerate(rows) if count]
    return rows[used[0] : used[-1] + 1] if used else []


def histogram_lines(waits_ms: Sequence[float], *, width: int = 50) -> list[str]:
    """The histogram for a terminal, bars at most `width` characters wide."""
    rows = histogram(waits_ms)
    most = max((count for _, count in rows), default=0)
    return [f"{name:>13} {_bar(count, most, width)} {count}" for name, count in rows]


def histogram_svg(waits_ms: Sequence[float], *, title: str) -> str:
    """The histogram as an SVG picture."""
    rows = histogram(waits_ms)
    most = max((count for _, count in rows), default=1)
    height = 60 + 24 * len(rows)
    lines = [
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="640" height="{height}" role="img"'
            ' font-family="sans-serif" font-size="13">'
        ),
        f"<title>{escape(title)}</title>",
        f'<rect width="640" height="{height}" fill="#fff"/>',
        f'<text x="16" y="28" font-size="15" font-weight="bold">{escape(title)}</text>',
    ]
    for place, (name, count) in enumerate(rows):
        y, long = 48 + 24 * place, round(440 * count / most)
        lines += [
            f'<text x="116" y="{y + 13}" text-anchor="end">{escape(name)}</text>',
            f'<rect x="124" y="{y}" width="{max(long, 1)}" height="17" fill="#0b7a75"/>',
            f'<text x="{132 + max(long, 1)}" y="{y + 13}">{count}</text>',
        ]
    return "\n".join([*lines, "</svg>"]) + "\n"


def _row_name(place: int) -> str:
    edges = dict(enumerate(pairwise(EDGES_MS)))
    if place not in edges:
        return f"{EDGES_MS[-1]} ms and up"[:13]
    low, high = edges[place]
    return f"{low}-{high} ms"


def _bar(count: int, most: int, width: int) -> str:
    eighths = -(-count * width * 8 // most) if most else 0
    whole, part = divmod(eighths, 8)
    return _BAR * whole + _PARTS[part].strip()
