# SPDX-License-Identifier: Apache-2.0
"""A contract as the paper a payment is about: who may pay whom under it, and how much. Pure."""

from kerege.payments.contract_documents import Contract
from kerege.payments.contracts import Registered, chain_of, unmet_rule
from kerege.payments.documents import Hold, Pay, Pull
from kerege.payments.refusal import Refusal
from kerege.payments.scene import Refused, Scene
from kerege.payments.steps import Steps
from kerege.programmes import Contracted

__all__ = ["ContractPaper"]


class ContractPaper:
    """Implements `Paper` for a registered contract, for one document."""

    def __init__(self, document: Pay | Hold | Pull, contract: Registered, scene: Scene) -> None:
        self._document = document
        self._contract = contract
        self._terms = contract.terms
        self._scene = scene
        self._chain: tuple[Contract, ...] = ()

    def contracted(self, payer: str, payee: str, programme: str) -> Contracted:
        """See `Paper.contracted`."""
        # Asked for each leg and programme: the chain is the same for all of them.
        chain = self._chain = self._chain or chain_of(self._contract, self._scene)
        return Contracted(
            is_buyer=payer == self._terms.wallet,
            is_supplier=payee == self._terms.supplier,
            depth=len(chain),
            of_programme=self._is_of(programme, chain[-1].wallet),
            unmet=self._contract.unmet(self._scene),
            by_supplier=payer == self._terms.supplier,
            last=self._terms.last,
        )

    def invoiced(self, payer: str, payee: str) -> bool:
        """A contract is no invoice."""
        return False

    def use(
        self, *, payer: str, payee: str, amount: int, steps: Steps, leg: int = 0, hold_s: int = 0
    ) -> Refused | None:
        """Use up what the contract leaves, where the buyer pays the supplier. What the supplier
        pays to others is its own affair; to anyone else the contract is none of theirs."""
        if payer == self._terms.supplier:
            return None
        if (payer, payee) != (self._terms.wallet, self._terms.supplier):
            return Refused(Refusal.NOT_YOURS, leg)
        refused = self._unfit(leg)
        if refused is not None:
            return refused
        sink = self._scene.allowance_sink
        used_up = Refusal.CONTRACT_USED_UP
        steps.use_up(self._contract.payable, sink, amount, used_up, window_s=hold_s, leg=leg)
        if self._document.milestone:
            milestone = self._contract.milestones[self._document.milestone]
            used_up = Refusal.MILESTONE_USED_UP
            steps.use_up(milestone, sink, amount, used_up, window_s=hold_s, leg=leg)
        return None

    def _unfit(self, leg: int) -> Refused | None:
        now_us, terms = self._scene.now_us, self._terms
        if now_us >= terms.ends_us:
            return Refused(Refusal.CONTRACT_OVER, leg, found=now_us, limit=terms.ends_us)
        decider = "" if isinstance(self._document, Pay) else self._document.decider
        if terms.acceptor and decider != terms.acceptor:
            return Refused(Refusal.CONTRACT_NEEDS_ACCEPTANCE, leg)
        milestone = self._document.milestone
        if milestone not in self._contract.milestones and (milestone or terms.milestones):
            return Refused(Refusal.CONTRACT_PART_UNKNOWN, leg)
        return unmet_rule(self._contract, self._scene, leg=leg)

    def _is_of(self, programme: str, root: str) -> bool:
        """Whether the contract is the programme's, and at its root is the programme's funder."""
        if self._terms.programme != programme:
            return False
        active = self._scene.programmes.values()
        return any(one.terms.id == programme and one.terms.funder == root for one in active)
