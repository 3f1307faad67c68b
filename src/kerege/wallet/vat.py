# SPDX-License-Identifier: Apache-2.0
"""A firm's VAT by period, and the authority's answers, over one wallet."""

from collections.abc import Mapping, Sequence

from kerege.payments import Leg, Pay
from kerege.payments.documents import CreditNote, Invoice, VatClaim, VatClaimRun, VatDeclaration
from kerege.payments.vat_documents import ClaimLine, VatAnswer
from kerege.wallet.wallet import Wallet
from kerege.wallet.wire import Answer

__all__ = ["Vat", "vat_of"]


def vat_of(papers: Sequence[Invoice | CreditNote]) -> int:
    """The VAT of papers in minor units, credit notes counted against it."""
    signs = [(1 if isinstance(paper, Invoice) else -1, paper) for paper in papers]
    return sum(sign * line.vat for sign, paper in signs for line in paper.lines)


class Vat:
    """One wallet's declarations and claims under the VAT programme `programme`."""

    def __init__(self, wallet: Wallet, programme: str) -> None:
        self._wallet = wallet
        self._programme = programme

    def declare(
        self,
        *,
        from_us: int,
        to_us: int,
        issued: Sequence[Invoice | CreditNote] = (),
        received: Sequence[Invoice | CreditNote] = (),
    ) -> Answer:
        """Declare papers dated from `from_us` until before `to_us`, each once; what they come to
        is owed, or may be claimed."""
        document = VatDeclaration(
            **self._wallet.head(),
            programme=self._programme,
            from_us=from_us,
            to_us=to_us,
            issued=tuple(paper.id for paper in issued),
            received=tuple(paper.id for paper in received),
            vat_issued=vat_of(issued),
            vat_received=vat_of(received),
        )
        return self._wallet.send(document)

    def remit(self, declaration: str, amount: int, *, authority: str, asset: str) -> Answer:
        """Pay what a declaration owes to the wallet `authority`, the programme's funder; VAT money
        first."""
        leg = Leg(to=authority, amount=amount)
        head = self._wallet.head()
        return self._wallet.send(Pay(**head, asset=asset, legs=(leg,), about=declaration))

    def claim(self, declaration: str, lines: Mapping[str, int]) -> Answer:
        """Claim back VAT that was paid (minor units) on received invoices of a declaration."""
        document = VatClaim(
            **self._wallet.head(),
            declaration=declaration,
            lines=tuple(ClaimLine(invoice, vat) for invoice, vat in lines.items()),
            amount=sum(lines.values()),
        )
        return self._wallet.send(document)

    def answer(self, answers: Sequence[VatAnswer]) -> Answer:
        """Pay claims but for their refused lines, in one run: the authority's to sign."""
        head = self._wallet.head()
        document = VatClaimRun(**head, programme=self._programme, answers=tuple(answers))
        return self._wallet.send(document)
