# SPDX-License-Identifier: Apache-2.0
"""The watchdog: reading ends after the limit, writing after twice that, restarts count anew."""

import socket

from kerege.translog.witness.watchdog import Watchdog


def test_reading_is_cut_off_first_and_writing_later() -> None:
    ours, theirs = socket.socketpair()
    watchdog = Watchdog(limit_s=0.25)
    watchdog.start()
    watchdog.restart(ours)
    ours.settimeout(10)
    theirs.settimeout(10)
    assert ours.recv(1) == b""
    ours.sendall(b"still")
    assert theirs.recv(5) == b"still"
    assert theirs.recv(1) == b""
    watchdog.forget(ours)
    watchdog.finish()
    ours.close()
    theirs.close()


def test_a_stopping_watchdog_cuts_off_old_and_new_connections() -> None:
    watchdog = Watchdog(limit_s=60)
    pairs = [socket.socketpair() for _ in range(2)]
    watchdog.restart(pairs[0][0])
    watchdog.stop()
    watchdog.restart(pairs[1][0])
    for ours, theirs in pairs:
        ours.settimeout(10)
        assert ours.recv(1) == b""
        ours.close()
        theirs.close()


def test_a_connection_that_is_gone_does_no_harm() -> None:
    ours, theirs = socket.socketpair()
    watchdog = Watchdog(limit_s=60)
    watchdog.restart(ours)
    ours.close()
    theirs.close()
    watchdog.stop()
    watchdog.forget(ours)
    watchdog.forget(ours)
