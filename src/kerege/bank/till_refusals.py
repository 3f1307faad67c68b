# SPDX-License-Identifier: Apache-2.0
"""What tills were refused of a wallet with a card: kept for whoever answers for its owner.

The till hears little (`card_payments`); a guardian should know that a lost card was tried, or which
rule kept a child from eating. Of each wallet the newest are kept, so that a shop that charges in
vain a thousand times fills no disk.
"""

from typing import Final

import sqlalchemy as sa

from kerege.bank import till_refusals_store as store
from kerege.bank.till_refusals_store import TillRefusal
from kerege.payments import Request, Verdict
from kerege.runtime import Clock
from kerege.runtime.tables import Tables

__all__ = ["MAX_KEPT", "TillRefusals"]

MAX_KEPT: Final = 100
"""Refusals of one wallet, some 250 bytes each: of a school month a few."""


class TillRefusals:
    """The refusals of one bank. Safe among threads and nodes."""

    def __init__(self, tables: Tables, clock: Clock) -> None:
        self._tables = tables
        self._clock = clock

    def note(self, wallet: str, order: str, request: Request, verdict: Verdict) -> None:
        """Keep that `request` was not paid from `wallet`; again under the same `order` changes
        nothing."""
        refusal = TillRefusal(
            order=order,
            wallet=wallet,
            at_us=self._clock.now_us(),
            payee=request.wallet,
            asset=request.asset,
            amount=request.amount,
            code=verdict.code,
            rule=verdict.rule,
            found=verdict.found,
            limit=verdict.limit,
        )
        try:
            with self._tables.begin() as connection:
                store.insert_refusal(connection, refusal, keep=MAX_KEPT)
        except sa.exc.IntegrityError:
            # Another node was asked the same at the same time, and has kept it.
            return

    def of(self, wallet: str) -> list[TillRefusal]:
        """What is kept of a wallet, newest first."""
        with self._tables.read() as connection:
            return store.refusals_of(connection, wallet)

    def forget_wallet(self, wallet: str) -> None:
        """The wallet is kept elsewhere now."""
        with self._tables.begin() as connection:
            store.delete_of_wallet(connection, wallet)
