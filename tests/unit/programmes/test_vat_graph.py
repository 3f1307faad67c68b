# SPDX-License-Identifier: Apache-2.0
"""The graph shows patterns first, and is text no name can break out of."""

from xml.etree import ElementTree as ET

from kerege.programmes.vat_book import VatBook, VatFirm, VatInvoice
from kerege.programmes.vat_graph import draw_graph, graph_of


def _book(*pairs: tuple[str, str], net: int = 100) -> VatBook:
    invoices = [
        VatInvoice(
            id=str(n),
            supplier=one,
            buyer=other,
            net=net,
            vat=16,
            vat_paid=16,
            declared="d",
            deducted="d",
        )
        for n, (one, other) in enumerate(pairs)
    ]
    return VatBook(invoices, {name: VatFirm() for pair in pairs for name in pair})


def test_firms_of_patterns_come_first_and_the_rest_is_counted() -> None:
    graph = graph_of(_book(("x", "y"), ("a", "b"), ("b", "a")), most=2)
    assert graph.firms == ("a", "b")
    assert [(edge.supplier, edge.buyer) for edge in graph.edges] == [("a", "b"), ("b", "a")]
    assert graph.left_out == 2


def test_the_picture_has_every_firm_way_and_pattern() -> None:
    graph = graph_of(_book(("farm", "mill"), ("mill", "farm"), ("mill", "shop")))
    drawn = ET.fromstring(draw_graph(graph, show=lambda minor: f"{minor} T"))
    space = "{http://www.w3.org/2000/svg}"
    assert len(drawn.findall(f"{space}circle")) == 3
    assert len(drawn.findall(f"{space}path")) == 3
    words = [text.text or "" for text in drawn.findall(f"{space}text")]
    assert any(word.startswith("circle: VAT 16 T (") for word in words)
    assert "3 firms, 3 ways, 0 left out" in words


def test_names_do_not_break_out() -> None:
    text = draw_graph(graph_of(_book(("<script>", 'a"&b'))))
    assert "<script>" not in text
    ET.fromstring(text)


def test_nothing_is_a_picture_too() -> None:
    ET.fromstring(draw_graph(graph_of(VatBook([], {}))))
