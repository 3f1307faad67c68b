# SPDX-License-Identifier: Apache-2.0
"""What a witness may cosign: each rule of tlog-witness, in its order, on small trees."""

import pytest

from kerege.translog.checkpoint import Checkpoint, format_checkpoint
from kerege.translog.note import Note, format_note, parse_note, sign_note
from kerege.translog.tree import EMPTY_ROOT
from kerege.translog.witness.request import AddCheckpoint, format_request, parse_request
from kerege.translog.witness.rules import (
    MAX_CLOCK_SETBACK_S,
    LogState,
    Refusal,
    Refused,
    authenticate,
    decide,
)
from tests.model_log import ModelLog, verifier_of

LOG = ModelLog()
FORK = ModelLog(branch="fork", fork_at=3)
NOW_S = 1_700_000_000


def state_at(size: int, log: ModelLog = LOG) -> LogState:
    return LogState(size=size, root=log.root(size), timestamp_s=NOW_S - 10)


def request(old_size: int, size: int, log: ModelLog = LOG) -> AddCheckpoint:
    return parse_request(log.request(old_size, size))


@pytest.mark.parametrize("old_size", range(10))
@pytest.mark.parametrize("growth", [0, 1, 2, 5, 8])
def test_a_log_that_grows_is_followed(old_size: int, growth: int) -> None:
    size = old_size + growth
    decision = decide(request(old_size, size), latest=state_at(old_size), now_s=NOW_S)
    assert decision == LogState(size=size, root=LOG.root(size), timestamp_s=NOW_S)


def test_a_log_never_seen_starts_at_any_size() -> None:
    for size in (0, 1, 5):
        assert isinstance(decide(request(0, size), latest=None, now_s=NOW_S), LogState)


def with_proof(body: AddCheckpoint, proof: tuple[bytes, ...]) -> AddCheckpoint:
    return parse_request(format_request(old_size=body.old_size, proof=proof, note=body.note))


def empty_tree_with_a_root() -> AddCheckpoint:
    text = format_checkpoint(Checkpoint(LOG.origin, 0, bytes(32)))
    note = format_note(sign_note(text, [LOG.signer]))
    return parse_request(format_request(old_size=0, proof=(), note=note))


# request, recorded state, refusal
REFUSALS = {
    "old size above the checkpoint's": (
        request(5, 4),
        state_at(5),
        Refusal.OLD_SIZE_ABOVE_CHECKPOINT,
    ),
    "old size above both": (request(9, 4), state_at(5), Refusal.OLD_SIZE_ABOVE_CHECKPOINT),
    "going back to a smaller tree": (request(2, 4), state_at(5), Refusal.OLD_SIZE_NOT_LATEST),
    "going back to the start": (request(0, 4), state_at(5), Refusal.OLD_SIZE_NOT_LATEST),
    "ahead of the witness": (request(6, 7), state_at(5), Refusal.OLD_SIZE_NOT_LATEST),
    "a guess about a log never seen": (request(3, 4), None, Refusal.OLD_SIZE_NOT_LATEST),
    "an empty tree with a root": (empty_tree_with_a_root(), None, Refusal.EMPTY_TREE_ROOT_WRONG),
    "a proof from nothing": (
        with_proof(request(0, 4), (bytes(32),)),
        None,
        Refusal.PROOF_FROM_EMPTY_TREE,
    ),
    "a proof from an empty tree": (
        with_proof(request(0, 4), (bytes(32),)),
        state_at(0),
        Refusal.PROOF_FROM_EMPTY_TREE,
    ),
    "a fork": (request(5, 9, FORK), state_at(5), Refusal.INCONSISTENT),
    "a fork of the same size": (request(5, 5, FORK), state_at(5), Refusal.INCONSISTENT),
    "a proof for the same size": (
        with_proof(request(5, 5), (bytes(32),)),
        state_at(5),
        Refusal.INCONSISTENT,
    ),
    "no proof": (with_proof(request(5, 9), ()), state_at(5), Refusal.INCONSISTENT),
    "a proof cut short": (
        with_proof(request(5, 9), LOG.prove(5, 9)[:-1]),
        state_at(5),
        Refusal.INCONSISTENT,
    ),
    "a proof with one more hash": (
        with_proof(request(5, 9), (*LOG.prove(5, 9), bytes(32))),
        state_at(5),
        Refusal.INCONSISTENT,
    ),
    "a proof from another size": (
        with_proof(request(5, 9), LOG.prove(6, 9)),
        state_at(5),
        Refusal.INCONSISTENT,
    ),
}


@pytest.mark.parametrize(("body", "latest", "refusal"), REFUSALS.values(), ids=REFUSALS)
def test_refusals(body: AddCheckpoint, latest: LogState | None, refusal: Refusal) -> None:
    decision = decide(body, latest=latest, now_s=NOW_S)
    assert isinstance(decision, Refused)
    assert decision.refusal is refusal
    assert decision.latest_size == (latest.size if latest else 0)


def test_the_first_refusal_in_order_wins() -> None:
    """A fork that is also far behind is told where the witness stands, not what is wrong."""
    decision = decide(request(2, 4, FORK), latest=state_at(5), now_s=0)
    assert isinstance(decision, Refused)
    assert decision.refusal is Refusal.OLD_SIZE_NOT_LATEST


@pytest.mark.parametrize(
    ("behind_s", "timestamp_s"), [(0, NOW_S), (1, NOW_S), (MAX_CLOCK_SETBACK_S, NOW_S)]
)
def test_a_clock_set_back_a_little_is_held_still(behind_s: int, timestamp_s: int) -> None:
    latest = LogState(size=5, root=LOG.root(5), timestamp_s=NOW_S)
    decision = decide(request(5, 6), latest=latest, now_s=NOW_S - behind_s)
    assert isinstance(decision, LogState)
    assert decision.timestamp_s == timestamp_s


@pytest.mark.parametrize("now_s", [NOW_S - MAX_CLOCK_SETBACK_S - 1, 0, -1])
def test_nothing_is_cosigned_by_a_wrong_clock(now_s: int) -> None:
    latest = LogState(size=5, root=LOG.root(5), timestamp_s=NOW_S)
    decision = decide(request(5, 6), latest=latest, now_s=now_s)
    assert isinstance(decision, Refused)
    assert decision.refusal is Refusal.CLOCK_WRONG


def test_a_clock_that_was_never_set_cosigns_nothing() -> None:
    decision = decide(request(0, 6), latest=None, now_s=0)
    assert isinstance(decision, Refused)
    assert decision.refusal is Refusal.CLOCK_WRONG


LOGS = {LOG.origin: [verifier_of(LOG.signer)]}


def resigned(note: Note) -> AddCheckpoint:
    return parse_request(format_request(old_size=0, proof=(), note=format_note(note)))


def test_a_checkpoint_signed_by_its_log_is_authentic() -> None:
    note = authenticate(request(0, 5), logs=LOGS)
    assert isinstance(note, Note)
    assert note == parse_note(LOG.checkpoint(5))


def test_an_unknown_origin_comes_first() -> None:
    refused = authenticate(request(0, 5), logs={})
    assert isinstance(refused, Refused)
    assert refused.refusal is Refusal.UNKNOWN_ORIGIN


def test_another_logs_signature_does_not_count() -> None:
    """The same key may be trusted for one origin and not for another."""
    other = ModelLog("log.example/2", seed=8)
    note = sign_note(parse_note(LOG.checkpoint(5)).text, [other.signer])
    logs = {**LOGS, other.origin: [verifier_of(other.signer)]}
    refused = authenticate(resigned(note), logs=logs)
    assert isinstance(refused, Refused)
    assert refused.refusal is Refusal.NOT_SIGNED_BY_LOG


def test_a_broken_signature_beside_a_good_one_is_refused() -> None:
    """ "a signature line's key name and ID match a trusted key but the signature itself fails"."""
    good = parse_note(LOG.checkpoint(5))
    wrong = LOG.signer.sign("another text\n")
    for signatures in [(wrong,), (wrong, *good.signatures), (*good.signatures, wrong)]:
        refused = authenticate(resigned(Note(good.text, signatures)), logs=LOGS)
        assert isinstance(refused, Refused)
        assert refused.refusal is Refusal.NOT_SIGNED_BY_LOG


def test_repeated_and_unknown_signatures_are_dropped() -> None:
    good = parse_note(LOG.checkpoint(5))
    stranger = ModelLog("stranger", seed=9).signer.sign(good.text)
    note = authenticate(
        resigned(Note(good.text, (stranger, *good.signatures * 50, stranger))), logs=LOGS
    )
    assert isinstance(note, Note)
    assert note.signatures == good.signatures


def test_the_empty_tree_is_cosigned_and_then_grows() -> None:
    first = decide(request(0, 0), latest=None, now_s=NOW_S)
    assert first == LogState(size=0, root=EMPTY_ROOT, timestamp_s=NOW_S)
    assert isinstance(decide(request(0, 7), latest=first, now_s=NOW_S), LogState)
