# SPDX-License-Identifier: Apache-2.0
"""The writing thread: in order, all or nothing, and after a failure nothing more."""

from typing import Any

import apsw
import pytest

from kerege.ledger.errors import StoreFailed
from kerege.ledger.stores import sqlite_writer
from kerege.ledger.stores.sqlite_writer import Ticket, Writer


def test_a_ticket_tells_how_its_batch_ended() -> None:
    done, failed = Ticket(), Ticket()
    done.settle()
    done.wait()
    failed.settle(apsw.FullError("disk full"))
    for _ in range(2):
        with pytest.raises(StoreFailed, match="send the same orders again"):
            failed.wait()


def test_batches_after_a_failed_one_fail_without_being_written(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    written: list[Any] = []
    ended: list[bool] = []

    def write(_connection: apsw.Connection, job: Any) -> None:
        written.append(job)
        if job == 2:
            raise apsw.FullError("disk full")

    monkeypatch.setattr(sqlite_writer, "write_job", write)
    connection = apsw.Connection(":memory:")
    writer = Writer(connection, lambda _, failure: ended.append(failure is None))
    tickets = [Ticket() for _ in range(4)]
    for number, ticket in enumerate(tickets, 1):
        job: Any = number
        writer.put(job, ticket)
    writer.stop()
    assert (written, ended) == ([1, 2], [True, False, False, False])
    tickets[0].wait()
    for ticket in tickets[1:]:
        with pytest.raises(StoreFailed):
            ticket.wait()
