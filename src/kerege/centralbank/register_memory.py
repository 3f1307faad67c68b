# SPDX-License-Identifier: Apache-2.0
"""What a node remembers of register and ledger: the newest asked for, at most so many.

Two dictionaries, young and old: what is found in the old one moves to the young one, and when the
young one is half of what may be kept it becomes the old one. So a look-up is one dictionary access
without a lock, and what nobody asked for lately goes.
"""

import threading
from collections.abc import Iterable, Mapping
from typing import Generic, TypeVar

__all__ = ["Remembered"]

_K = TypeVar("_K")
_V = TypeVar("_V")


class Remembered(Generic[_K, _V]):
    """A bounded map from ids to facts. Safe among threads; facts are immutable."""

    def __init__(self, most: int) -> None:
        """Keep at most `most` entries, at least 2."""
        self._half = max(most // 2, 1)
        self._young: dict[_K, _V] = {}
        self._old: dict[_K, _V] = {}
        self._lock = threading.Lock()
        self.epoch = 0
        """Raised whenever something is forgotten because it changed."""

    def get(self, name: _K) -> _V | None:
        """What is remembered of `name`."""
        found = self._young.get(name)
        if found is None and name in self._old:
            return self._keep_young(name)
        return found

    def put(self, facts: Mapping[_K, _V], *, read_in: int) -> None:
        """Remember facts that were read after `epoch` was `read_in`.

        If anything was forgotten since, they may be older than that: they are then not kept.
        """
        with self._lock:
            if read_in == self.epoch:
                for name, value in facts.items():
                    self._add(name, value)

    def forget(self, names: Iterable[_K]) -> None:
        """These changed."""
        with self._lock:
            self.epoch += 1
            for name in names:
                self._young.pop(name, None)
                self._old.pop(name, None)

    def forget_all(self) -> None:
        """Anything may have changed."""
        with self._lock:
            self.epoch += 1
            self._young, self._old = {}, {}

    def __len__(self) -> int:
        return len(self._young) + len(self._old)

    def _keep_young(self, name: _K) -> _V | None:
        with self._lock:
            # Someone may have forgotten it meanwhile, and that must hold.
            value = self._old.pop(name, None)
            if value is None:
                return self._young.get(name)
            self._add(name, value)
            return value

    def _add(self, name: _K, value: _V) -> None:
        self._old.pop(name, None)
        self._young[name] = value
        if len(self._young) >= self._half:
            self._young, self._old = {}, self._young
