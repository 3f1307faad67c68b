# SPDX-License-Identifier: Apache-2.0
"""What a witness may cosign: the rules of C2SP tlog-witness, in the order they are checked.

Pure. The state of one log is the largest tree cosigned for it. Every accepted checkpoint is
consistent with that tree and becomes the state before its cosignature is handed out, so all trees
ever cosigned for one origin are prefixes of one another.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum, unique

from kerege.keys import InvalidSignatureError
from kerege.translog.checkpoint import Checkpoint
from kerege.translog.note import Note, NoteError, NoteVerifier, open_note
from kerege.translog.tree import EMPTY_ROOT, ProofError, verify_consistency
from kerege.translog.witness.request import AddCheckpoint

__all__ = [
    "MAX_CLOCK_SETBACK_S",
    "LogState",
    "Refusal",
    "Refused",
    "authenticate",
    "decide",
]

# A clock set back a little by time synchronisation is held still. Further back it is wrong, or
# was: a cosignature would contradict one given before, so none is given.
MAX_CLOCK_SETBACK_S = 60


@unique
class Refusal(StrEnum):
    """Why a well-formed request is refused, in order of precedence (first match wins)."""

    UNKNOWN_ORIGIN = "unknown_origin"
    NOT_SIGNED_BY_LOG = "not_signed_by_log"
    OLD_SIZE_ABOVE_CHECKPOINT = "old_size_above_checkpoint"
    OLD_SIZE_NOT_LATEST = "old_size_not_latest"
    EMPTY_TREE_ROOT_WRONG = "empty_tree_root_wrong"
    PROOF_FROM_EMPTY_TREE = "proof_from_empty_tree"
    INCONSISTENT = "inconsistent"
    CLOCK_WRONG = "clock_wrong"


@dataclass(frozen=True, slots=True)
class Refused:
    """A refusal and one sentence about it; `latest_size` is the log's size as cosigned so far."""

    refusal: Refusal
    explanation: str
    latest_size: int = 0


@dataclass(frozen=True, slots=True)
class LogState:
    """The latest cosigned tree of one log, and when it was cosigned (POSIX seconds)."""

    size: int
    root: bytes
    timestamp_s: int


NEVER_COSIGNED = LogState(size=0, root=EMPTY_ROOT, timestamp_s=0)


def authenticate(
    request: AddCheckpoint, *, logs: Mapping[str, Sequence[NoteVerifier]]
) -> Note | Refused:
    """Return the checkpoint's note with the signatures of its log's keys in `logs`, by origin.

    Each key's signature is kept once, however often it was sent.
    """
    origin = request.checkpoint.origin
    verifiers = logs.get(origin)
    if verifiers is None:
        return Refused(Refusal.UNKNOWN_ORIGIN, "this witness does not follow this log")
    try:
        opened = open_note(request.note, verifiers)
    except (NoteError, InvalidSignatureError) as error:
        return Refused(Refusal.NOT_SIGNED_BY_LOG, str(error))
    by_key = {(signature.name, signature.key_id): signature for signature in opened.signatures}
    return Note(text=opened.text, signatures=tuple(by_key.values()))


def decide(request: AddCheckpoint, *, latest: LogState | None, now_s: int) -> LogState | Refused:
    """Return the state to record before cosigning an authenticated request, or why not.

    `latest` is the log's recorded state, `None` if it was never cosigned; `now_s` is the time in
    POSIX seconds. The returned state's `timestamp_s` is the cosignature's.
    """
    state = latest or NEVER_COSIGNED
    refused = _check_old_size(request, state) or _check_tree(request, state)
    if refused:
        return refused
    if now_s <= 0 or now_s < state.timestamp_s - MAX_CLOCK_SETBACK_S:
        return _refuse(state, Refusal.CLOCK_WRONG, "the witness's clock is wrong; try again later")
    checkpoint = request.checkpoint
    return LogState(
        size=checkpoint.size, root=checkpoint.root, timestamp_s=max(now_s, state.timestamp_s)
    )


def _refuse(state: LogState, refusal: Refusal, explanation: str) -> Refused:
    return Refused(refusal, explanation, latest_size=state.size)


def _check_old_size(request: AddCheckpoint, state: LogState) -> Refused | None:
    if request.old_size > request.checkpoint.size:
        return _refuse(
            state,
            Refusal.OLD_SIZE_ABOVE_CHECKPOINT,
            f"the old size {request.old_size} is above the checkpoint's {request.checkpoint.size}",
        )
    if request.old_size != state.size:
        return _refuse(
            state, Refusal.OLD_SIZE_NOT_LATEST, f"the latest cosigned size is {state.size}"
        )
    return None


def _check_tree(request: AddCheckpoint, state: LogState) -> Refused | None:
    """Check the root and the proof; here the old size is the state's, at most the checkpoint's."""
    checkpoint = request.checkpoint
    if checkpoint.size == 0 and checkpoint.root != EMPTY_ROOT:
        return _refuse(
            state, Refusal.EMPTY_TREE_ROOT_WRONG, "the root is not that of an empty tree"
        )
    if state.size == 0:
        if request.proof:
            return _refuse(
                state, Refusal.PROOF_FROM_EMPTY_TREE, "a proof from an empty tree has no lines"
            )
        return None
    return _check_consistency(checkpoint, request.proof, state)


def _check_consistency(
    checkpoint: Checkpoint, proof: Sequence[bytes], state: LogState
) -> Refused | None:
    try:
        verify_consistency(
            old_size=state.size,
            old_root=state.root,
            new_size=checkpoint.size,
            new_root=checkpoint.root,
            proof=proof,
        )
    except ProofError as error:
        return _refuse(state, Refusal.INCONSISTENT, error.message)
    return None
