# SPDX-License-Identifier: Apache-2.0
"""Building a plan step by step: money into wallets, allowances used up. Pure."""

from collections.abc import Mapping, Sequence

from msgspec import Struct

from kerege.ledger.ids import UNMARKED, AccountId
from kerege.ledger.order import Expectation, Kind, Step, Transfer
from kerege.ledger.refusal import Refusal as LedgerRefusal
from kerege.payments.refusal import Refusal
from kerege.payments.scene import Kept, Plan, WalletFacts

__all__ = ["WHOLE", "Steps", "landing_of"]

WHOLE = -1
"""The place of what concerns an order as a whole and none of its legs."""


def landing_of(payee: WalletFacts, asset: str, *, debit: AccountId) -> AccountId:
    """Where money for `payee` lands first: its account, or the overflow it takes from there what
    it may hold (waterfall)."""
    account = payee.accounts[asset]
    overflow = payee.overflow.get(asset, account)
    return account if overflow == debit else overflow


class Steps(Struct):
    """A plan in the making."""

    steps: list[Step] = []
    legs: list[int] = []
    renamed: dict[tuple[int, LedgerRefusal], Refusal] = {}
    chosen: bool = False
    kept: Kept | None = None
    marked: int = 0
    until_us: int = 0
    expects: list[Expectation] = []

    def add(self, step: Step, leg: int = 0) -> None:
        """Append one step that belongs to `leg`."""
        self.steps.append(step)
        self.legs.append(leg)

    def pay_into(
        self,
        payee: WalletFacts,
        asset: str,
        sources: Sequence[tuple[AccountId, int]],
        *,
        code: int,
        fees: Sequence[tuple[AccountId, int]] = (),
        leg: int = 0,
    ) -> None:
        """Pay unmarked money out of `sources` (account, minor units) to `payee`, who holds
        `asset`.

        `fees` (collector, minor units) come out of it.
        """
        landed: dict[AccountId, int] = {}
        for debit, amount in sources:
            landing = landing_of(payee, asset, debit=debit)
            self.add(Transfer(debit, landing, amount, code=code), leg)
            landed[landing] = landed.get(landing, 0) + amount
        self.settle(payee, asset, landed, code=code, fees=fees, leg=leg)

    def pay_rest(
        self,
        payee: WalletFacts,
        asset: str,
        rest: tuple[AccountId, int],
        *,
        code: int,
        fees: Sequence[tuple[AccountId, int]] = (),
        leg: int = 0,
    ) -> None:
        """Pay what programmes did not: `rest` (account, minor units) of unmarked money, with the
        fees of the whole. A rule that kept marked money back is why it may not suffice."""
        if self.kept is not None:
            self.rename(LedgerRefusal.EXCEEDS_BALANCE, Refusal.PROGRAMME_RULE)
        if rest[1]:
            self.pay_into(payee, asset, (rest,), code=code, fees=fees, leg=leg)
        elif fees:
            self.settle(payee, asset, {payee.accounts[asset]: 0}, code=code, fees=fees, leg=leg)

    def settle(
        self,
        payee: WalletFacts,
        asset: str,
        landed: Mapping[AccountId, int],
        *,
        code: int,
        fees: Sequence[tuple[AccountId, int]] = (),
        leg: int = 0,
    ) -> None:
        """Take the fees of what `landed` and bring the rest to where it belongs today.

        What was reserved while another bank kept the wallet lands in that bank's overflow, or a
        wallet may have had none then: nothing stays behind there.
        """
        account = payee.accounts[asset]
        overflow = payee.overflow.get(asset, account)
        there = dict.fromkeys((overflow, account), 0)
        for place, amount in landed.items():
            home = place if place in there else overflow
            if home != place:
                self.add(Transfer(place, home, amount, code=code), leg)
            there[home] += amount
        for collector, fee in fees:
            self._take(fee, collector, there, leg)
        if overflow != account and there[overflow]:
            rest = there[overflow]
            self.add(Transfer(overflow, account, rest, UNMARKED, Kind.POST_UP_TO, code), leg)

    def _take(self, fee: int, collector: AccountId, there: dict[AccountId, int], leg: int) -> None:
        for place, amount in there.items():
            taken = min(fee, amount)
            if taken and place != collector:
                self.add(Transfer(place, collector, taken), leg)
                there[place] -= taken
                fee -= taken

    def use_up(
        self,
        allowance: AccountId,
        sink: AccountId,
        amount: int,
        refusal: Refusal,
        *,
        window_s: int = 0,
        leg: int = 0,
    ) -> None:
        """Use `amount` of an allowance, for good or for `window_s`; `refusal` if less is left."""
        self.rename(LedgerRefusal.EXCEEDS_BALANCE, refusal)
        kind = Kind.PENDING if window_s else Kind.POST
        self.add(Transfer(allowance, sink, amount, kind=kind, timeout_s=window_s), leg)

    def rename(self, met: LedgerRefusal, refusal: Refusal) -> None:
        """Let `refusal` stand for what the ledger calls `met` at the step that is added next."""
        self.renamed[len(self.steps), met] = refusal

    def end_by(self, until_us: int) -> None:
        """Let the plan take effect by `until_us` of the ledger's time, or not at all."""
        self.until_us = min(self.until_us or until_us, until_us)

    def plan(self) -> Plan:
        """What was built."""
        return Plan(
            tuple(self.steps),
            tuple(self.legs),
            self.renamed,
            self.chosen,
            self.kept,
            self.marked,
            self.until_us,
            tuple(self.expects),
        )
