# SPDX-License-Identifier: Apache-2.0
"""Contracts of a programme as buyer, supplier and attester use them, over one wallet.

Every method returns the bank's `Answer`, as `Wallet`'s do. What waits for an acceptor is taken with
`Wallet.capture` and given back with `Wallet.release`.
"""

from collections.abc import Sequence
from typing import Any

from msgspec import Struct

from kerege.payments import Hold, Leg, MalformedDocument, Pay
from kerege.payments.contract_documents import Attest, Contract, Milestone, Obligation
from kerege.wallet.wallet import Wallet
from kerege.wallet.wire import Answer

__all__ = ["Contracts", "Under"]


class Under(Struct, frozen=True, kw_only=True):
    """What a payment under a contract is for: the contract's order, its milestone if it has any,
    the supplier's invoice if VAT is to be split off, and which programme's money pays."""

    contract: str
    milestone: str = ""
    invoice: str = ""
    spend: str = ""
    purpose: int = 0


class Contracts:
    """One wallet's contracts."""

    def __init__(self, wallet: Wallet) -> None:
        self._wallet = wallet

    def make(
        self,
        programme: str,
        supplier: str,
        cap: int,
        *,
        asset: str,
        ends_us: int,
        parent: str = "",
        acceptor: str = "",
        last: bool = False,
        milestones: Sequence[Milestone] = (),
        obligations: Sequence[Obligation] = (),
        details: str = "",
    ) -> Answer:
        """Register a contract with `supplier` (an alias or wallet) until `ends_us`, at most `cap`
        minor units; under `parent` a subcontract. `verdict.order` is what payments name.

        Raises `PayeeUnknown`; `MalformedDocument` if milestones come to more than the cap, two
        have one name, or the supplier is to judge its own work.
        """
        to, accepting = self._wallet.payee(supplier).wallet, self._found(acceptor)
        owed = tuple(
            Obligation(one.name, self._found(one.attester), one.text) for one in obligations
        )
        try:
            document = Contract(
                **self._wallet.head(),
                supplier=to,
                acceptor=accepting,
                obligations=owed,
                programme=programme,
                asset=asset,
                cap=cap,
                ends_us=ends_us,
                parent=parent,
                last=last,
                milestones=tuple(milestones),
                details=details,
            )
        except ValueError as fault:
            # What a document says of itself; a reader of one gets the same as its own error.
            raise MalformedDocument(
                f"not a contract: {fault}", remedy="see docs/programmes/contracts.md"
            ) from None
        return self._wallet.send(document)

    def attest(self, contract: str, obligation: str, *, met: bool) -> Answer:
        """Say whether an obligation is met at present; the last word counts."""
        head = self._wallet.head()
        return self._wallet.send(Attest(**head, contract=contract, obligation=obligation, met=met))

    def pay(self, to: str, amount: int, under: Under, *, asset: str) -> Answer:
        """Pay `amount` minor units under a contract: its supplier, or wages and taxes for it.

        Raises `PayeeUnknown`.
        """
        leg = Leg(to=self._wallet.payee(to).wallet, amount=amount, purpose=under.purpose)
        head = self._wallet.head()
        return self._wallet.send(Pay(**head, asset=asset, legs=(leg,), **_papers(under)))

    def reserve(
        self,
        to: str,
        amount: int,
        under: Under,
        *,
        asset: str,
        seconds: int,
        decider: str,
        raises: str = "",
    ) -> Answer:
        """Set `amount` aside for the supplier until `decider` (the contract's acceptor) takes it
        for the supplier, or gives it back. Raises `PayeeUnknown`."""
        document = Hold(
            **self._wallet.head(),
            asset=asset,
            to=self._wallet.payee(to).wallet,
            amount=amount,
            seconds=seconds,
            purpose=under.purpose,
            decider=self._found(decider),
            raises=raises,
            **_papers(under),
        )
        return self._wallet.send(document)

    def _found(self, named: str) -> str:
        return self._wallet.payee(named).wallet if named else ""


def _papers(under: Under) -> dict[str, Any]:
    return {
        "about": under.contract,
        "milestone": under.milestone,
        "invoice": under.invoice,
        "spend": under.spend,
    }
