# SPDX-License-Identifier: Apache-2.0
"""A whole ledger's present in memory: cells, assets, the next account. Pure.

The embedded store keeps one beside its file, an audit fills one from an export; both
bring it forward with nothing but rulings.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from msgspec import Struct

from kerege.ledger.account import EMPTY_CELL, Account, Cell
from kerege.ledger.book import Known, Pending
from kerege.ledger.cells import Cells, Folded
from kerege.ledger.ids import UNMARKED, AccountId, Mark
from kerege.ledger.loaded import Loaded
from kerege.ledger.order import DeclareAsset, OpenAccount, PendingRef
from kerege.ledger.request import Request
from kerege.ledger.ruling import AccountEvent, Ruling
from kerege.ledger.state import COLUMNS, account_of_row, cell_of_row, row_of

__all__ = ["Applied", "Books", "ChangedAccount"]


class ChangedAccount(Struct, frozen=True, gc=False):
    """An account opened or changed at position `seq`; `owner` only when opened."""

    account: Account
    asset_number: int
    owner: str
    seq: int


class Applied(Struct, frozen=True):
    """What applying a ruling did, for whoever writes it down. New cells are the slots from
    `first_new_slot` on, new assets the numbers from `first_new_asset` on."""

    folded: Folded
    accounts: Sequence[ChangedAccount]
    first_new_slot: int
    first_new_asset: int


class Books:
    """The present. Assets are numbered in order of declaration."""

    def __init__(self, cells: Cells, assets: list[tuple[str, int]], next_account: int) -> None:
        self.cells = cells
        self.assets = assets
        self.next_account = next_account

    def load(
        self,
        request: Request,
        *,
        pendings: Mapping[PendingRef, Pending],
        known: Mapping[bytes, Known],
    ) -> Loaded:
        """What `request` names, with what the caller knows of pending and of earlier orders."""
        accounts = request.accounts()
        state = self.cells.rows(accounts)
        return Loaded(
            accounts=accounts,
            state=state,
            marked=self.cells.marked(accounts, state),
            pendings=pendings,
            known=known,
            assets=self.assets,
            next_account=self.next_account,
        )

    def state(self, account_id: AccountId) -> tuple[Account, Cell] | None:
        """An account's rules and its unmarked cell."""
        slot = self.cells.slot((account_id, UNMARKED))
        if slot < 0:
            return None
        row = self.cells.table[slot].tolist()
        codes = [code for code, _ in self.assets]
        return account_of_row(account_id, row, codes), cell_of_row(row)

    def apply(self, ruling: Ruling) -> Applied:
        """Bring the books up to `ruling`."""
        first_slot, first_asset = self.cells.count, len(self.assets)
        accounts = self._apply_events(ruling.events) if ruling.events else []
        self._add_marked_cells(ruling)
        self.next_account = ruling.next_account
        return Applied(
            folded=self.cells.fold(ruling.rows),
            accounts=accounts,
            first_new_slot=first_slot,
            first_new_asset=first_asset,
        )

    def _apply_events(self, events: Sequence[AccountEvent]) -> list[ChangedAccount]:
        """Assets first, then all openings at once, then changes of what is now there."""
        declared = (event.change for event in events if isinstance(event.change, DeclareAsset))
        self.assets.extend((change.asset, change.scale) for change in declared)
        numbers = {code: number for number, (code, _) in enumerate(self.assets)}
        opened, changed = [], []
        for event in events:
            if event.account is not None:
                number = numbers[event.account.asset]
                owner = event.change.owner if isinstance(event.change, OpenAccount) else ""
                one = ChangedAccount(event.account, number, owner, event.seq)
                changed.append(one)
                if owner:
                    opened.append(one)
        self._open(opened)
        for one in changed:
            if not one.owner:
                self.cells.change_account(one.account, one.asset_number)
        return changed

    def _open(self, opened: Sequence[ChangedAccount]) -> None:
        ids = np.array([one.account.id for one in opened], np.int64)
        rows = [
            row_of(one.account, one.asset_number, EMPTY_CELL, has_marks=False) for one in opened
        ]
        table = np.array(rows, np.int64).reshape(len(rows), COLUMNS)
        self.cells.load(ids, np.full(len(ids), UNMARKED), table)

    def _add_marked_cells(self, ruling: Ruling) -> None:
        rows, cells = ruling.rows, self.cells
        marked = np.flatnonzero(rows.mark)
        if not len(marked):
            return
        columns = (column[marked].tolist() for column in (rows.debit, rows.credit, rows.mark))
        for debit, credit, mark in zip(*columns, strict=True):
            for key in ((AccountId(debit), Mark(mark)), (AccountId(credit), Mark(mark))):
                if not cells.has(key):
                    cells.add_marked(key, EMPTY_CELL)
