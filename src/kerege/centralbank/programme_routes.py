# SPDX-License-Identifier: Apache-2.0
"""Which route of a programme's an accepted payment went, for its report: the rules are asked again,
about what was signed then and wallets, contracts and obligations as they are today."""

from typing import Final

from kerege.centralbank.ledger_scene import LedgerScene
from kerege.centralbank.programme_flows import Flow
from kerege.centralbank.register import Register
from kerege.ledger import Ledger, Mark, Order, Transfer, parse_order_id
from kerege.payments import Capture, Hold, MalformedDocument, Pay, Refusal, decode_document
from kerege.payments.documents import Pull, TopUp
from kerege.payments.earlier import enclosed_pay
from kerege.payments.papers import find_paper
from kerege.payments.purse import party_of
from kerege.payments.scene import WalletFacts
from kerege.programmes import Contracted, Programme, Situation

__all__ = ["Routes"]

_REMEMBERED: Final = 10_000
"""Papers between two wallets: a contract is paid many times, and read from the ledger once."""


class Routes:
    """Asks the programmes of one core. For one report: what it has read it remembers."""

    def __init__(self, ledger: Ledger, register: Register, *, now_us: int) -> None:
        self._scene = LedgerScene(ledger, register, now_us)
        self._papers: dict[tuple[str, ...], tuple[Contracted | None, bool]] = {}

    def route(
        self,
        flow: Flow,
        order: Order,
        payload: bytes,
        *,
        payer: WalletFacts,
        payee: WalletFacts,
        at_us: int,
    ) -> str:
        """The route of a flow of an order whose signed text is `payload`; empty where none leads
        there today."""
        programme = self._scene.programmes.get(Mark(flow.mark))
        if programme is None:
            return ""
        document = self._paid(payload)
        terms, step = programme.terms, order.steps[flow.step]
        contract, invoiced = None, False
        if document is not None and document.about and _asks_for_papers(terms):
            contract, invoiced = self._paper(document, payer.id, payee.id, terms.id)
        has_items = document is not None and not (
            isinstance(document, Pay) and len(document.legs) > 1
        )
        judged = programme.rules.judge(
            Situation(
                payer=party_of(payer, terms.funder),
                payee=party_of(payee, terms.funder),
                amount=flow.amount,
                at_us=at_us,
                purpose=step.code if isinstance(step, Transfer) else 0,
                channel="" if document is None else document.channel,
                items=document.items if document is not None and has_items else (),
                contract=contract,
                invoiced=invoiced,
            )
        )
        return judged.route if isinstance(judged.route, str) else judged.route.name

    def _paid(self, payload: bytes) -> Pay | Hold | Pull | None:
        """The payment that was signed, or the hold of what was captured."""
        try:
            document = decode_document(payload)
        except MalformedDocument:
            return None
        if isinstance(document, TopUp):
            document = enclosed_pay(document)
        if isinstance(document, Capture):
            past = self._scene.past(parse_order_id(document.holds[0]))
            return past.document if past and isinstance(past.document, Hold | Pull) else None
        return document if isinstance(document, Pay | Hold | Pull) else None

    def _paper(
        self, document: Pay | Hold | Pull, payer: str, payee: str, programme: str
    ) -> tuple[Contracted | None, bool]:
        """What the paper of a payment is between two wallets: as a contract, and whether it is an
        invoice."""
        key = (document.about, document.invoice, payer, payee, programme)
        known = self._papers.get(key)
        if known is None:
            found = find_paper(document, self._scene)
            known = None, False
            if found is not None and not isinstance(found, Refusal):
                contract = found.contracted(payer, payee, programme)
                known = contract, found.invoiced(payer, payee)
            if len(self._papers) >= _REMEMBERED:
                self._papers.clear()
            self._papers[key] = known
        return known


def _asks_for_papers(terms: Programme) -> bool:
    """Whether which route it is hangs on a paper: most programmes have no contracts to read."""
    return any("contract." in route.when or "invoice." in route.when for route in terms.routes)
