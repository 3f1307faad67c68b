# SPDX-License-Identifier: Apache-2.0
"""`kerege programme tree`: where a programme's money is among its contracts."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Final

import click
import msgspec
from rich.console import Console
from rich.text import Text
from rich.tree import Tree

from kerege.cli.programme_reading import ReportLine, as_reader
from kerege.cli.purse import money
from kerege.cli.telling import Output
from kerege.cli.words import say
from kerege.programmes.contract_drawing import draw_tree
from kerege.programmes.contract_tree import Branch, ContractTree

__all__ = ["tree"]

_WIDTH: Final = 120
"""Columns at most: a wallet's number takes 36 of them."""

_PARTS: Final = (
    "received",
    "plain",
    "held",
    "passed",
    "wages",
    "taxes",
    "bought",
    "returned",
    "left",
)


@click.command()
@click.argument("programme")
@click.option(
    "--svg",
    type=click.Path(dir_okay=False, path_type=Path),
    default=None,
    help="Write a picture to this file too.",
)
@as_reader
def tree(programme: str, svg: Path | None, line: ReportLine, language: str, output: Output) -> None:
    """Draw the contracts of PROGRAMME: what each received, passed on and paid out, and what is
    left.

    For the funder and whom the terms name, who ask the bank of their wallet; with --key for staff.
    See docs/programmes/contracts.md.
    """
    found = line.contract_tree(programme)
    if svg is not None:
        drawn = draw_tree(found, format_amount=lambda minor: money(minor, found.asset))
        svg.write_text(drawn, encoding="utf-8")
    output.done(_drawn(found, language), **msgspec.to_builtins(found))


def _drawn(found: ContractTree, language: str) -> str:
    def minor(amount: int) -> str:
        return money(amount, found.asset)

    amount = minor(found.with_funder)
    head = say(language, "tree.head", programme=found.programme, amount=amount, whom=found.funder)
    if not found.is_complete:
        head += f" ({say(language, 'tree.cut')})"
    drawn = Tree(Text(head))
    for branch in found.roots:
        _add(drawn, branch, minor, language)
    for one in found.loose:
        drawn.add(Text(say(language, "tree.loose", amount=minor(one.amount), whom=one.wallet)))
    page = io.StringIO()
    Console(file=page, width=_WIDTH, color_system=None).print(drawn)
    return page.getvalue().rstrip()


def _add(drawn: Tree, branch: Branch, minor: Callable[[int], str], language: str) -> None:
    """One contract and all below; there are eight levels at most."""
    parts = [
        say(language, f"tree.{name}", amount=minor(getattr(branch, name)))
        for name in _PARTS
        if getattr(branch, name)
    ]
    told = {"whom": branch.supplier, "cap": minor(branch.cap), "order": branch.contract}
    below = "; ".join(parts) or say(language, "tree.nothing")
    node = drawn.add(Text(f"{say(language, 'tree.contract', **told)}\n{below}"))
    for one in branch.branches:
        _add(node, one, minor, language)
