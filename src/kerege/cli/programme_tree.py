# SPDX-License-Identifier: Apache-2.0
"""`kerege programme tree`: where a programme's money is among its contracts."""

import io
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
from kerege.programmes.contract_drawing import draw_tree
from kerege.programmes.contract_tree import Branch, ContractTree

__all__ = ["tree"]

_WIDTH: Final = 120
"""Columns at most: a wallet's number takes 36 of them."""

_PARTS: Final = (
    ("received", "received"),
    ("plain", "received as plain money"),
    ("held", "waits for acceptance"),
    ("passed", "passed on"),
    ("wages", "wages"),
    ("taxes", "taxes"),
    ("bought", "bought"),
    ("returned", "returned"),
    ("left", "still there"),
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
def tree(programme: str, svg: Path | None, line: ReportLine, output: Output) -> None:
    """Draw the contracts of PROGRAMME: what each received, passed on and paid out, and what is
    left.

    For the funder and whom the terms name, who ask the bank of their wallet; with --key for staff.
    See docs/programmes/contracts.md.
    """
    found = line.contract_tree(programme)
    if svg is not None:
        drawn = draw_tree(found, format_amount=lambda minor: money(minor, found.asset))
        svg.write_text(drawn, encoding="utf-8")
    output.done(_drawn(found), **msgspec.to_builtins(found))


def _drawn(found: ContractTree) -> str:
    head = f"{found.programme}: {money(found.with_funder, found.asset)} with {found.funder}"
    if not found.is_complete:
        head += " (cut off: what came last is missing)"
    drawn = Tree(Text(head))
    for branch in found.roots:
        _add(drawn, branch, found.asset)
    for one in found.loose:
        drawn.add(
            Text(f"{money(one.amount, found.asset)} paid by {one.wallet} for no one contract")
        )
    page = io.StringIO()
    Console(file=page, width=_WIDTH, color_system=None).print(drawn)
    return page.getvalue().rstrip()


def _add(drawn: Tree, branch: Branch, asset: str) -> None:
    """One contract and all below; there are eight levels at most."""
    parts = [
        f"{money(getattr(branch, name), asset)} {what}"
        for name, what in _PARTS
        if getattr(branch, name)
    ]
    head = f"{branch.supplier}, up to {money(branch.cap, asset)} ({branch.contract})"
    node = drawn.add(Text(f"{head}\n{'; '.join(parts) or 'nothing yet'}"))
    for below in branch.branches:
        _add(node, below, asset)
