# SPDX-License-Identifier: Apache-2.0
"""Ports of this machine for a country's processes: those of last time where they are free."""

import socket
from collections.abc import Mapping, Sequence
from typing import Final

from kerege.errors import KeregeError

__all__ = ["FIRST_PORT", "NoPort", "choose_ports"]

FIRST_PORT: Final = 7400
"""Below what systems hand out by themselves (32768 on Linux), so that nothing comes between."""

_LAST_PORT: Final = 7999
HOST: Final = "127.0.0.1"
"""Only this machine: keys of a sandbox lie in files, and its people are nobody."""


class NoPort(KeregeError):
    """No port is free."""


def choose_ports(
    names: Sequence[str], *, before: Mapping[str, int], first: int = FIRST_PORT
) -> dict[str, int]:
    """A free port for each name, that of `before` if it still is, else from `first` on.

    Raises `NoPort`.

    Somebody else may take one before we listen on it; then the process says so and is started
    again.
    """
    chosen: dict[str, int] = {}
    for name in names:
        candidates = [before[name]] if name in before else []
        candidates += [*range(first, _LAST_PORT + 1), *range(FIRST_PORT, first)]
        spoken_for = {*chosen.values(), *(before[other] for other in before if other != name)}
        for port in candidates:
            if port not in spoken_for and _is_free(port):
                chosen[name] = port
                break
        else:
            raise NoPort(
                f"no port from {FIRST_PORT} to {_LAST_PORT} is free for {name}",
                remedy="end other programs that listen there",
            )
    return chosen


def _is_free(port: int) -> bool:
    with socket.socket() as attempt:
        # A port of a connection that ended lately may be taken again.
        attempt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            attempt.bind((HOST, port))
        except OSError:
            return False
    return True
