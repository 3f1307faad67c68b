# SPDX-License-Identifier: Apache-2.0
"""Verify many signed texts on several cores.

libsodium and `cryptography` both work without Python's lock, so threads are enough: there is
nothing to copy between processes.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from types import TracebackType
from typing import Protocol, Self

from kerege.keys.errors import InvalidSignatureError
from kerege.keys.jws import UnverifiedJws, verify_compact
from kerege.keys.public import PublicKey

__all__ = ["BatchVerifier", "SignatureClaim", "Verifier"]

# Below this many in a share, handing over to a thread costs more than it saves.
_MIN_SHARE = 8


@dataclass(frozen=True, slots=True)
class SignatureClaim:
    """One text, the key it should be signed by, and the names `verify_compact` asks for."""

    jws: UnverifiedJws
    key: PublicKey
    kid: str | None
    typ: str | None


class Verifier(Protocol):
    """Something that verifies many signatures, and must be closed."""

    def verify(self, claims: Sequence[SignatureClaim]) -> list[bytes | InvalidSignatureError]:
        """Return, for each claim in order, its payload or why it does not verify."""

    def close(self) -> None:
        """Let go of threads or processes."""


class BatchVerifier:
    """Threads that verify signatures; close it, or use it as a context manager.

    Safe among threads: several batches may be under way at once, and share the threads.
    """

    def __init__(self, *, threads: int) -> None:
        """Work with `threads` cores, the caller's own included."""
        if threads < 1:
            raise ValueError("a batch verifier works with at least one thread")
        self._threads = threads
        # The caller's own thread does a share, so one fewer is kept.
        self._pool = ThreadPoolExecutor(threads - 1, "verify") if threads > 1 else None

    def verify(self, claims: Sequence[SignatureClaim]) -> list[bytes | InvalidSignatureError]:
        """Return, for each claim in order, its payload or why it does not verify.

        A payload is only to be had where the signature is good.
        """
        size = max(-(-len(claims) // self._threads), _MIN_SHARE)
        shares = [claims[start : start + size] for start in range(0, len(claims), size)]
        if self._pool is None or len(shares) < 2:
            return _verify_share(claims)
        others = [self._pool.submit(_verify_share, share) for share in shares[1:]]
        verdicts = _verify_share(shares[0])
        for other in others:
            verdicts += other.result()
        return verdicts

    def close(self) -> None:
        """End the threads once their work is done."""
        if self._pool is not None:
            self._pool.shutdown()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()


def _verify_share(claims: Sequence[SignatureClaim]) -> list[bytes | InvalidSignatureError]:
    return [_verify_one(claim) for claim in claims]


def _verify_one(claim: SignatureClaim) -> bytes | InvalidSignatureError:
    try:
        return verify_compact(claim.jws, claim.key, kid=claim.kid, typ=claim.typ)
    except InvalidSignatureError as error:
        return error
