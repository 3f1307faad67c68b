# SPDX-License-Identifier: Apache-2.0
"""A log's witnesses together: one that is away, wrong or slow never holds up the others."""

import logging
import socket
from collections.abc import Sequence
from functools import partial

import pytest

from kerege.runtime.clock import ManualClock
from kerege.translog.checkpoint import CheckpointError
from kerege.translog.note import format_note, open_note, parse_note, sign_note
from kerege.translog.witness import WitnessEndpoint, WitnessPanel
from tests.model_log import ModelLog
from tests.witness_server import NOW_S, cosigner, make_witness, serve, verifier_of_cosigner

LOG = ModelLog()
VERIFIER = verifier_of_cosigner(cosigner())


def endpoint(address: tuple[str, int]) -> WitnessEndpoint:
    return WitnessEndpoint(url=f"http://{address[0]}:{address[1]}", verifiers=(VERIFIER,))


def make_panel(
    *addresses: tuple[str, int], timeout_s: float = 5.0
) -> tuple[WitnessPanel, ManualClock]:
    clock = ManualClock(NOW_S * 1_000_000)
    witnesses = [endpoint(address) for address in addresses]
    return WitnessPanel(witnesses, clock=clock, timeout_s=timeout_s), clock


def free_address() -> tuple[str, int]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return "127.0.0.1", port


def test_every_witness_cosigns_as_the_log_grows() -> None:
    asked: list[int] = []
    with serve(make_witness(LOG)) as one, serve(make_witness(LOG)) as two:
        panel, _ = make_panel(one, two)
        for old_size, size in [(0, 5), (5, 8), (8, 8), (8, 13)]:

            def prove(start: int, to: int = size) -> Sequence[bytes]:
                asked.append(start)
                return LOG.prove(start, to)

            note = parse_note(LOG.checkpoint(size))
            given = panel(old_size, prove, format_note(note))
            opened = open_note(format_note(note.with_signatures(given)), [VERIFIER])
            assert len(opened.signatures) == 2
    assert asked == [5, 5, 8, 8]


def test_a_witness_met_for_the_first_time_may_be_behind() -> None:
    with serve(make_witness(LOG)) as address:
        make_panel(address)[0](0, lambda start: LOG.prove(start, 3), LOG.checkpoint(3))
        panel, _ = make_panel(address)
        assert len(panel(7, lambda start: LOG.prove(start, 9), LOG.checkpoint(9))) == 1


def test_a_witness_that_is_away_is_left_out_longer_each_time(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with serve(make_witness(LOG)) as here:
        panel, clock = make_panel(free_address(), here)
        for second in range(64):
            size = second + 1
            given = panel(second, partial(LOG.prove, size=size), LOG.checkpoint(size))
            assert len(given) == 1
            clock.advance_us(1_000_000)
    warnings = [record for record in caplog.records if record.levelno == logging.WARNING]
    # At 0, 1, 3, 7, 15, 31 and 63 s.
    assert len(warnings) == 7


def test_a_slow_witness_is_left_out() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as silent,
        serve(make_witness(LOG)) as here,
    ):
        panel, _ = make_panel(silent.getsockname(), here, timeout_s=0.3)
        assert len(panel(0, lambda _: (), LOG.checkpoint(5))) == 1


def test_a_witness_that_is_ahead_is_an_alarm(caplog: pytest.LogCaptureFixture) -> None:
    with serve(make_witness(LOG)) as address:
        make_panel(address)[0](0, lambda _: (), LOG.checkpoint(9))
        panel, _ = make_panel(address)
        assert panel(0, lambda _: (), LOG.checkpoint(5)) == ()
    assert [record.levelname for record in caplog.records if "left out" in record.message] == [
        "ERROR"
    ]


def test_no_witnesses_give_nothing() -> None:
    assert make_panel()[0](0, lambda _: (), LOG.checkpoint(5)) == ()


def test_what_is_no_checkpoint_is_our_own_fault() -> None:
    with pytest.raises(CheckpointError):
        make_panel()[0](0, lambda _: (), format_note(sign_note("hello\n", [LOG.signer])))
