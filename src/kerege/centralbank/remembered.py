# SPDX-License-Identifier: Apache-2.0
"""A bounded memory of facts that never change: the oldest are forgotten first."""

from collections.abc import Iterator, MutableMapping
from typing import TypeVar

__all__ = ["Remembered"]

_Key = TypeVar("_Key")
_Fact = TypeVar("_Fact")


class Remembered(MutableMapping[_Key, _Fact]):
    """A dictionary of at most `limit` entries. Safe to use from several threads: what one forgets
    another only learns again."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._facts: dict[_Key, _Fact] = {}

    def __getitem__(self, key: _Key) -> _Fact:
        return self._facts[key]

    def __setitem__(self, key: _Key, fact: _Fact) -> None:
        self._facts[key] = fact
        while len(self._facts) > self._limit:
            self._facts.pop(next(iter(self._facts)), None)

    def __delitem__(self, key: _Key) -> None:
        del self._facts[key]

    def __iter__(self) -> Iterator[_Key]:
        return iter(self._facts)

    def __len__(self) -> int:
        return len(self._facts)
