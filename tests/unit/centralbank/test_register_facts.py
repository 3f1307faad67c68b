# SPDX-License-Identifier: Apache-2.0
"""Reads: from memory where they can be, never of what another node changed long ago."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from kerege.centralbank.register_facts import LOOK_EVERY_S, Facts
from kerege.centralbank.stores import changes, wallets
from kerege.centralbank.stores.changes import Change, note_changes
from kerege.payments import Amend
from kerege.runtime.tables import Tables
from tests.registers import HOUR_US, Bank, Country, Wallet, kid_of, must, order_name


def _amend(country: Country, bank: Bank, wallet: Wallet, region: str) -> None:
    document = Amend(
        id=order_name(country.next_number()),
        wallet=bank.own.id,
        until_us=country.clock.now_us() + HOUR_US,
        subject=wallet.id,
        tier="full",
        region=region,
    )
    must(country.register.amend(document, country.sign(document, bank.own.key), bank.name))


class _Stopwatch:
    now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def statements(country: Country) -> list[str]:
    """Statements sent to the first node's tables from now on."""
    seen: list[str] = []

    def note(_c: object, _u: object, statement: str, *_: object) -> None:
        seen.append(statement)

    sa.event.listen(country.register._tables.engine, "before_cursor_execute", note)
    return seen


def test_what_is_remembered_needs_no_database(country: Country, statements: list[str]) -> None:
    bank = country.bank("altyn")
    aru = country.person(bank)
    register, kid = country.register, kid_of(aru.key)
    first = register.wallet(aru.id), register.key(kid)
    statements.clear()
    assert (register.wallet(aru.id), register.key(kid)) == first
    assert register.participant(bank.name) is not None
    assert register._facts.participant_of_key(kid_of(bank.key)) is not None
    assert statements == []


def test_a_batch_is_fetched_in_few_statements(country: Country, statements: list[str]) -> None:
    bank = country.bank("altyn")
    people = [country.person(bank) for _ in range(30)]
    node = country.node()
    seen: list[str] = []
    sa.event.listen(node._tables.engine, "before_cursor_execute", lambda *a: seen.append(a[2]))
    node.prefetch(kids=[kid_of(p.key) for p in people], wallets=[p.id for p in people] * 2)
    assert len([text for text in seen if text.startswith("SELECT")]) == 2
    seen.clear()
    assert all(node.wallet(p.id) and node.key(kid_of(p.key)) for p in people)
    node.prefetch(kids=[kid_of(people[0].key)], wallets=[people[0].id])
    assert seen == []
    node.close()


def test_that_something_is_missing_is_not_remembered(country: Country) -> None:
    bank = country.bank("altyn")
    other = country.node()
    aru_id = f"wal_{country._numbers + 1:032x}"
    assert other.wallet(aru_id) is None
    assert country.person(bank).id == aru_id
    assert other.wallet(aru_id) is not None
    other.close()


def test_another_nodes_change_is_seen_at_the_next_look(country: Country) -> None:
    bank = country.bank("altyn")
    aru = country.person(bank)
    stopwatch = _Stopwatch()
    tables = country.register._tables
    facts = Facts(tables, stopwatch=stopwatch)
    before = facts.wallet(aru.id)
    _amend(country, bank, aru, "almaty")
    facts.refresh()
    assert facts.wallet(aru.id) is before
    stopwatch.now_s = LOOK_EVERY_S
    facts.refresh()
    after = facts.wallet(aru.id)
    assert after is not None
    assert after.region == "almaty"
    # A new participant reaches it as well.
    country.bank("tulpar")
    assert facts.participant("tulpar") is None
    stopwatch.now_s = 2 * LOOK_EVERY_S
    facts.refresh()
    assert facts.participant("tulpar") is not None


def test_a_change_during_a_read_is_not_lost(
    country: Country, monkeypatch: pytest.MonkeyPatch
) -> None:
    bank = country.bank("altyn")
    aru = country.person(bank)
    facts = Facts(country.register._tables)
    read = wallets.read_wallets

    def read_then_change(*asked: object) -> object:
        rows = read(*asked)  # type: ignore[arg-type]
        monkeypatch.undo()
        _amend(country, bank, aru, "almaty")
        facts.look()
        return rows

    monkeypatch.setattr(wallets, "read_wallets", read_then_change)
    facts.wallet(aru.id)
    after = facts.wallet(aru.id)
    assert after is not None
    assert after.region == "almaty"


def test_a_node_far_behind_forgets_everything(
    country: Country, monkeypatch: pytest.MonkeyPatch
) -> None:
    bank = country.bank("altyn")
    aru = country.person(bank)
    facts = Facts(country.register._tables)
    facts.wallet(aru.id)
    _amend(country, bank, aru, "almaty")
    monkeypatch.setattr(changes, "KEPT_CHANGES", 2)
    with country.register._tables.begin() as connection:
        note_changes(connection, [Change("wallet", f"wal_{n}") for n in range(5)])
        assert changes.changes_after(connection, 0) is None
    facts.look()
    after = facts.wallet(aru.id)
    assert after is not None
    assert after.region == "almaty"


def test_memory_is_bounded(tmp_path: Path, country: Country) -> None:
    bank = country.bank("altyn")
    people = [country.person(bank) for _ in range(20)]
    facts = Facts(country.register._tables, remembered=8)
    for person in people * 2:
        assert facts.wallet(person.id) is not None
    assert len(facts._wallets) <= 8
    assert isinstance(country.register._tables, Tables)
