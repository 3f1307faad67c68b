# SPDX-License-Identifier: Apache-2.0
"""Rows of proposals: numbered without gaps, listed, settled; freezes and fee schedules."""

from msgspec.structs import replace

from kerege.centralbank.actions_scene import Frozen
from kerege.centralbank.stores import proposals
from kerege.centralbank.stores.proposals import ProposalRow
from kerege.ledger import Status
from kerege.payments.fees import FeeSchedule
from tests.registers import Country

ROW = ProposalRow(
    id="prp_" + "1" * 32,
    number=0,
    kind="suspend",
    state="proposed",
    proposal=b"p",
    approval=b"",
    proposer="aru",
    approver="",
    proposed_at_us=1,
    expires_at_us=10,
    due_at_us=0,
    settled_at_us=0,
    order_id="",
    code="",
    explanation="",
    institution="",
    access=None,
)


def test_from_proposed_to_settled(country: Country) -> None:
    other = replace(ROW, id="prp_" + "2" * 32)
    with country.register._tables.begin() as connection:
        proposals.lock_actions(connection)
        first = proposals.insert_proposal(connection, ROW)
        second = proposals.insert_proposal(connection, other)
        assert (first.number, second.number) == (1, 2)
        assert proposals.read_proposal(connection, ROW.id) == first
        assert proposals.read_proposal(connection, "prp_x") is None
        assert proposals.list_proposals(connection, before=9, limit=9) == [second, first]
        assert proposals.list_proposals(connection, before=2, limit=9) == [first]
        assert proposals.count_open(connection) == 2
        proposals.approve(connection, ROW.id, approver="bek", approval=b"a", due_at_us=5)
        assert proposals.due(connection, now_us=4, limit=9) == []
        assert proposals.due(connection, now_us=5, limit=9) == [ROW.id]
        assert proposals.expire(connection, now_us=10) == 0
        assert proposals.expire(connection, now_us=11) == 1
        assert proposals.count_open(connection) == 1
        executed = replace(first, state="executed", code="executed")
        settled = proposals.settle(connection, executed, is_access=True)
        assert settled.access == 1
        assert proposals.access_rows(connection, after=0, limit=9) == [settled]
        assert proposals.access_rows(connection, after=1, limit=9) == []


def test_freezes(country: Country) -> None:
    bank = country.bank("altyn")
    freeze = Frozen(ROW.id, bank.own.id, Status.DEBITS_FROZEN, "")
    with country.register._tables.begin() as connection:
        proposals.insert_proposal(connection, ROW)
        proposals.insert_freeze(connection, freeze)
        proposals.insert_freeze(connection, freeze)
        assert proposals.read_freezes(connection, bank.own.id) == [freeze]
        proposals.release_freeze(connection, ROW.id, released_by="prp_2")
        assert proposals.read_freezes(connection, bank.own.id) == []
        assert proposals.read_freeze(connection, ROW.id) == replace(freeze, released_by="prp_2")


def test_fee_schedules(country: Country) -> None:
    schedules = [FeeSchedule(version=1), FeeSchedule(version=2, from_us=7)]
    with country.register._tables.begin() as connection:
        for schedule in reversed(schedules):
            proposals.insert_schedule(connection, schedule)
        assert proposals.read_schedules(connection) == schedules
