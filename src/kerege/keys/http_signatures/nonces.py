# SPDX-License-Identifier: Apache-2.0
"""Remember which nonces a key has used, so that a request counts once."""

import threading
from typing import Final, Protocol

from kerege.keys.http_signatures.errors import NoncesExhaustedError, ReplayedRequestError

__all__ = ["DEFAULT_NONCES_PER_KEY", "MemoryNonces", "NonceStore"]

DEFAULT_NONCES_PER_KEY: Final = 200_000
"""2000 requests a second for 100 s; some 40 MB for one key that uses all of it."""


class NonceStore(Protocol):
    """What a verifier asks of the memory for nonces; processes of one node share one."""

    def claim(self, *, keyid: str, nonce: str, until_s: int, now_s: int) -> None:
        """Record that `keyid` used `nonce`, and keep that until `until_s` has passed.

        Of any number of calls at once with the same key and nonce, one returns. Raises
        `ReplayedRequestError` for the others and `NoncesExhaustedError` if there is no room: a
        nonce that cannot be remembered is not accepted.
        """
        ...


class MemoryNonces:
    """A `NonceStore` for one process. Safe among threads.

    Each key has its own room, so one participant that floods a node does not shut out others.
    """

    def __init__(self, *, per_key: int = DEFAULT_NONCES_PER_KEY) -> None:
        """Remember up to `per_key` nonces of each key."""
        self._per_key = per_key
        self._lock = threading.Lock()
        self._by_key: dict[str, _Remembered] = {}

    def claim(self, *, keyid: str, nonce: str, until_s: int, now_s: int) -> None:
        """As `NonceStore.claim`."""
        with self._lock:
            remembered = self._by_key.setdefault(keyid, _Remembered())
            remembered.forget(now_s)
            if nonce in remembered.nonces:
                raise ReplayedRequestError("used already", place="nonce", remedy="take a new nonce")
            if len(remembered.nonces) >= self._per_key:
                raise NoncesExhaustedError(
                    f"{keyid} has {self._per_key} requests under way",
                    remedy="send fewer at once, and again once older signatures are over",
                )
            remembered.add(nonce, until_s)


class _Remembered:
    """One key's nonces, and in which second each may be forgotten."""

    __slots__ = ("_forgotten_s", "_until", "nonces")

    def __init__(self) -> None:
        self.nonces: set[str] = set()
        self._until: dict[int, list[str]] = {}
        self._forgotten_s = 0

    def add(self, nonce: str, until_s: int) -> None:
        self.nonces.add(nonce)
        self._until.setdefault(until_s, []).append(nonce)

    def forget(self, now_s: int) -> None:
        if now_s <= self._forgotten_s:
            return
        self._forgotten_s = now_s
        # As many seconds as a signature may hold: few, however many nonces there are.
        for until_s in [until_s for until_s in self._until if until_s < now_s]:
            self.nonces.difference_update(self._until.pop(until_s))
