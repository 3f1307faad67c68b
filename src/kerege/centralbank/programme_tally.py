# SPDX-License-Identifier: Apache-2.0
"""Sums of a programme's flows and of where its money is, by groups no person stands out of.

Pure.
"""

from typing import Final

from kerege.centralbank.programme_flows import FlowKind
from kerege.payments.scene import WalletFacts
from kerege.programmes.report import FEWEST_PEOPLE, Figure, Standing

__all__ = ["MAX_GROUPS", "Group", "Tally", "group_of"]

MAX_GROUPS: Final = 2_000
"""Lines of a report: kinds, categories, regions and routes multiply; beyond, without a region."""

Group = tuple[str, str, str]
"""Kind, category and region of wallets."""

_PEOPLE: Final = "person"
_CORE: Final[Group] = ("core", "", "")


def group_of(wallet: WalletFacts | None) -> Group:
    """The group a wallet is told in; accounts without one are the core's own."""
    return _CORE if wallet is None else (wallet.owner_kind, wallet.category, wallet.region)


class Tally:
    """Adds up; bounded whatever comes."""

    def __init__(self) -> None:
        self._flows: dict[tuple[FlowKind, Group, str], list[int]] = {}
        self._standing: dict[Group, list[int]] = {}

    def add_flow(self, kind: FlowKind, group: Group, route: str, amount: int) -> None:
        """One payment of `amount`."""
        key = (kind, group, route)
        if key not in self._flows and len(self._flows) >= MAX_GROUPS:
            key = (kind, (group[0], "", ""), "")
        sums = self._flows.setdefault(key, [0, 0])
        sums[0] += amount
        sums[1] += 1

    def add_holder(self, group: Group, *, amount: int, held: int, frozen: int) -> None:
        """One holder of `amount`."""
        if group not in self._standing and len(self._standing) >= MAX_GROUPS:
            group = (group[0], "", "")
        sums = self._standing.setdefault(group, [0, 0, 0, 0])
        for place, figure in enumerate((1, amount, held, frozen)):
            sums[place] += figure

    def figures(self) -> tuple[Figure, ...]:
        """What flowed, by kind of flow and group."""
        merged: dict[tuple[FlowKind, Group, str], list[int]] = {}
        for (kind, group, route), sums in self._flows.items():
            key = (kind, _told(group, sums[1]), route)
            _add(merged.setdefault(key, [0, 0]), sums)
        return tuple(
            Figure(
                flow=kind.value,
                amount=amount,
                payments=payments,
                kind=group[0],
                category=group[1],
                region=group[2],
                route=route,
            )
            for (kind, group, route), (amount, payments) in sorted(merged.items())
        )

    def standing(self) -> tuple[Standing, ...]:
        """Where money is, by group of holder."""
        merged: dict[Group, list[int]] = {}
        for group, sums in self._standing.items():
            _add(merged.setdefault(_told(group, sums[0]), [0, 0, 0, 0]), sums)
        return tuple(
            Standing(
                kind=kind,
                category=category,
                region=region,
                holders=holders,
                amount=amount,
                held=held,
                frozen=frozen,
            )
            for (kind, category, region), (holders, amount, held, frozen) in sorted(merged.items())
        )


def _told(group: Group, count: int) -> Group:
    """A few people are told without what could tell who they are."""
    return (_PEOPLE, "", "") if group[0] == _PEOPLE and count < FEWEST_PEOPLE else group


def _add(sums: list[int], more: list[int]) -> None:
    for place, figure in enumerate(more):
        sums[place] += figure
