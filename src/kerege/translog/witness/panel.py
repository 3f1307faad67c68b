# SPDX-License-Identifier: Apache-2.0
"""All witnesses of one log, asked at once: what the integrator calls before it publishes."""

import logging
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from kerege.runtime.clock import Clock
from kerege.translog.checkpoint import parse_checkpoint
from kerege.translog.note import NoteSignature, parse_note
from kerege.translog.witness.client import (
    WitnessAheadError,
    WitnessClientError,
    WitnessEndpoint,
    request_cosignature,
)

__all__ = ["MAX_PAUSE_S", "PANEL_TIMEOUT_S", "WitnessPanel"]

# Seconds one exchange may take: a checkpoint is due every second, so a slow witness is left out.
PANEL_TIMEOUT_S = 2.0

# A witness that fails is asked again after 1, 2, 4 ... seconds, at most this many.
MAX_PAUSE_S = 64

_US_PER_S = 1_000_000

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Standing:
    """What we know of a witness: the size it cosigned last, and whether it answers."""

    cosigned_size: int | None = None
    failures: int = 0
    ask_again_s: int = 0


class WitnessPanel:
    """Asks every witness to cosign and returns what those that answer in time gave.

    One witness can never hold up the log or stop it: that a quorum was reached is for readers to
    check by their policy. Call it from one thread at a time.
    """

    def __init__(
        self,
        witnesses: Sequence[WitnessEndpoint],
        *,
        clock: Clock,
        timeout_s: float = PANEL_TIMEOUT_S,
    ) -> None:
        self._standings = [(witness, _Standing()) for witness in witnesses]
        self._clock = clock
        self._timeout_s = timeout_s
        self._proving = threading.Lock()

    def __call__(
        self, old_size: int, prove: Callable[[int], Sequence[bytes]], note: bytes, /
    ) -> Sequence[NoteSignature]:
        """Return verified cosignatures on the signed checkpoint `note`, in the witnesses' order.

        `old_size` is the size to assume of a witness not asked before; `prove(size)` gives the
        consistency proof from a smaller size. Raises what `prove` raises, and `NoteError` or
        `CheckpointError` if `note` is not a signed checkpoint.
        """
        size = parse_checkpoint(parse_note(note).text).size
        asked = [pair for pair in self._standings if pair[1].ask_again_s <= self._now_s()]

        def prove_alone(start: int) -> Sequence[bytes]:
            # The log's tree is read by one thread at a time.
            with self._proving:
                return prove(start)

        def ask(pair: tuple[WitnessEndpoint, _Standing]) -> Sequence[NoteSignature]:
            return self._ask(*pair, old_size=old_size, size=size, prove=prove_alone, note=note)

        if not asked:
            return ()
        with ThreadPoolExecutor(max_workers=len(asked)) as pool:
            return tuple(signature for given in pool.map(ask, asked) for signature in given)

    def _now_s(self) -> int:
        return self._clock.now_us() // _US_PER_S

    def _ask(
        self,
        witness: WitnessEndpoint,
        standing: _Standing,
        *,
        old_size: int,
        size: int,
        prove: Callable[[int], Sequence[bytes]],
        note: bytes,
    ) -> Sequence[NoteSignature]:
        try:
            given = request_cosignature(
                witness,
                note=note,
                old_size=old_size if standing.cosigned_size is None else standing.cosigned_size,
                prove=prove,
                now_s=self._now_s,
                timeout_s=self._timeout_s,
            )
        except WitnessClientError as error:
            self._leave_out(standing, error)
            return ()
        standing.cosigned_size, standing.failures = size, 0
        return given

    def _leave_out(self, standing: _Standing, error: WitnessClientError) -> None:
        # A witness that is ahead saw a tree we do not have: an operator must look at once.
        level = logging.ERROR if isinstance(error, WitnessAheadError) else logging.WARNING
        _log.log(level, "witness left out: %s", error)
        pause_s = min(MAX_PAUSE_S, 2**standing.failures)
        # The doubling ends where the pause does.
        standing.failures = min(standing.failures + 1, MAX_PAUSE_S.bit_length())
        standing.ask_again_s = self._now_s() + pause_s
