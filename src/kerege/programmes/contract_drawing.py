# SPDX-License-Identifier: Apache-2.0
"""A tree of contracts as a picture (SVG 1.1): a bar for each, as long as what it received. Pure."""

from collections.abc import Callable, Iterator
from typing import Final
from xml.sax.saxutils import escape

from kerege.programmes.contract_tree import Branch, ContractTree

__all__ = ["draw_tree"]

_ROW: Final = 34
_BAR: Final = 12
_INDENT: Final = 24
_LONGEST: Final = 480
"""Pixels of the bar of what received most."""
_WIDTH: Final = _LONGEST + 8 * _INDENT + 40

_PARTS: Final = (
    ("passed", "passed on", "#4477aa"),
    ("wages", "wages", "#228833"),
    ("taxes", "taxes", "#ccbb44"),
    ("bought", "bought", "#ee6677"),
    ("returned", "returned", "#aa3377"),
    ("left", "still there", "#bbbbbb"),
    ("plain", "plain money", "#66ccee"),
)
"""What a bar is made of. The colours are Paul Tol's, told apart by the colour-blind too."""


def draw_tree(tree: ContractTree, *, format_amount: Callable[[int], str]) -> str:
    """The picture; `format_amount` prints minor units of the tree's asset."""
    rows = [row for root in tree.roots for row in _rows(root, 0)]
    most = max((branch.received + branch.plain for branch, _ in rows), default=0) or 1
    height = (len(rows) + 2) * _ROW
    drawn = [
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" height="{height}"'
            ' font-family="sans-serif" font-size="11">'
        ),
        f'<text x="8" y="16">{escape(tree.programme)}</text>',
        *_legend(),
    ]
    for place, (branch, depth) in enumerate(rows):
        drawn += _row(branch, 8 + depth * _INDENT, (place + 2) * _ROW, most, format_amount)
    return "\n".join([*drawn, "</svg>\n"])


def _rows(branch: Branch, depth: int) -> Iterator[tuple[Branch, int]]:
    yield branch, depth
    for below in branch.branches:
        yield from _rows(below, depth + 1)


def _legend() -> Iterator[str]:
    for place, (_, what, colour) in enumerate(_PARTS):
        left = 8 + place * 90
        yield f'<rect x="{left}" y="26" width="10" height="10" fill="{colour}"/>'
        yield f'<text x="{left + 14}" y="35">{what}</text>'


def _row(
    branch: Branch, left: int, top: int, most: int, format_amount: Callable[[int], str]
) -> Iterator[str]:
    received = format_amount(branch.received + branch.plain)
    said = f"{branch.supplier}: {received} of {format_amount(branch.cap)}"
    yield f'<text x="{left}" y="{top - 3}">{escape(said)}</text>'
    # Integers only: what is below a pixel is not seen.
    for name, what, colour in _PARTS:
        amount = max(getattr(branch, name), 0)
        width = amount * _LONGEST // most
        if width:
            title = f"<title>{escape(f'{what}: {format_amount(amount)}')}</title>"
            yield (
                f'<rect x="{left}" y="{top}" width="{width}" height="{_BAR}"'
                f' fill="{colour}">{title}</rect>'
            )
            left += width
