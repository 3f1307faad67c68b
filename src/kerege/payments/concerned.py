# SPDX-License-Identifier: Apache-2.0
"""Whom an order concerns besides those whose money it moves: contracts, invoices, acceptance. Pure.

Nearly all orders concern only those they move money of; the kinds that do not are in `CONCERNING`,
so that nothing is read twice for the others. Who signed it knows of it already.
"""

from collections.abc import Callable, Iterator
from typing import Final

from kerege.payments.contract_documents import Attest, Contract
from kerege.payments.documents import CancelMandate, Document, Hold, Mandate, Pull, Reward
from kerege.payments.events import Concern
from kerege.payments.vat_documents import (
    CreditNote,
    Invoice,
    VatClaim,
    VatClaimRun,
    VatDeclaration,
)
from kerege.programmes import Programme

__all__ = ["AUTHORITY", "CONCERNING", "INSPECTOR", "NAMES_OTHERS", "concerns_of"]

_KINDS: Final = (
    Attest,
    CancelMandate,
    Contract,
    CreditNote,
    Hold,
    Invoice,
    Mandate,
    Pull,
    Reward,
    VatClaim,
    VatClaimRun,
    VatDeclaration,
)

CONCERNING: Final = frozenset(str(kind.__struct_config__.tag) for kind in _KINDS)
"""Kinds of documents that may concern somebody whose money does not move."""

NAMES_OTHERS: Final = frozenset(
    str(kind.__struct_config__.tag) for kind in (VatClaimRun, VatDeclaration)
)
"""Of those, kinds that also say what is between the signer and others: only the programme's funder
is shown them whole."""

AUTHORITY: Final = "authority"
"""The role of a programme's funder."""

INSPECTOR: Final = "inspector"
"""The role of who may stop its rewards."""

Find = Callable[[str], Document | None]
"""The accepted document of an order's id."""

Terms = Callable[[str], Programme | None]
"""The newest terms of a programme's name."""


def concerns_of(document: Document, find: Find, terms_of: Terms) -> tuple[Concern, ...]:
    """Whom a document concerns, each wallet once in each role; never who signed it."""
    papers: dict[tuple[str, str], list[str]] = {}
    for wallet, role, paper in _pairs(document, find, terms_of):
        if wallet and wallet != document.wallet:
            mine = papers.setdefault((wallet, role), [])
            if paper:
                mine.append(paper)
    return tuple(
        Concern(wallet, role, document.wallet, tuple(mine))
        for (wallet, role), mine in papers.items()
    )


_Pair = tuple[str, str, str]
"""A wallet, what it is to the order, and the paper of its own that the order names, if any."""


def _pairs(document: Document, find: Find, terms_of: Terms) -> Iterator[_Pair]:
    match document:
        case Contract():
            yield document.supplier, "supplier", ""
            yield document.acceptor, "acceptor", ""
            for one in document.obligations:
                yield one.attester, "attester", ""
        case Attest():
            yield from _contract_parties(find(document.contract), document.contract)
        case Hold() if document.decider or document.about:
            yield document.decider, "decider", document.about
            yield document.to, "payee", document.about
        case Pull() if document.hold_s:
            yield document.decider, "decider", document.about
        case Mandate():
            yield document.to, "payee", ""
        case CancelMandate():
            mandate = find(document.mandate)
            if isinstance(mandate, Mandate):
                yield mandate.to, "payee", document.mandate
                yield mandate.wallet, "payer", document.mandate
        case Reward():
            yield document.to, "payee", ""
            yield _inspector(terms_of(document.programme)), INSPECTOR, ""
        case _:
            yield from _pairs_of_tax(document, find, terms_of)


def _pairs_of_tax(document: Document, find: Find, terms_of: Terms) -> Iterator[_Pair]:
    match document:
        case Invoice():
            yield document.buyer, "buyer", document.contract
        case CreditNote():
            yield _buyer(document, find), "buyer", document.invoice
        case VatDeclaration():
            yield _funder(terms_of(document.programme)), AUTHORITY, ""
            for order in document.issued:
                yield _buyer(find(order), find), "buyer", order
            for order in document.received:
                yield _supplier(find(order)), "supplier", order
        case VatClaim():
            declaration = find(document.declaration)
            if isinstance(declaration, VatDeclaration):
                terms = terms_of(declaration.programme)
                yield _funder(terms), AUTHORITY, document.declaration
        case VatClaimRun():
            for answer in document.answers:
                claim = find(answer.claim)
                yield "" if claim is None else claim.wallet, "claimant", answer.claim


def _contract_parties(contract: Document | None, order: str) -> Iterator[_Pair]:
    if isinstance(contract, Contract):
        yield contract.wallet, "buyer", order
        yield contract.supplier, "supplier", order


def _buyer(paper: Document | None, find: Find) -> str:
    """Whom an invoice is to, or that of a credit note."""
    invoice = find(paper.invoice) if isinstance(paper, CreditNote) else paper
    return invoice.buyer if isinstance(invoice, Invoice) else ""


def _supplier(paper: Document | None) -> str:
    return paper.wallet if isinstance(paper, Invoice | CreditNote) else ""


def _funder(terms: Programme | None) -> str:
    return "" if terms is None else terms.funder


def _inspector(terms: Programme | None) -> str:
    return "" if terms is None or terms.outcome is None else terms.outcome.inspector
