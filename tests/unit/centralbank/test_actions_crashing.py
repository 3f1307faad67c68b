# SPDX-License-Identifier: Apache-2.0
"""Two proposals for one thing, and a crash between any two steps of the first: one is carried out,
whole and once, the other is refused by name, and nothing waits for ever."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from kerege.centralbank.actions import (
    Action,
    ActivateProgramme,
    Admit,
    DeclareMoney,
    PublishFees,
    SetKeys,
)
from kerege.centralbank.actions_proposals import Proposal
from kerege.centralbank.register_parameters import MoneyAsset
from kerege.centralbank.register_participants import Role
from kerege.ledger import OpenAccount, Order, OrderId, StoreFailed
from kerege.ledger import Role as LedgerRole
from kerege.payments.fees import FeeSchedule
from kerege.runtime.tables import DatabaseUnavailable
from tests.funders import meals, signed_terms
from tests.registers import Country, jwk_of, key_of

MOST_STEPS = 40
"""Far more than a proposal's way through databases and ledger has."""


Rivals = Callable[[Country], tuple[Action, Action]]


class _Crash:
    """Fails one step: every transaction begun or ended and every posting counts as one."""

    def __init__(self, country: Country) -> None:
        self.left = 0
        self._plant_tables(country.register._tables)
        self._plant_ledger(country.ledger)

    def _strike(self, fault: Callable[..., Exception]) -> None:
        self.left -= 1
        if self.left == 0:
            raise fault("it crashed here", remedy="again")

    def _plant_tables(self, tables: Any) -> None:
        begin = tables.begin

        @contextmanager
        def failing() -> Iterator[Any]:
            self._strike(DatabaseUnavailable)
            with begin() as connection:
                yield connection
                self._strike(DatabaseUnavailable)
            self._strike(DatabaseUnavailable)

        tables.begin = failing

    def _plant_ledger(self, ledger: Any) -> None:
        begin = ledger.begin

        def failing(orders: Sequence[Any], **more: Any) -> Any:
            self._strike(StoreFailed)
            posting = begin(orders, **more)
            if orders:
                posting.outcomes()
                self._strike(StoreFailed)
            return posting

        ledger.begin = failing


def _two_admissions(_: Country) -> tuple[Action, Action]:
    """One name, two applicants."""
    first, second = (
        Admit(participant="tulpar", roles=(Role.INTERMEDIARY,), keys=(jwk_of(key_of(name)),))
        for name in ("one", "other")
    )
    return first, second


def _two_names_of_one_key(_: Country) -> tuple[Action, Action]:
    first, second = (
        Admit(participant=name, roles=(Role.INTERMEDIARY,), keys=(jwk_of(key_of("one")),))
        for name in ("tulpar", "argymak")
    )
    return first, second


def _one_key_for_two(_: Country) -> tuple[Action, Action]:
    return (
        SetKeys(participant="altyn", keys=(jwk_of(key_of("one")),)),
        Admit(participant="tulpar", roles=(Role.WITNESS,), keys=(jwk_of(key_of("one")),)),
    )


def _two_schedules(_: Country) -> tuple[Action, Action]:
    one = PublishFees(schedule=FeeSchedule(version=1))
    return one, one


def _two_activations(country: Country) -> tuple[Action, Action]:
    funder = country.open(country.bank("kumis").name, owner_kind="agency", tier="agency")
    first, second = (
        ActivateProgramme(terms=signed_terms(meals(funder, budget=budget), funder.key))
        for budget in (1_000, 7)
    )
    return first, second


def _two_declarations(_: Country) -> tuple[Action, Action]:
    one = DeclareMoney(money=MoneyAsset(code="XAG", reserve="XAG-R"))
    return one, one


RIVALS = [
    _two_admissions, _two_names_of_one_key, _one_key_for_two, _two_schedules, _two_activations,
    _two_declarations,
]  # fmt: skip


def _proposed(country: Country, action: Action) -> Proposal:
    return country.register.propose(country.sign_as("staff-aru", country.proposal(action)))


def _approve(country: Country, crash: _Crash, proposed: Proposal, *, step: int = 0) -> bool:
    """Approve, with a crash at `step`; whether it crashed."""
    crash.left = step
    try:
        country.register.approve(country.approval_of(proposed))
    except (DatabaseUnavailable, StoreFailed):
        return True
    finally:
        crash.left = 0
    return False


def _accounts(country: Country) -> int:
    """How many accounts the ledger has."""
    opening = OpenAccount("KZT", LedgerRole.HOLDER, "last")
    order_id = OrderId(country.next_number().to_bytes(16, "big"))
    (outcome,) = country.ledger.post([Order(order_id, (opening,))])
    assert outcome.accepted, outcome
    return outcome.results[0]


def _play(country: Country, rivals: Rivals, step: int) -> tuple[bool, int]:
    """The first crashes at `step`, the second is approved, somebody goes on with the first."""
    country.bank("altyn")
    first, second = (_proposed(country, action) for action in rivals(country))
    crash = _Crash(country)
    crashed = _approve(country, crash, first, step=step)
    assert not _approve(country, crash, second)
    country.register.run_due()
    assert country.register.run_due() == 0
    if country.register.proposal(first.id).state == "proposed":
        # It crashed before the approval was kept.
        assert not _approve(country, crash, first)
    settled = [country.register.proposal(one.id) for one in (first, second)]
    assert sorted(one.state for one in settled) == ["executed", "refused"]
    assert all(one.code != "key_revoked" for one in settled)
    other = country.node()
    assert other.participants() == country.register.participants()
    other.close()
    return crashed, _accounts(country)


@pytest.mark.parametrize("rivals", RIVALS, ids=lambda rivals: rivals.__name__.strip("_"))
def test_a_crash_between_any_two_steps(tmp_path: Path, rivals: Rivals) -> None:
    found = []
    for step in range(1, MOST_STEPS):
        folder = tmp_path / str(step)
        folder.mkdir()
        country = Country(folder)
        found.append(_play(country, rivals, step))
        country.close()
        if not found[-1][0]:
            break
    assert len(found) > 5
    assert len({accounts for _, accounts in found}) == 1
