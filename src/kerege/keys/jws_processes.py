# SPDX-License-Identifier: Apache-2.0
"""Verify many signed texts in processes of their own.

Threads verify on all cores too (`BatchVerifier`), but come back for Python's lock after every
signature; beside a busy event loop they spend more time waiting for it than verifying. A process
is asked once for a whole share.
"""

import signal
import threading
from collections.abc import Sequence
from contextlib import ExitStack
from functools import lru_cache
from multiprocessing import get_context
from multiprocessing.connection import Connection
from types import TracebackType
from typing import Final, Self

import msgspec

from kerege.errors import InvariantViolation, KeregeError
from kerege.keys.algorithm import Algorithm
from kerege.keys.errors import InvalidSignatureError
from kerege.keys.jws import check_names
from kerege.keys.jws_batch import SignatureClaim
from kerege.keys.public import PublicKey

__all__ = ["ProcessVerifier", "VerifierFailed"]

_KEPT_KEYS: Final = 65_536
"""Keys a process keeps ready, a few hundred bytes each."""

_ANSWER_S: Final = 60
"""After this long a process is not coming back."""

_GOOD: Final = 1

_Asked = tuple[str, bytes, bytes, bytes]
"""Algorithm, key, what was signed, signature."""

_ENCODER: Final = msgspec.msgpack.Encoder()
_DECODER: Final = msgspec.msgpack.Decoder(list[_Asked])
_DOES_NOT_VERIFY: Final = "the signature does not verify"

_MIN_SHARE: Final = 8
"""Fewer signatures are not worth waking a second process."""


class VerifierFailed(KeregeError):
    """A verifying process ended or hangs."""


class ProcessVerifier:
    """Processes that verify signatures; close it, or use it as a context manager.

    Safe among threads. The processes end with the one that started them.
    """

    def __init__(self, *, processes: int) -> None:
        """Start `processes`, which takes a fraction of a second each."""
        if processes < 1:
            raise ValueError("a verifier works with at least one process")
        self._lines = [_Line(number) for number in range(processes)]

    def verify(self, claims: Sequence[SignatureClaim]) -> list[bytes | InvalidSignatureError]:
        """As `BatchVerifier.verify`. Raises `VerifierFailed`."""
        faults = [_fault_of_names(claim) for claim in claims]
        asked = [
            (claim.key.algorithm.value, claim.key.encoded, claim.jws.signing_input, signature)
            for claim in claims
            for signature in (claim.jws.signature,)
        ]
        verdicts = self._ask(asked)
        return [
            fault or (claim.jws.payload if good else InvalidSignatureError(_DOES_NOT_VERIFY))
            for claim, fault, good in zip(claims, faults, verdicts, strict=True)
        ]

    def _ask(self, asked: Sequence[_Asked]) -> list[bool]:
        """Give each process its share; all work at once."""
        size = max(-(-len(asked) // len(self._lines)), _MIN_SHARE)
        shares = [asked[start : start + size] for start in range(0, len(asked), size)]
        lines = self._lines[: len(shares)]
        # Taken in order by everyone, so that two who ask cannot wait for each other.
        with ExitStack() as held:
            for line in lines:
                held.enter_context(line.lock)
            for line, share in zip(lines, shares, strict=True):
                line.send(_ENCODER.encode(share))
            answers = [line.receive() for line in lines]
        verdicts = [good == _GOOD for answer in answers for good in answer]
        if len(verdicts) != len(asked):
            raise InvariantViolation("a verifying process gave another number of verdicts")
        return verdicts

    def close(self) -> None:
        """End the processes."""
        for line in self._lines:
            line.end()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()


class _Line:
    """A process and the pipe to it."""

    def __init__(self, number: int) -> None:
        context = get_context("spawn")
        self.lock = threading.Lock()
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(
            target=_serve, args=(theirs,), name=f"verify-{number}", daemon=True
        )
        self._process.start()
        theirs.close()

    def send(self, share: bytes) -> None:
        try:
            self._pipe.send_bytes(share)
        except OSError as failure:
            raise _failed() from failure

    def receive(self) -> bytes:
        try:
            if not self._pipe.poll(_ANSWER_S):
                raise _failed()
            return self._pipe.recv_bytes()
        except (OSError, EOFError) as failure:
            raise _failed() from failure

    def end(self) -> None:
        self._pipe.close()
        self._process.join(_ANSWER_S)


def _failed() -> VerifierFailed:
    return VerifierFailed("a process that verifies signatures ended", remedy="start the node again")


def _fault_of_names(claim: SignatureClaim) -> InvalidSignatureError | None:
    try:
        check_names(claim.jws, claim.key, kid=claim.kid, typ=claim.typ)
    except InvalidSignatureError as fault:
        return fault
    return None


def _serve(pipe: Connection) -> None:
    """The process: verify shares until the pipe is closed."""
    # An interrupt from the terminal reaches the whole group; the parent decides when to end.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    while True:
        try:
            share = _DECODER.decode(pipe.recv_bytes())
            pipe.send_bytes(bytes(map(_verify, share)))
        except (EOFError, OSError):
            return


def _verify(asked: _Asked) -> int:
    algorithm, encoded, signing_input, signature = asked
    try:
        _key(algorithm, encoded).verify(signing_input, signature)
    except InvalidSignatureError:
        return 0
    return _GOOD


@lru_cache(maxsize=_KEPT_KEYS)
def _key(algorithm: str, encoded: bytes) -> PublicKey:
    return PublicKey(Algorithm(algorithm), encoded)
