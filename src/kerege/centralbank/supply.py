# SPDX-License-Identifier: Apache-2.0
"""How much money there is, and what stands behind it.

Money comes from an asset's issuer and ends in its `retired` account; nothing else touches the two.
So the figures are four balances, and anyone with an export of the ledger finds the same.
"""

from typing import Final

from msgspec import Struct

from kerege.centralbank.register_participants import SystemAccounts
from kerege.ledger import UNMARKED, Cell, Ledger, Mark, Overloaded

__all__ = ["Supply", "supply_of"]

_MOST_LOOKS: Final = 1_000
"""Issuance is a few orders a day; it stands still between two looks sooner than this."""


class Supply(Struct, frozen=True):
    """One asset and mark, in minor units. `circulating` is `issued` less `redeemed`.

    `reserves` stand behind the whole of an asset and are told with its unmarked money, which all
    money is when it is issued: over the marks of an asset, `circulating` sums up to them.
    """

    asset: str
    mark: int
    issued: int
    redeemed: int
    circulating: int
    reserves: int


_Cells = dict[Mark, Cell]


def supply_of(ledger: Ledger, accounts: SystemAccounts) -> list[Supply]:
    """Figures of every asset, all as of one instant."""
    figures: list[Supply] = []
    for asset in accounts.issuers:
        issuer, retired, backing = _at_rest(ledger, accounts, asset)
        for mark in sorted({UNMARKED, *issuer, *retired}):
            issued = -issuer.get(mark, Cell()).balance
            redeemed = retired.get(mark, Cell()).balance
            reserves = backing.get(UNMARKED, Cell()).balance if mark == UNMARKED else 0
            figures.append(Supply(asset, mark, issued, redeemed, issued - redeemed, reserves))
    return figures


def _at_rest(ledger: Ledger, accounts: SystemAccounts, asset: str) -> tuple[_Cells, _Cells, _Cells]:
    """The three accounts' cells, looked at until two looks agree.

    Cells have versions: if none moved between the two, they stood so together in between.
    """
    named = (accounts.issuers[asset], accounts.retired[asset], accounts.backing[asset])
    before = None
    for _ in range(_MOST_LOOKS):
        issuer, retired, backing = (ledger.cells(account) for account in named)
        if before == (issuer, retired, backing):
            return issuer, retired, backing
        before = (issuer, retired, backing)
    raise Overloaded("the supply never stood still", remedy="ask again")
