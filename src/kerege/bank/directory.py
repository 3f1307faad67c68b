# SPDX-License-Identifier: Apache-2.0
"""The national directory of aliases as a bank sees it, and a twin in memory.

The core keeps tags, which only banks can compute, and where they lead. It learns neither a number
nor a name, and a bank learns only of what it asks for.
"""

import threading
from typing import Protocol

from kerege.bank.core_line import Resolved
from kerege.errors import KeregeError

__all__ = ["AliasTaken", "Directory", "MemoryDirectory"]


class AliasTaken(KeregeError):
    """The alias leads to a wallet of somebody else, here or at another bank."""


class Directory(Protocol):
    """What a bank asks of the directory; `core_line.CoreLine` is one.

    Every call raises `core_line.CoreUnreachable` where no answer came: the same may be sent again.
    """

    def put_alias(self, tag: str, wallet: str) -> None:
        """Let a tag lead to a wallet this bank keeps; again changes nothing. Raises `AliasTaken`
        if it leads to another bank's wallet."""

    def drop_alias(self, tag: str) -> None:
        """Take out a tag that leads to a wallet this bank keeps; nothing happens for any other."""

    def resolve(self, tag: str) -> Resolved | None:
        """Where a tag leads; None if nowhere."""


class MemoryDirectory:
    """The directory of several banks in one process."""

    def __init__(self) -> None:
        self._leads: dict[str, Resolved] = {}
        self._lock = threading.Lock()

    def line(self, bank: str) -> Directory:
        """The directory as this bank may use it."""
        return _Line(self, bank)

    def put(self, tag: str, wallet: str, bank: str) -> None:
        """As `Directory.put_alias`."""
        with self._lock:
            known = self._leads.setdefault(tag, Resolved(wallet, bank))
            if known.bank != bank:
                raise AliasTaken("this alias is somebody else's")
            self._leads[tag] = Resolved(wallet, bank)

    def drop(self, tag: str, bank: str) -> None:
        """As `Directory.drop_alias`."""
        with self._lock:
            known = self._leads.get(tag)
            if known is not None and known.bank == bank:
                del self._leads[tag]

    def find(self, tag: str) -> Resolved | None:
        """As `Directory.resolve`."""
        with self._lock:
            return self._leads.get(tag)

    def tags(self) -> list[str]:
        """All that the core would know."""
        with self._lock:
            return sorted(self._leads)


class _Line:
    def __init__(self, directory: MemoryDirectory, bank: str) -> None:
        self._directory = directory
        self._bank = bank

    def put_alias(self, tag: str, wallet: str) -> None:
        self._directory.put(tag, wallet, self._bank)

    def drop_alias(self, tag: str) -> None:
        self._directory.drop(tag, self._bank)

    def resolve(self, tag: str) -> Resolved | None:
        return self._directory.find(tag)
