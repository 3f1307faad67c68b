# SPDX-License-Identifier: Apache-2.0
"""Fees and incentives in a plan: which rules match a leg, and the steps they add. Pure.

The payee's fee is taken where its money lands, the payer's after all legs, a sponsor's last. A
sponsor whose mandate has ended or is used up sponsors nothing, and payments go on.
"""

from msgspec import Struct

from kerege.ledger.ids import AccountId
from kerege.ledger.order import Kind, Transfer
from kerege.ledger.refusal import Refusal as LedgerRefusal
from kerege.payments.earlier import find_mandate
from kerege.payments.fees import FeeKind, FeeRule, fee_of
from kerege.payments.refusal import Refusal
from kerege.payments.scene import Refused, Scene, WalletFacts
from kerege.payments.steps import WHOLE, Steps

__all__ = ["Charged", "Fees"]


class Charged(Struct, frozen=True, kw_only=True):
    """A leg as fee rules see it; `amount` in minor units."""

    kind: FeeKind
    asset: str
    payer: WalletFacts
    payee: WalletFacts
    purpose: int
    amount: int


class Fees:
    """What the rules in force add to one order."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._of_payer: dict[AccountId, int] = {}
        self._sponsored: list[tuple[FeeRule, Charged, int]] = []

    def charge(self, leg: Charged) -> list[tuple[AccountId, int]]:
        """Note what a leg costs; returns the payee's part: (collector, minor units) each."""
        of_payee = []
        for rule in self._scene.fees.rules:
            collector = self._collector(rule, leg) if _matches(rule, leg) else None
            fee = fee_of(rule, leg.amount)
            if collector is None or not fee:
                continue
            if rule.paid_by == "payer":
                self._of_payer[collector] = self._of_payer.get(collector, 0) + fee
            elif rule.paid_by == "payee":
                of_payee.append((collector, fee))
            else:
                self._sponsored.append((rule, leg, fee))
        return of_payee

    def draw(self, payer: AccountId, *, granted: int, steps: Steps) -> Refused | None:
        """Append the payer's fees, at most `granted` in all, and what sponsors pay."""
        total = sum(self._of_payer.values())
        if total > granted:
            return Refused(Refusal.FEE_ABOVE_GRANTED, found=total, limit=granted)
        for collector, fee in self._of_payer.items():
            steps.add(Transfer(payer, collector, fee), WHOLE)
        left: dict[AccountId, int] = {}
        for rule, leg, fee in self._sponsored:
            self._sponsor(rule, leg, fee, left, steps)
        return None

    def _collector(self, rule: FeeRule, leg: Charged) -> AccountId | None:
        """Where a fee goes; None where it would go from a wallet to itself, or nowhere."""
        collector = self._scene.wallet(rule.collector)
        if collector is None or collector.id in (leg.payer.id, leg.payee.id):
            return None
        return collector.accounts.get(rule.asset)

    def _sponsor(
        self, rule: FeeRule, leg: Charged, fee: int, left: dict[AccountId, int], steps: Steps
    ) -> None:
        found = find_mandate(rule.mandate, self._scene)
        if found is None:
            return
        mandate, allowance = found
        now, ends = self._scene.now_us, mandate.ends_us
        agreed = (mandate.to, mandate.asset) == (rule.collector, rule.asset)
        sponsor = self._scene.wallet(mandate.wallet)
        if not agreed or fee > mandate.each or (ends and now >= ends) or sponsor is None:
            return
        debit = sponsor.accounts.get(rule.asset)
        credit = self._rewarded(rule, leg)
        if debit is None or credit is None or debit == credit or sponsor.suspended:
            return
        # As of this batch: who overtakes us between here and the ledger is told SPONSOR_USED_UP.
        for account in (allowance, debit):
            left.setdefault(account, self._scene.spendable(account))
            if fee > left[account]:
                return
        left[allowance] -= fee
        left[debit] -= fee
        steps.rename(LedgerRefusal.DEBITS_FROZEN, Refusal.SPONSOR_USED_UP)
        sink, window_s = self._scene.allowance_sink, mandate.window_s
        refusal = Refusal.SPONSOR_USED_UP
        steps.use_up(allowance, sink, fee, refusal, window_s=window_s, leg=WHOLE)
        # What the sponsor has, and what the rewarded may hold: a payment never fails for a gift.
        steps.add(Transfer(debit, credit, fee, kind=Kind.POST_UP_TO), WHOLE)

    def _rewarded(self, rule: FeeRule, leg: Charged) -> AccountId | None:
        match rule.rewards:
            case "payer":
                return leg.payer.accounts[rule.asset]
            case "payee":
                return leg.payee.accounts[rule.asset]
        return self._collector(rule, leg)


def _matches(rule: FeeRule, leg: Charged) -> bool:
    return (
        rule.asset == leg.asset
        and leg.kind in (rule.kinds or (leg.kind,))
        and leg.payer.owner_kind in (rule.payer_kinds or (leg.payer.owner_kind,))
        and leg.payee.owner_kind in (rule.payee_kinds or (leg.payee.owner_kind,))
        and leg.purpose in (rule.purposes or (leg.purpose,))
        and leg.payee.category in (rule.categories or (leg.payee.category,))
    )
