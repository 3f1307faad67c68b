# SPDX-License-Identifier: Apache-2.0
"""A witness: reads requests, applies the rules, remembers, cosigns. HTTP is in `http.py`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kerege.runtime.clock import Clock
from kerege.translog.cosignature import CosignatureError, Cosigner
from kerege.translog.note import NoteSignature, NoteVerifier, format_note
from kerege.translog.witness.request import AddCheckpoint, parse_request
from kerege.translog.witness.rules import LogState, Refused, authenticate, decide
from kerege.translog.witness.store import WitnessStore

__all__ = ["Cosigned", "Witness"]

_US_PER_S = 1_000_000


@dataclass(frozen=True, slots=True)
class Cosigned:
    """The cosignatures given, one for each of the witness's keys; their state is durable."""

    signatures: tuple[NoteSignature, ...]


class Witness:
    """One witness with its keys, the logs it follows, its memory and its clock.

    `logs` gives the keys trusted for each origin. Raises `CosignatureError` if there is no key, or
    one that can never cosign for one of the origins. Safe among threads.
    """

    def __init__(
        self,
        *,
        cosigners: Sequence[Cosigner],
        logs: Mapping[str, Sequence[NoteVerifier]],
        store: WitnessStore,
        clock: Clock,
    ) -> None:
        if not cosigners:
            raise CosignatureError("a witness has at least one key")
        for cosigner in cosigners:
            for origin in logs:
                cosigner.check_origin(origin)
        self._cosigners = tuple(cosigners)
        self._logs = {origin: tuple(verifiers) for origin, verifiers in logs.items()}
        self._store = store
        self._clock = clock

    def add_checkpoint(self, body: bytes) -> Cosigned | Refused:
        """Answer an add-checkpoint request; the new state is durable before this returns.

        Raises `RequestError` if the body is malformed and `WitnessStoreError` if the state cannot
        be kept; then nothing was cosigned, though the state may have advanced.
        """
        request = parse_request(body)
        note = authenticate(request, logs=self._logs)
        if isinstance(note, Refused):
            return note
        # Signing inside the hold, before the commit: a signature that leaves this function is
        # one whose state was committed, and the held time is microseconds beside the commit's.
        with self._store.exclusive(request.checkpoint.origin) as slot:
            decision = self._decide(request, slot.state)
            if isinstance(decision, Refused):
                return decision
            cosigned = self._cosign(note.text, decision)
            slot.save(decision, note=format_note(note.with_signatures(cosigned.signatures)))
        return cosigned

    def _decide(self, request: AddCheckpoint, latest: LogState | None) -> LogState | Refused:
        # The clock is read while the state is held, so that times grow with sizes.
        return decide(request, latest=latest, now_s=self._clock.now_us() // _US_PER_S)

    def _cosign(self, text: str, state: LogState) -> Cosigned:
        signed = (
            cosigner.cosign(text, timestamp_s=state.timestamp_s) for cosigner in self._cosigners
        )
        return Cosigned(tuple(signed))

    def read_checkpoint(self, origin_hash: str) -> bytes | None:
        """Return the latest cosigned checkpoint of a log, by the hex SHA-256 of its origin."""
        return self._store.read_note(origin_hash)
