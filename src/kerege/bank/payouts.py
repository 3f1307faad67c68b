# SPDX-License-Identifier: Apache-2.0
"""Payout files at the bank: read whole, every payee found, nothing paid. Paying is the wallet's."""

from typing import Final

from kerege.bank.resolving import Found, Neighbours
from kerege.money import Assets
from kerege.payments.aliases import Alias, Numbering
from kerege.payments.bulk import PayoutFault, PayoutFile, PayoutLine, read_payout
from kerege.wallet.wire import PayoutPlan, PlannedLine

__all__ = ["MAX_ALIASES", "Payouts"]

MAX_ALIASES: Final = 500
"""Aliases of one file: each is asked of the core. Wallet ids are not, and there may be more."""


class Payouts:
    """Reads files for the customers of one bank."""

    def __init__(self, neighbours: Neighbours, numbering: Numbering, assets: Assets) -> None:
        self._neighbours = neighbours
        self._numbering = numbering
        self._assets = assets

    def plan(self, text: str, asset: str) -> PayoutPlan:
        """Whom each line pays. With a fault there are no lines: a half-read payroll is wrong.

        Raises `AssetError`.
        """
        scale = self._assets.by_code(asset).scale
        read = read_payout(text.encode(), scale=scale, numbering=self._numbering)
        faults = [*read.faults, *_too_many(read)]
        return PayoutPlan(
            asset=asset,
            lines=() if faults else self._found(read.lines),
            faults=tuple((fault.line, fault.column, fault.what) for fault in faults),
            repeated=read.repeated,
            total=read.total,
        )

    def aliases_in(self, text: str, asset: str) -> int:
        """How many names a file asks for: as much as so many questions."""
        scale = self._assets.by_code(asset).scale
        read = read_payout(text.encode(), scale=scale, numbering=self._numbering)
        return sum(isinstance(line.to, Alias) for line in read.lines)

    def _found(self, lines: tuple[PayoutLine, ...]) -> tuple[PlannedLine, ...]:
        known: dict[str, Found | None] = {}
        planned: list[PlannedLine] = []
        for line in lines:
            wallet = line.to if not isinstance(line.to, Alias) else ""
            if isinstance(line.to, Alias):
                shown = line.to.shown
                if shown not in known:
                    known[shown] = self._neighbours.find_alias(shown)
                found = known[shown]
                wallet = found.wallet if found else ""
            planned.append(
                PlannedLine(line=line.line, wallet=wallet, amount=line.amount, purpose=line.purpose)
            )
        return tuple(planned)


def _too_many(read: PayoutFile) -> list[PayoutFault]:
    count = len({line.to for line in read.lines if isinstance(line.to, Alias)})
    if count <= MAX_ALIASES:
        return []
    return [PayoutFault(0, "to", f"{count} aliases, at most {MAX_ALIASES}: split it, or use ids")]
