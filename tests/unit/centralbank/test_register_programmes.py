# SPDX-License-Identifier: Apache-2.0
"""What the money of each mark lives under; each version's rules are compiled once."""

from pathlib import Path
from typing import ClassVar

import pytest
import sqlalchemy as sa

from kerege.centralbank import register_accounts, register_founding
from kerege.centralbank.actions import CloseProgramme, DeclareMoney
from kerege.centralbank.register_parameters import MoneyAsset
from kerege.centralbank.register_programmes import (
    Activated,
    ProgrammeBook,
    ProgrammeRecord,
    ProgrammeState,
)
from kerege.centralbank.stores.schema import MARKS, PROGRAMME_VERSIONS, PROGRAMMES
from kerege.ledger import AccountId, Mark, OpenAccount, Role, Step
from kerege.payments import WalletId
from kerege.programmes import Allowed, Blocked, Cap, Programme, Situation, Source
from tests.funders import activate, change, meals
from tests.registers import Country, Wallet, key_of

FUNDER = Wallet(WalletId("wal_" + "7" * 32), key_of("ministry"))


class _Rules:
    compiled: ClassVar[list[int]] = []

    def __init__(self, programme: Programme) -> None:
        self.compiled.append(programme.version)

    def allow(self, situation: Situation) -> Allowed | None:
        raise NotImplementedError

    def judge(self, situation: Situation) -> Allowed | Blocked:
        raise NotImplementedError

    def window_s(self, cap: Cap | Source, *, at_us: int, counted: str) -> int:
        raise NotImplementedError


def _record(
    marks: dict[int, int], state: ProgrammeState = ProgrammeState.ACTIVE
) -> ProgrammeRecord:
    activated = {v: Activated(meals(FUNDER, version=v), "prp", v) for v in marks.values()}
    return ProgrammeRecord(
        id="school-meals",
        asset="KZT",
        funder=FUNDER.id,
        budget=AccountId(9),
        state=state,
        newest=activated[max(activated)],
        marks={Mark(mark): activated[version] for mark, version in marks.items()},
    )


def test_each_version_is_compiled_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_Rules, "compiled", [])
    book = ProgrammeBook(_Rules)
    first = {"school-meals": _record({1: 1, 2: 1, 4: 2})}
    found = book.by_mark(first)
    assert book.by_mark(first) is found
    assert [(m, a.terms.version) for m, a in found.items()] == [(1, 1), (2, 1), (4, 2)]
    again = book.by_mark({"school-meals": _record({1: 3, 2: 3, 4: 3, 5: 2})})
    assert [a.terms.version for a in again.values()] == [3, 3, 3, 2]
    assert _Rules.compiled == [1, 2, 3]
    assert again[Mark(1)].rules is again[Mark(4)].rules


@pytest.mark.parametrize("state", ProgrammeState)
def test_states(state: ProgrammeState) -> None:
    (active,) = ProgrammeBook(_Rules).by_mark({"school-meals": _record({1: 1}, state)}).values()
    assert active.suspended == (state is ProgrammeState.SUSPENDED)
    assert active.closed == (state in (ProgrammeState.CLOSED, ProgrammeState.SETTLED))
    assert active.closed == state.is_over


def test_a_new_money_has_a_converter(country: Country) -> None:
    for asset in ("KZT", "XAU"):
        _check_converter(country, asset)
    assert country.register.converter("GOLD") is None
    country.act(DeclareMoney(money=MoneyAsset(code="GOLD", reserve="GOLD-R")))
    _check_converter(country, "GOLD")


def _check_converter(country: Country, asset: str) -> None:
    converter = country.register.converter(asset)
    assert converter is not None
    account = country.ledger.account(converter)
    assert (account.account.role, account.account.asset) == (Role.CONVERTER, asset)
    assert account.owner == f"core:converter:{asset}:"


def test_a_country_older_than_programmes_gets_what_it_lacks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Tables when the register opens, a converter with the first programme."""

    def without_converter(money: MoneyAsset) -> tuple[Step, ...]:
        steps = register_accounts.accounts_of_money(money)
        return tuple(
            s for s in steps if not (isinstance(s, OpenAccount) and s.role is Role.CONVERTER)
        )

    monkeypatch.setattr(register_founding, "accounts_of_money", without_converter)
    country = Country(tmp_path)
    with country.register._tables.begin() as connection:
        for table in (MARKS, PROGRAMME_VERSIONS, PROGRAMMES):
            table.drop(connection)
        connection.execute(sa.text("UPDATE schema_versions SET version = 1"))
    country.register.close()
    country.register = country.node()
    assert country.register.converter("KZT") is None
    _activate_twice(country)
    assert country.register.converter("XAU") is None
    country.close()


def test_on_postgres(tmp_path: Path, pg_url: str) -> None:
    country = Country(tmp_path, url=pg_url)
    _activate_twice(country)
    change(country, CloseProgramme)
    assert all(active.closed for active in country.register.programmes().values())
    country.close()


def _activate_twice(country: Country) -> None:
    funder = country.open(country.bank("altyn").name, owner_kind="agency", tier="agency")
    activate(country, meals(funder), funder.key)
    _check_converter(country, "KZT")
    converter = country.register.converter("KZT")
    activate(country, meals(funder, version=2), funder.key)
    assert country.register.converter("KZT") == converter
    assert {m: a.terms.version for m, a in country.register.programmes().items()} == {1: 1, 2: 2}
