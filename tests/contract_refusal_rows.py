# SPDX-License-Identifier: Apache-2.0
"""Refusals of contracts and of payments about them: see `tests.document_refusal_rows`."""

from collections.abc import Callable

from kerege.payments.contract_documents import Milestone, Obligation
from kerege.payments.documents import Document
from kerege.payments.refusal import Refusal
from tests.towns import DAY_S, Town
from tests.works import Works

__all__ = ["CONTRACT_ROWS"]

_STONES = (Milestone("bridge", 60), Milestone("road", 40))


def _mismatch(town: Town) -> Document:
    works = Works(town)
    contract = works.hire(works.builder, 100)
    return works.subcontract(contract, works.mason, 100, ends_us=contract.ends_us + 1)


def _over(town: Town) -> Document:
    works = Works(town)
    contract = works.hire(works.builder, 100)
    town.pass_s(8 * DAY_S)
    return town.pay(works.treasury, works.builder, 1, about=contract.id)


def _needs_acceptance(town: Town) -> Document:
    works = Works(town)
    contract = works.hire(works.builder, 100, acceptor=works.inspector)
    return town.pay(works.treasury, works.builder, 1, about=contract.id)


def _part_unknown(town: Town) -> Document:
    works = Works(town)
    contract = works.hire(works.builder, 100, milestones=_STONES)
    return town.pay(works.treasury, works.builder, 1, about=contract.id)


def _obligation_unmet(town: Town) -> Document:
    works = Works(town)
    duty = Obligation("taxes-paid", works.inspector)
    contract = works.hire(works.builder, 100, obligations=(duty,))
    return town.pay(works.treasury, works.builder, 1, about=contract.id)


def _used_up(town: Town) -> Document:
    works = Works(town)
    contract = works.hire(works.builder, 100)
    return town.pay(works.treasury, works.builder, 101, about=contract.id)


def _milestone_used_up(town: Town) -> Document:
    works = Works(town)
    contract = works.hire(works.builder, 100, milestones=_STONES)
    return town.pay(works.treasury, works.builder, 41, about=contract.id, milestone="road")


CONTRACT_ROWS: dict[Refusal, Callable[[Town], Document]] = {
    Refusal.CONTRACT_MISMATCH: _mismatch,
    Refusal.CONTRACT_OVER: _over,
    Refusal.CONTRACT_NEEDS_ACCEPTANCE: _needs_acceptance,
    Refusal.CONTRACT_PART_UNKNOWN: _part_unknown,
    Refusal.CONTRACT_OBLIGATION_UNMET: _obligation_unmet,
    Refusal.CONTRACT_USED_UP: _used_up,
    Refusal.MILESTONE_USED_UP: _milestone_used_up,
}
