# SPDX-License-Identifier: Apache-2.0
"""Patterns of VAT fraud in a book of invoices: carousels, missing traders, firms that only pass
on. Pure. A pattern is a reason to look, never a verdict."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Final, Literal

from msgspec import Struct

from kerege.programmes.vat_book import VatBook

__all__ = ["MAX_CIRCLE", "Edge", "Pattern", "edges_of", "find_patterns"]

MAX_CIRCLE: Final = 64
"""Firms shown of one circle: among more of them, all trade with all."""

_MISSING_PER_CENT: Final = 50
"""Of the VAT a firm owes on what it invoiced, at least so much must be missing to be told."""

_MARGIN_PER_CENT: Final = 3
"""A firm that adds less than this to what it buys only passes on."""


class Edge(Struct, frozen=True):
    """All invoices of one supplier to one buyer: how many, and their net and VAT, minor units."""

    supplier: str
    buyer: str
    invoices: int
    net: int
    vat: int


class Pattern(Struct, frozen=True):
    """What was seen, at which firms, and how much VAT it is about (minor units).

    `circle`: firms whose invoices lead round to themselves, in which `vat` goes round at most.
    `missing-trader`: a firm whose invoices carry `vat` that it neither deducted nor paid.
    `pass-through`: a firm in a circle that adds next to nothing.
    """

    kind: Literal["circle", "missing-trader", "pass-through"]
    firms: tuple[str, ...]
    vat: int


def edges_of(book: VatBook) -> tuple[Edge, ...]:
    """The trade in a book, the largest VAT first."""
    sums: dict[tuple[str, str], list[int]] = {}
    for invoice in book.invoices.values():
        if invoice.buyer:
            found = sums.setdefault((invoice.supplier, invoice.buyer), [0, 0, 0])
            for place, more in enumerate((1, invoice.net, invoice.vat)):
                found[place] += more
    edges = [Edge(supplier, buyer, *found) for (supplier, buyer), found in sums.items()]
    return tuple(sorted(edges, key=lambda edge: (-edge.vat, edge.supplier, edge.buyer)))


def find_patterns(book: VatBook) -> tuple[Pattern, ...]:
    """All patterns in a book, the most VAT first."""
    edges = edges_of(book)
    circles = [_circle(firms, edges) for firms in _circles(edges)]
    circling = {firm for circle in circles for firm in circle.firms}
    found = [*circles, *_missing(book), *_passing(book, circling)]
    return tuple(sorted(found, key=lambda one: (-one.vat, one.kind, one.firms)))


def _circle(firms: frozenset[str], edges: Iterable[Edge]) -> Pattern:
    """What goes round is at most what the firm that passes on least passes on."""
    out: Counter[str] = Counter()
    for edge in edges:
        if edge.supplier in firms and edge.buyer in firms:
            out[edge.supplier] += edge.vat
    return Pattern("circle", tuple(sorted(firms))[:MAX_CIRCLE], min(out.values()))


def _missing(book: VatBook) -> Iterable[Pattern]:
    for wallet in {invoice.supplier for invoice in book.invoices.values()}:
        issued = sum(invoice.vat for invoice in book.issued_by(wallet))
        deducted = sum(one.vat_paid for one in book.received_by(wallet) if one.deducted)
        missing = issued - deducted - book.firm(wallet).remitted
        if missing > 0 and missing * 100 >= issued * _MISSING_PER_CENT:
            undeclared = any(not invoice.declared for invoice in book.issued_by(wallet))
            if undeclared or book.firm(wallet).owes or not book.firm(wallet).is_active:
                yield Pattern("missing-trader", (wallet,), missing)


def _passing(book: VatBook, circling: Iterable[str]) -> Iterable[Pattern]:
    for wallet in circling:
        sold = sum(invoice.net for invoice in book.issued_by(wallet))
        bought = sum(invoice.net for invoice in book.received_by(wallet))
        if bought and abs(sold - bought) * 100 < bought * _MARGIN_PER_CENT:
            vat = sum(invoice.vat for invoice in book.received_by(wallet))
            yield Pattern("pass-through", (wallet,), vat)


def _circles(edges: Iterable[Edge]) -> list[frozenset[str]]:
    """Firms that can all be reached from each other by invoices with VAT (Tarjan's strongly
    connected components, with a stack of its own: chains are longer than Python's)."""
    after: dict[str, list[str]] = {}
    for edge in edges:
        if edge.vat:
            after.setdefault(edge.supplier, []).append(edge.buyer)
            after.setdefault(edge.buyer, [])
    return _Components(after).found


class _Components:
    """Tarjan's algorithm; `found` are the components of more than one firm."""

    def __init__(self, after: Mapping[str, list[str]]) -> None:
        self._after = after
        self._index: dict[str, int] = {}
        self._low: dict[str, int] = {}
        self._stack: list[str] = []
        self._on_stack: set[str] = set()
        self.found: list[frozenset[str]] = []
        for firm in after:
            if firm not in self._index:
                self._walk(firm)

    def _walk(self, root: str) -> None:
        path = [(root, 0)]
        while path:
            firm, place = path.pop()
            if not place:
                self._enter(firm)
            following = self._after[firm]
            if place and place <= len(following):
                known = following[place - 1]
                self._low[firm] = min(self._low[firm], self._low[known])
            while place < len(following):
                other = following[place]
                place += 1
                if other not in self._index:
                    path += [(firm, place), (other, 0)]
                    break
                if other in self._on_stack:
                    self._low[firm] = min(self._low[firm], self._index[other])
            else:
                self._leave(firm)

    def _enter(self, firm: str) -> None:
        self._index[firm] = self._low[firm] = len(self._index)
        self._stack.append(firm)
        self._on_stack.add(firm)

    def _leave(self, firm: str) -> None:
        if self._low[firm] != self._index[firm]:
            return
        members = set()
        while firm not in members:
            members.add(self._stack.pop())
        self._on_stack -= members
        if len(members) > 1:
            self.found.append(frozenset(members))
