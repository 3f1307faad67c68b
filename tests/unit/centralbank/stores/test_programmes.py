# SPDX-License-Identifier: Apache-2.0
"""Rows of programmes: marks are given once, states move one way, the database refuses nonsense."""

import pytest
import sqlalchemy as sa

from kerege.centralbank.register_programmes import ProgrammeState
from kerege.centralbank.stores import programmes
from kerege.centralbank.stores.schema import MARKS, PROGRAMMES
from tests.funders import activate, meals
from tests.registers import Country


@pytest.fixture
def active(country: Country) -> Country:
    """With one programme."""
    funder = country.open(country.bank("altyn").name, owner_kind="agency", tier="agency")
    activate(country, meals(funder), funder.key)
    return country


def test_marks_are_never_given_twice(active: Country) -> None:
    with active.register._tables.begin() as connection:
        programmes.add_mark(connection, "school-meals", 1)
        programmes.add_mark(connection, "school-meals", 1)
        (record,) = programmes.read_programmes(connection).values()
        assert list(record.marks) == [1, 2, 3]
        assert record.mark == 3


def test_only_what_is_closed_is_settled_and_once(active: Country) -> None:
    with active.register._tables.begin() as connection:
        assert not programmes.settle_closed(connection, "school-meals")
        programmes.set_state(
            connection,
            "school-meals",
            ProgrammeState.CLOSED,
            proposal="prp_1",
            authority="a ministry",
            reason="it is over",
        )
        assert programmes.settle_closed(connection, "school-meals")
        assert not programmes.settle_closed(connection, "school-meals")
        (record,) = programmes.read_programmes(connection).values()
        assert (record.state, record.changed_by) == (ProgrammeState.SETTLED, "prp_1")
        assert (record.authority, record.reason) == ("a ministry", "it is over")


def test_versions_keep_what_was_signed(active: Country) -> None:
    with active.register._tables.read() as connection:
        (row,) = programmes.read_versions(connection, "school-meals")
        assert row.version == 1
        assert row.terms.count(b".") == 2
        assert programmes.read_versions(connection, "other") == []


@pytest.mark.parametrize(
    "statement",
    [
        sa.update(PROGRAMMES).values(state="asleep"),
        sa.update(MARKS).values(mark=0),
        sa.update(MARKS).values(version=7),
    ],
)
def test_the_database_refuses_nonsense(active: Country, statement: sa.Update) -> None:
    with (
        pytest.raises(sa.exc.IntegrityError),
        active.register._tables.begin() as connection,
    ):
        connection.execute(statement)
