# SPDX-License-Identifier: Apache-2.0
"""The picture of a tree is well-formed, to scale, and says nothing else than the tree."""

from xml.etree import ElementTree as Xml

from kerege.programmes.contract_drawing import draw_tree
from kerege.programmes.contract_tree import Branch, ContractTree

SVG = "{http://www.w3.org/2000/svg}"


def _tree(*roots: Branch) -> ContractTree:
    return ContractTree(
        programme="roads",
        asset="KZT",
        funder="state",
        with_funder=5,
        roots=roots,
        loose=(),
        is_complete=True,
    )


def _branch(name: str, **figures: int) -> Branch:
    return Branch(contract="c", buyer="b", supplier=name, cap=900, **figures)  # type: ignore[arg-type]


def _widths(svg: str) -> list[int]:
    bars = Xml.fromstring(svg).iter(f"{SVG}rect")
    return [int(bar.attrib["width"]) for bar in bars if bar.attrib["height"] == "12"]


def test_bars_are_to_scale() -> None:
    below = _branch("mason", received=200, left=200)
    top = _branch("builder", received=800, passed=200, wages=400, left=200)
    drawn = draw_tree(_tree(top, below), format_amount=str)
    assert _widths(drawn) == [120, 240, 120, 120]
    texts = [text.text for text in Xml.fromstring(drawn).iter(f"{SVG}text")]
    assert "builder: 800 of 900" in texts


def test_what_a_name_says_stays_text() -> None:
    drawn = draw_tree(_tree(_branch("<script>&")), format_amount=str)
    assert "<script>" not in drawn
    texts = [text.text for text in Xml.fromstring(drawn).iter(f"{SVG}text")]
    assert "<script>&: 0 of 900" in texts


def test_a_tree_of_nothing_is_a_picture_too() -> None:
    assert _widths(draw_tree(_tree(), format_amount=str)) == []
