# SPDX-License-Identifier: Apache-2.0
"""`Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header): a request whose client has no id
of its own takes effect once, however often it is sent.

    key = required_key(request)                     # 400 without one
    answer = await once(store, caller, key, digest, work)

The first request claims the key, works and keeps its answer; a repeat gets that answer. Another
request under the same key is refused (422), a repeat while the first works is asked to wait (409).
If the work fails, the key is free again. A process that dies meanwhile leaves the key claimed until
`claimed_until_us`: whoever repeats it then works again, so the work itself must be safe to repeat
(its ids derived from caller and key).
"""

import re
import threading
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Any, Final, Protocol

from litestar import Request
from msgspec import Struct

from kerege.service.problems import Problem

__all__ = [
    "CLAIM_US",
    "KEPT_US",
    "IdempotencyStore",
    "KeptAnswer",
    "MemoryIdempotency",
    "once",
    "required_key",
]

CLAIM_US: Final = 60 * 1_000_000
"""How long a request may work before another may take over, in microseconds."""

KEPT_US: Final = 24 * 3600 * 1_000_000
"""How long an answer is kept: a client that repeats later than a day asks for the outcome first."""

_KEY: Final = re.compile(r'"?([A-Za-z0-9_.:-]{16,64})"?')


class KeptAnswer(Struct, frozen=True):
    """An answer as it was sent."""

    status: int
    body: bytes


class IdempotencyStore(Protocol):
    """Keys of a node's callers; processes of one node share one store. Methods may block."""

    def claim(self, caller: str, key: str, digest: bytes, *, now_us: int) -> KeptAnswer | None:
        """Claim a key for the request with this SHA-256, or return its kept answer.

        Of any number of calls at once, one claims. Raises `Problem` `still_under_way` or
        `key_reused`.
        """

    def keep(self, caller: str, key: str, answer: KeptAnswer, *, now_us: int) -> None:
        """Keep the answer of a claimed key."""

    def free(self, caller: str, key: str) -> None:
        """Give up a claim: nothing was done."""


class _Entry(Struct):
    digest: bytes
    until_us: int
    answer: KeptAnswer | None = None


class MemoryIdempotency:
    """An `IdempotencyStore` for one process: the twin for tests. Safe among threads."""

    def __init__(self, *, max_keys: int = 100_000) -> None:
        """Keep at most `max_keys`; the oldest go first."""
        self._max_keys = max_keys
        self._lock = threading.Lock()
        self._entries: OrderedDict[tuple[str, str], _Entry] = OrderedDict()

    def claim(self, caller: str, key: str, digest: bytes, *, now_us: int) -> KeptAnswer | None:
        """As `IdempotencyStore.claim`."""
        with self._lock:
            entry = self._entries.get((caller, key))
            if entry is None or entry.until_us <= now_us:
                self._entries[caller, key] = _Entry(digest, now_us + CLAIM_US)
                while len(self._entries) > self._max_keys:
                    self._entries.popitem(last=False)
                return None
            return answer_of(entry.digest, entry.answer, digest)

    def keep(self, caller: str, key: str, answer: KeptAnswer, *, now_us: int) -> None:
        """As `IdempotencyStore.keep`."""
        with self._lock:
            if entry := self._entries.get((caller, key)):
                entry.answer, entry.until_us = answer, now_us + KEPT_US

    def free(self, caller: str, key: str) -> None:
        """As `IdempotencyStore.free`."""
        with self._lock:
            self._entries.pop((caller, key), None)


def answer_of(known: bytes, answer: KeptAnswer | None, digest: bytes) -> KeptAnswer:
    """The kept answer for a repeat; raises `Problem` where there is none for it."""
    if known != digest:
        raise Problem("key_reused", place="idempotency-key")
    if answer is None:
        raise Problem("still_under_way", place="idempotency-key", headers={"retry-after": "1"})
    return answer


def required_key(request: Request[Any, Any, Any]) -> str:
    """The request's key; raises `Problem` if it has none, or two, or one that is no key."""
    given = request.headers.getall("idempotency-key", [])
    match = _KEY.fullmatch(given[0]) if len(given) == 1 else None
    if match is None:
        raise Problem(
            "request_invalid",
            "send one Idempotency-Key of 16 to 64 letters, digits, _ . : or -",
            place="idempotency-key",
        )
    return match[1]


async def once(
    store: IdempotencyStore,
    caller: str,
    key: str,
    digest: bytes,
    *,
    now_us: Callable[[], int],
    run: Callable[..., Awaitable[Any]],
    work: Callable[[], Awaitable[KeptAnswer]],
) -> KeptAnswer:
    """Do `work` unless it was done under this key; `run` calls what blocks, `asyncio.to_thread`."""
    kept: KeptAnswer | None = await run(store.claim, caller, key, digest, now_us=now_us())
    if kept is not None:
        return kept
    try:
        answer = await work()
    except BaseException:
        await run(store.free, caller, key)
        raise
    await run(store.keep, caller, key, answer, now_us=now_us())
    return answer
