# SPDX-License-Identifier: Apache-2.0
"""Cuts off connections whose current request takes too long, however it drips in."""

import contextlib
import socket
import threading

__all__ = ["Watchdog"]

_TICK_S = 0.25


class Watchdog:
    """One thread that counts, per connection, the time since its last `restart`.

    A socket timeout bounds each read, not their sum: a client sending a byte a second would hold
    a thread for hours. After `limit_s` reading is shut down, so that an answer can still be
    written; after twice that, writing too.
    """

    def __init__(self, *, limit_s: float) -> None:
        self._limit_ticks = max(1, round(limit_s / _TICK_S))
        self._ticks: dict[socket.socket, int] = {}
        self._lock = threading.Lock()
        self._stopping = False
        self._finished = threading.Event()
        self._thread = threading.Thread(target=self._run, name="watchdog", daemon=True)

    def start(self) -> None:
        """Start counting."""
        self._thread.start()

    def stop(self) -> None:
        """Shut down reading on every connection, so that each ends after its current answer."""
        with self._lock:
            self._stopping = True
            for connection in self._ticks:
                _shut(connection, socket.SHUT_RD)

    def finish(self) -> None:
        """Stop counting. Until then a client that does not read its answer is still cut off."""
        self._finished.set()

    def restart(self, connection: socket.socket) -> None:
        """Count anew for `connection`, from now."""
        with self._lock:
            self._ticks[connection] = 0
            if self._stopping:
                _shut(connection, socket.SHUT_RD)

    def forget(self, connection: socket.socket) -> None:
        """Stop counting for `connection`; call it before the socket is closed."""
        with self._lock:
            self._ticks.pop(connection, None)

    def _run(self) -> None:
        while not self._finished.wait(_TICK_S):
            self._tick()

    def _tick(self) -> None:
        with self._lock:
            for connection, ticks in self._ticks.items():
                self._ticks[connection] = ticks + 1
                if ticks == self._limit_ticks:
                    _shut(connection, socket.SHUT_RD)
                elif ticks == 2 * self._limit_ticks:
                    _shut(connection, socket.SHUT_RDWR)


def _shut(connection: socket.socket, how: int) -> None:
    # The other side may have closed it already.
    with contextlib.suppress(OSError):
        connection.shutdown(how)
