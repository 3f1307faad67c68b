# SPDX-License-Identifier: Apache-2.0
"""Papers that concern one's wallets: contracts, invoices and others, as the bank was told of them.

A paper one signed lies in one's own file; one that others signed is in the bank's notices, with
its text where its signer shows it. A bank could tell of a paper that is none: what is paid for it
is held to the registered one.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

import msgspec
from msgspec import Struct

from kerege.errors import KeregeError
from kerege.keys import parse_compact
from kerege.payments import Document, MalformedDocument, decode_document
from kerege.wallet.http_bank import HttpBank
from kerege.wallet.store import WalletStore
from kerege.wallet.wire import Notice

__all__ = ["MAX_LOOKED_AT", "Paper", "PaperUnknown", "Papers"]

MAX_LOOKED_AT: Final = 20_000
"""Notices read for one answer, some seconds: an accounting system keeps its own list."""

_PAGE: Final = 200
_CONCERNED: Final = "concerned"


class PaperUnknown(KeregeError):
    """Neither signed here nor told of by the bank."""


class Paper(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An order that concerns `wallet`: `kind` of document, signed by the wallet `by`, and what the
    wallet is to it. `papers`: those of its own papers it names. `document` as it was signed."""

    order: str
    kind: str
    wallet: str
    role: str
    by: str
    at_us: int
    papers: tuple[str, ...] = ()
    document: Mapping[str, Any] = {}


class _Page(Struct):
    notices: tuple[Notice, ...]
    next: int


class Papers:
    """Over the line `bank`, and the file of this purse. Raises what the line raises."""

    def __init__(self, bank: HttpBank, store: WalletStore) -> None:
        self._bank = bank
        self._store = store

    def listed(self, wallet: str = "") -> Iterator[Paper]:
        """Papers of others that concern one's wallets, or one of them, oldest first; of the oldest
        `MAX_LOOKED_AT` notices."""
        after, seen = 0, 0
        while seen < MAX_LOOKED_AT:
            query = {"after": str(after), "limit": str(_PAGE)}
            page = self._bank.ask("GET", "/v1/events", _Page, query=query)
            if not page.notices:
                return
            for notice in page.notices:
                if notice.kind == _CONCERNED and wallet in ("", notice.wallet):
                    yield _paper_of(notice)
            after, seen = page.next, seen + len(page.notices)

    def find(self, order: str) -> Document:
        """The document of an order that was signed here or concerns one. Raises `PaperUnknown`."""
        stored = self._store.order(order)
        if stored is not None:
            return decode_document(parse_compact(stored.order.text).payload)
        for paper in self.listed():
            if paper.order == order and paper.document:
                return _document_of(paper)
        raise PaperUnknown(
            f"there is no paper {order[:40]} here",
            remedy="see `kerege papers`; say yourself whom to pay and how much",
        )


def _paper_of(notice: Notice) -> Paper:
    said = {"kind": notice.data.get("document", ""), "by": notice.data.get("counterparty", "")}
    said |= {name: notice.data.get(name, "") for name in ("order", "role")}
    rest = {"papers": notice.data.get("papers", ()), "document": notice.data.get("paper", {})}
    told = {"wallet": notice.wallet, "at_us": notice.at_us, **said, **rest}
    try:
        return msgspec.convert(told, Paper)
    except msgspec.ValidationError as fault:
        raise KeregeError(f"the bank told of a paper strangely: {fault}") from None


def _document_of(paper: Paper) -> Document:
    try:
        document = decode_document(msgspec.json.encode(paper.document))
    except MalformedDocument:
        raise PaperUnknown(
            f"the bank tells {paper.order[:40]} in a form this program does not know"
        ) from None
    if document.id != paper.order:
        raise PaperUnknown(f"the bank told of another paper than {paper.order[:40]}")
    return document
