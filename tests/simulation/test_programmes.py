# SPDX-License-Identifier: Apache-2.0
"""Programmes live and end while databases fail at any point, on two nodes: no unit of marked money
is lost, doubled or left behind, and both nodes say what the ledger says.

People pass marked money on, hold it and have it frozen while versions come into force, take over,
are suspended, closed and recalled. Calls fail before or after they took effect. One seed reproduces
a run.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from random import Random
from typing import Any

import msgspec
import pytest

from kerege.centralbank.actions import (
    Action,
    ActivateProgramme,
    CloseProgramme,
    Freeze,
    ResumeProgramme,
    SuspendProgramme,
    Unfreeze,
    Warrant,
)
from kerege.centralbank.actions_proposals import Approval, ProposalRefused, ProposalText
from kerege.centralbank.programme_terms import parse_terms
from kerege.centralbank.recalling import LOOK_AGAIN_US, Recalling
from kerege.centralbank.register import Register
from kerege.centralbank.register_programmes import ProgrammeState
from kerege.keys import parse_compact
from kerege.ledger import UNMARKED, Cell, Kind, LedgerError, Order, OrderId, StoreFailed, Transfer
from kerege.runtime.tables import DatabaseUnavailable, Tables
from tests.funders import GROUND, meals, signed_terms
from tests.ledgers import START_US
from tests.registers import HOUR_US, Country, Wallet

TURNS = 120
ISSUED = 10_000
NAMES = ("meals", "sport")
COURT = Warrant(authority="a court", kind="court-order")


class _Play:
    """Two nodes, a ministry, a few people, two programmes."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.chance = Random(seed)
        self.country = Country(folder)
        bank = self.country.bank("altyn")
        self.country.fund(bank, ISSUED)
        self.ministry = self.country.open(bank.name, owner_kind="agency", tier="agency")
        self.people = [self.country.person(bank, tier="full") for _ in range(4)]
        self.nodes = [self.country.register, self.country.node()]
        self.recalls = [
            Recalling(self.country.ledger, node, self.country.clock) for node in self.nodes
        ]
        self.freezes: dict[str, Wallet] = {}
        self._give_all(bank.own)
        self.share = 0
        self._plant_ledger()
        for node in self.nodes:
            self._plant(node._tables)
        self.share = 12

    def _give_all(self, payer: Wallet) -> None:
        one = Transfer(self._account(payer), self._account(self.ministry), ISSUED)
        assert self._post(one)

    # -- what fails --

    def _strikes(self) -> bool:
        return self.chance.randrange(100) < self.share

    def _plant(self, tables: Tables) -> None:
        begin = tables.begin

        @contextmanager
        def failing() -> Iterator[Any]:
            with begin() as connection:
                yield connection
                if self._strikes():
                    raise DatabaseUnavailable("failed", remedy="again")
            if self._strikes():
                raise DatabaseUnavailable("failed but persisted", remedy="again")

        tables.begin = failing  # type: ignore[method-assign]

    def _plant_ledger(self) -> None:
        begin = self.country.ledger.begin

        def failing(orders: Sequence[Order], **more: Any) -> Any:
            if self._strikes():
                raise StoreFailed("failed", remedy="again")
            posting = begin(orders, **more)
            if orders and self._strikes():
                posting.outcomes()
                raise StoreFailed("failed but persisted", remedy="again")
            return posting

        self.country.ledger.begin = failing  # type: ignore[method-assign]

    # -- what people do --

    def turn(self) -> None:
        act = self.chance.choice(
            [self._activate, self._act, self._fund, self._fund, *[self._move] * 3, self._hold]
            + [self._recall] * 3
        )
        with suppress(DatabaseUnavailable, LedgerError, ProposalRefused):
            act()
        self.country.clock.advance_us(self.chance.randrange(HOUR_US // 4))

    def _activate(self) -> None:
        name = self.chance.choice(NAMES)
        known = self.nodes[0].programme_records().get(name)
        now_us = self.country.clock.now_us()
        terms = meals(
            self.ministry,
            id=name,
            version=1 if known is None else known.newest.terms.version + 1,
            takes_over=self.chance.random() < 0.5,
            budget=self.chance.choice([2_000, 4_000]),
            starts_us=START_US,
            ends_us=now_us + self.chance.randrange(1, 6) * HOUR_US,
        )
        self._propose(ActivateProgramme(terms=signed_terms(terms, self.ministry.key)))

    def _act(self) -> None:
        name = self.chance.choice(NAMES)
        if self.chance.random() < 0.03:
            self._propose(CloseProgramme(programme=name, ground=GROUND))
            return
        person = self.chance.choice(self.people)
        actions: list[Action] = [
            SuspendProgramme(programme=name, ground=GROUND),
            ResumeProgramme(programme=name, ground=GROUND),
            ResumeProgramme(programme=name, ground=GROUND),
            Freeze(wallet=person.id, warrant=COURT),
            *(Unfreeze(freeze=freeze, warrant=COURT) for freeze in self.freezes),
        ]
        self._propose(self.chance.choice(actions))

    def _propose(self, action: Action) -> None:
        proposal = self.country.proposal(action)
        if isinstance(action, Freeze):
            self.freezes[proposal.id] = next(p for p in self.people if p.id == action.wallet)
        self._carry_out(self.chance.choice(self.nodes), proposal)

    def _carry_out(self, node: Register, proposal: ProposalText) -> None:
        proposed = node.propose(self.country.sign_as("staff-aru", proposal))
        approval = Approval(proposal=proposed.id, sha256=proposed.sha256)
        node.approve(self.country.sign_as("staff-bek", approval))

    def _fund(self) -> None:
        records = self.nodes[0].programme_records()
        if not records:
            return
        record = self.chance.choice(list(records.values()))
        converter = self.nodes[0].converter("KZT")
        assert converter is not None
        own, amount = self._account(self.ministry), self.chance.randrange(1, 300)
        sink = self.nodes[0].accounts().allowance_sink
        self._post(
            Transfer(record.budget, sink, amount),
            Transfer(own, converter, amount),
            Transfer(converter, own, amount, mark=record.mark),
        )

    def _move(self, *, kind: Kind = Kind.POST, seconds: int = 0) -> None:
        """Marked money, whatever the rules: from anyone to anyone."""
        marks = [mark for node in self.nodes for mark in node.programmes()]
        payer, payee = self.chance.sample([self.ministry, *self.people], 2)
        if marks:
            mark, amount = self.chance.choice(marks), self.chance.randrange(1, 120)
            debit, credit = self._account(payer), self._account(payee)
            self._post(Transfer(debit, credit, amount, mark=mark, kind=kind, timeout_s=seconds))

    def _hold(self) -> None:
        self._move(kind=Kind.PENDING, seconds=self.chance.randrange(60, 7_200))

    def _recall(self) -> None:
        self.chance.choice(self.recalls).step()

    def _account(self, wallet: Wallet) -> Any:
        facts = self.country.register.wallet(wallet.id)
        assert facts is not None
        return facts.accounts["KZT"]

    def _post(self, *steps: Transfer) -> bool:
        order = Order(OrderId(self.country.next_number().to_bytes(16, "big")), steps)
        return self.country.ledger.post([order])[0].accepted

    # -- what must hold --

    def audit(self) -> None:
        """At any time: budgets, and nothing lost."""
        ledger = self.country.ledger
        for record in self.nodes[0].programme_records().values():
            used = -ledger.cells(record.budget).get(UNMARKED, Cell()).balance
            out = sum(self._outstanding(mark) for mark in record.marks)
            # Marked money is what was marked and did not come back.
            assert used == out
            assert out <= max(-(ledger.account(record.budget).account.floor or 0), 0)
        everyone = [self.ministry, *self.people]
        cells = [cell for one in everyone for cell in ledger.cells(self._account(one)).values()]
        assert sum(cell.balance for cell in cells) == ISSUED

    def _outstanding(self, mark: Any) -> int:
        converter = self.nodes[0].converter("KZT")
        held = self.country.ledger.holders(mark)
        return sum(cell.balance for account, cell in held if account != converter)

    def end(self) -> None:
        """The faults end, everything is closed, released and recalled."""
        self.share = 0
        self.audit()
        for node in self.nodes:
            node.run_due()
            node._facts.look()
        for freeze in self.freezes:
            self._settle(Unfreeze(freeze=freeze, warrant=COURT))
        for name in self.nodes[0].programme_records():
            self._settle(CloseProgramme(programme=name, ground=GROUND))
        self.country.clock.advance_us(3 * HOUR_US + LOOK_AGAIN_US)
        self.country.ledger.expire()
        for recalling in self.recalls:
            recalling.step()

    def _settle(self, action: Action) -> None:
        self._carry_out(self.nodes[0], self.country.proposal(action))

    def check_end(self) -> None:
        """All of it is with the ministry, nothing is marked, and both nodes know."""
        ledger, found = self.country.ledger, self._activated()
        assert ledger.cells(self._account(self.ministry))[UNMARKED].balance == ISSUED
        for node in self.nodes:
            node._facts.look()
            records = node.programme_records()
            assert {name: r.newest.terms.version for name, r in records.items()} == found
            marks = sorted(mark for r in records.values() for mark in r.marks)
            assert marks == list(range(1, len(marks) + 1))
            assert [m for m in marks if ledger.holders(m)] == []
            assert all(r.state is ProgrammeState.SETTLED for r in records.values())
            for record in records.values():
                assert ledger.cells(record.budget).get(UNMARKED, Cell()).balance == 0

    def _activated(self) -> dict[str, int]:
        """From the ledger alone: the newest version of each programme."""
        found: dict[str, int] = {}
        for batch in self.country.ledger._store.batches(first_leaf=0, limit=10**6):
            for order in batch.orders:
                text = order.evidence.partition(b"\n")[0]
                if text.count(b".") != 2:
                    continue
                payload = msgspec.json.decode(parse_compact(text).payload)
                action = payload.get("action", {}) if isinstance(payload, dict) else {}
                if action.get("kind") == "activate-programme":
                    terms = parse_terms(action["terms"].encode()).programme
                    assert terms.version == found.get(terms.id, 0) + 1
                    found[terms.id] = terms.version
        return found

    def close(self) -> None:
        self.nodes[1].close()
        self.country.close()


@pytest.mark.parametrize("seed", range(4))
def test_nothing_of_a_programme_is_lost_or_left(tmp_path: Path, seed: int) -> None:
    play = _Play(tmp_path, seed)
    for turn in range(TURNS):
        play.turn()
        if turn % 20 == 0:
            share, play.share = play.share, 0
            play.audit()
            play.share = share
    play.end()
    play.check_end()
    play.close()


def test_a_lost_unit_would_be_found(tmp_path: Path) -> None:
    """The audit sees what it is for: one unit that leaves the programme without its budget."""
    play = _Play(tmp_path, 0)
    play.share = 0
    play._activate()
    play.nodes[0].refresh()
    record = next(iter(play.nodes[0].programme_records().values()))
    converter = play.nodes[0].converter("KZT")
    assert converter is not None
    own = play._account(play.ministry)
    play._post(Transfer(own, converter, 5), Transfer(converter, own, 5, mark=record.mark))
    with pytest.raises(AssertionError):
        play.audit()
    play.close()
