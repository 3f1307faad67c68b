# SPDX-License-Identifier: Apache-2.0
"""Building a plan step by step: money into wallets, allowances used up. Pure."""

from msgspec import Struct

from kerege.ledger.ids import UNMARKED, AccountId, Mark
from kerege.ledger.order import Kind, Step, Transfer
from kerege.ledger.refusal import Refusal as LedgerRefusal
from kerege.payments.refusal import Refusal
from kerege.payments.scene import Plan, WalletFacts

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

    def add(self, step: Step, leg: int = 0) -> None:
        """Append one step that belongs to `leg`."""
        self.steps.append(step)
        self.legs.append(leg)

    def pay_into(
        self,
        payee: WalletFacts,
        asset: str,
        transfers: tuple[tuple[AccountId, Mark, int], ...],
        *,
        code: int,
        leg: int = 0,
    ) -> None:
        """Pay `transfers` (debit account, mark, minor units) to `payee`, who holds `asset`."""
        for debit, mark, amount in transfers:
            landing = landing_of(payee, asset, debit=debit)
            self.add(Transfer(debit, landing, amount, mark, code=code), leg)
            self.forward(payee, asset, landing, amount, mark=mark, code=code, leg=leg)

    def forward(
        self,
        payee: WalletFacts,
        asset: str,
        landed: AccountId,
        amount: int,
        *,
        mark: Mark = UNMARKED,
        code: int,
        leg: int = 0,
    ) -> None:
        """Bring what `landed` somewhere to where it belongs today.

        What was reserved while another bank kept the wallet lands in that bank's overflow, or a
        wallet may have had none then: nothing stays behind there.
        """
        account = payee.accounts[asset]
        if landed == account:
            return
        overflow = payee.overflow.get(asset, account)
        if landed != overflow:
            self.add(Transfer(landed, overflow, amount, mark, code=code), leg)
        if overflow != account:
            self.add(Transfer(overflow, account, amount, mark, Kind.POST_UP_TO, code), leg)

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

    def plan(self) -> Plan:
        """What was built."""
        return Plan(tuple(self.steps), tuple(self.legs), self.renamed)
