# SPDX-License-Identifier: Apache-2.0
"""What an institution may see of wallets: facts of any, money of those it keeps."""

from collections.abc import Iterator
from heapq import merge
from itertools import islice
from typing import Final

from kerege.centralbank.register import Register
from kerege.ledger import AccountId, Ledger, Mark, format_order_id
from kerege.ledger.stored import Movement
from kerege.payments import ParticipantId
from kerege.payments.holdings import Balance, Line, WalletView
from kerege.payments.scene import WalletFacts

__all__ = ["MAX_LINES", "Holdings"]

MAX_LINES: Final = 1_000
"""Lines of a statement in one page, as the ledger gives them."""


class Holdings:
    """Reads wallets for institutions. Safe among threads; every method may block."""

    def __init__(self, ledger: Ledger, register: Register) -> None:
        self._ledger = ledger
        self._register = register

    def view(self, bank: ParticipantId, wallet: str) -> WalletView | None:
        """Facts of a wallet: all of them to the bank that keeps it, to others where it is kept."""
        facts = self._register.wallet(wallet)
        if facts is None:
            return None
        assets = tuple(facts.accounts)
        if facts.bank != bank:
            return WalletView(facts.id, facts.bank, facts.owner_kind, assets)
        return WalletView(
            id=facts.id,
            bank=facts.bank,
            owner_kind=facts.owner_kind,
            assets=assets,
            tier=facts.tier,
            category=facts.category,
            vat=facts.vat,
            region=facts.region,
            overflow=bool(facts.overflow),
            suspended=facts.suspended,
            keys=self._register.keys_of(facts.id),
        )

    def balances(self, bank: ParticipantId, wallet: str) -> list[Balance] | None:
        """Balances by asset and mark; None unless `bank` keeps the wallet."""
        facts = self._kept(bank, wallet)
        if facts is None:
            return None
        return [
            balance
            for asset, account in facts.accounts.items()
            for balance in self._balances(asset, account)
        ]

    def statement(
        self, bank: ParticipantId, wallet: str, *, asset: str, before: int, limit: int
    ) -> list[Line] | None:
        """Movements of all marks of an asset, newest first; None unless `bank` keeps the wallet
        and it holds the asset."""
        facts = self._kept(bank, wallet)
        if facts is None or asset not in facts.accounts:
            return None
        account = facts.accounts[asset]
        # Each mark has a history of its own; `seq` counts through all of them.
        histories = [
            self._ledger.statement((account, mark), before_seq=before, limit=limit)
            for mark in self._ledger.cells(account)
        ]
        newest_first = merge(*histories, key=lambda movement: movement.seq, reverse=True)
        return list(self._lines(asset, islice(newest_first, limit)))

    def _kept(self, bank: ParticipantId, wallet: str) -> WalletFacts | None:
        facts = self._register.wallet(wallet)
        return facts if facts is not None and facts.bank == bank else None

    def _balances(self, asset: str, account: AccountId) -> Iterator[Balance]:
        ceiling = self._ledger.account(account).account.ceiling
        programmes = self._register.programmes()
        for mark, cell in self._ledger.cells(account).items():
            terms = programmes[mark].terms if mark in programmes else None
            yield Balance(
                asset=asset,
                balance=cell.balance,
                held=cell.debits_pending,
                coming=cell.credits_pending,
                mark=Mark(mark),
                ceiling=ceiling,
                programme="" if terms is None else terms.id,
                title={} if terms is None else terms.title,
                ends_us=0 if terms is None else terms.ends_us,
            )

    def _lines(self, asset: str, movements: Iterator[Movement]) -> Iterator[Line]:
        for movement in movements:
            other = self._register.wallet_of_account(movement.counterparty)
            yield Line(
                seq=movement.seq,
                order=format_order_id(movement.order_id),
                at_us=movement.at_us,
                asset=asset,
                change=movement.change,
                balance=movement.after.balance,
                held=movement.held,
                mark=movement.mark,
                counterparty=other or "",
                purpose=movement.code,
            )
