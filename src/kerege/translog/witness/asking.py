# SPDX-License-Identifier: Apache-2.0
"""Asks several witnesses at once for their cosignatures on one checkpoint.

A witness that is down must not hold up the others, nor the log: whoever verifies decides
by their own policy how many cosignatures are enough.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

from kerege.errors import KeregeError
from kerege.translog.note import NoteSignature
from kerege.translog.witness.client import WitnessEndpoint, request_cosignature

__all__ = ["MAX_WITNESSES", "AskWitnesses"]

MAX_WITNESSES = 32
"""Witnesses of one log; each is asked in a thread of its own."""


class AskWitnesses:
    """The integrator's way to witnesses. `failures` are what went wrong the last time, by URL."""

    def __init__(
        self, witnesses: Sequence[WitnessEndpoint], *, now_s: Callable[[], int], timeout_s: float
    ) -> None:
        """`now_s` gives POSIX seconds; one exchange takes `timeout_s` at most."""
        if len(witnesses) > MAX_WITNESSES:
            raise KeregeError(f"a log asks at most {MAX_WITNESSES} witnesses")
        self._witnesses = tuple(witnesses)
        self._now_s = now_s
        self._timeout_s = timeout_s
        self.failures: dict[str, KeregeError] = {}

    def __call__(
        self, old_size: int, prove: Callable[[int], Sequence[bytes]], note: bytes, /
    ) -> list[NoteSignature]:
        """Cosignatures that came, in the order of the witnesses."""
        if not self._witnesses:
            return []
        self.failures = {}
        with ThreadPoolExecutor(len(self._witnesses)) as threads:
            answers = threads.map(
                lambda witness: self._ask(witness, old_size, prove, note), self._witnesses
            )
            return [signature for answer in answers for signature in answer]

    def _ask(
        self,
        witness: WitnessEndpoint,
        old_size: int,
        prove: Callable[[int], Sequence[bytes]],
        note: bytes,
    ) -> Sequence[NoteSignature]:
        try:
            return request_cosignature(
                witness,
                note=note,
                old_size=old_size,
                prove=prove,
                now_s=self._now_s,
                timeout_s=self._timeout_s,
            )
        except KeregeError as failure:
            self.failures[witness.url] = failure
            return ()
