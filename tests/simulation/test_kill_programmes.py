# SPDX-License-Identifier: Apache-2.0
"""A few kills of a core under a load of programmes; more are `make kill-programmes RUNS=100`."""

import dataclasses
from typing import Any

import pytest
from msgspec.structs import replace

from tests.postgres import Server
from tests.simulation import kill_programmes
from tests.simulation.kill import Found, run_one
from tests.simulation.kill_programmes import kill_once
from tests.simulation.loaded_programmes import Report, read_report


@pytest.mark.slow
def test_nothing_is_lost_and_nothing_happens_twice() -> None:
    found = Found()
    for seed in range(1, 4):
        run_one(found, seed, kill=kill_once)
    assert not found.faults
    assert found.killed == found.runs == 3
    assert found.acknowledged > 30


@pytest.mark.slow
def test_on_postgresql(pg_server: Server) -> None:
    found = Found()
    # Others use this server too: only the core is killed.
    spared = dataclasses.replace(pg_server, bin=None)
    for seed in (5, 6):
        run_one(found, seed, spared, kill=kill_once)
    assert not found.faults
    assert found.runs == 2


def _lost(report: Report) -> Report:
    """As if an order had been told to be accepted that never came in."""
    order, sent = next((o, one) for o, one in report.sent.items() if one.code != "accepted")
    return replace(report, sent={**report.sent, order: replace(sent, code="accepted", number=1)})


def _elsewhere(report: Report) -> Report:
    """As if an order had been told another place in the ledger."""
    order, sent = next((o, one) for o, one in report.sent.items() if one.code == "accepted")
    return replace(report, sent={**report.sent, order: replace(sent, number=sent.number + 1)})


def _unsettled(report: Report) -> Report:
    return replace(report, executed=(*report.executed, "prp_" + "0" * 32))


@pytest.mark.slow
@pytest.mark.parametrize("mistake", [_lost, _elsewhere, _unsettled])
def test_what_was_lost_would_be_found(mistake: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kill_programmes, "read_report", lambda data: mistake(read_report(data)))
    found = Found()
    run_one(found, 3, kill=kill_once)
    assert len(found.faults) == 1


def test_a_report_that_was_cut_off_is_read_up_to_there() -> None:
    report = read_report(b"ready\nt 1800000000000009\np prp_1\ns eyJhbGciOiJ")
    assert (report.sent, report.now_us, report.executed) == ({}, 1800000000000009, ("prp_1",))
