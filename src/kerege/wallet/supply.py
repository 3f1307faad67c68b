# SPDX-License-Identifier: Apache-2.0
"""The money in circulation, as the central bank tells everybody, checked for what anyone can check.

That the figures agree with each other and that reserves stand behind every unit. That they are the
ledger's own is shown by recomputing the ledger from its export (docs/proof.md): figures alone prove
nothing, and this module says so by name: what it returns is `told`, not proven.
"""

from collections import defaultdict
from typing import Final

from msgspec import Struct

from kerege.errors import KeregeError
from kerege.wallet.http_exchange import Exchange, decode

__all__ = ["SupplyTold", "SupplyUnsound", "check_supply", "supply_told"]

_PATH: Final = "/v1/supply"


class SupplyTold(Struct, frozen=True):
    """One asset and mark, in minor units. `reserves` are told with an asset's unmarked money."""

    asset: str
    mark: int
    issued: int
    redeemed: int
    circulating: int
    reserves: int


class _Supply(Struct):
    supply: tuple[SupplyTold, ...]


class SupplyUnsound(KeregeError):
    """Figures that cannot all be true; keep them, with the time they were told."""


def supply_told(core: str) -> tuple[SupplyTold, ...]:
    """What the core at address `core` tells anybody. Raises `BankUnreachable`, `BankRefused`."""
    exchange = Exchange(core.rstrip("/"), language="en")
    try:
        return decode(exchange.fetch("GET", _PATH), _Supply, place=_PATH).supply
    finally:
        exchange.close()


def check_supply(told: tuple[SupplyTold, ...]) -> dict[str, int]:
    """Money in circulation by asset. Raises `SupplyUnsound` with the asset at fault."""
    circulating: defaultdict[str, int] = defaultdict(int)
    reserves: defaultdict[str, int] = defaultdict(int)
    seen: set[tuple[str, int]] = set()
    for line in told:
        if (line.asset, line.mark) in seen:
            raise SupplyUnsound("told twice", place=f"{line.asset} mark {line.mark}")
        seen.add((line.asset, line.mark))
        if line.circulating != line.issued - line.redeemed:
            raise SupplyUnsound("circulating is not issued less redeemed", place=line.asset)
        circulating[line.asset] += line.circulating
        reserves[line.asset] += line.reserves
    for asset, amount in circulating.items():
        if amount < 0 or reserves[asset] < amount:
            raise SupplyUnsound(
                f"{amount} minor units circulate and {reserves[asset]} stand behind them",
                place=asset,
            )
    return dict(circulating)
