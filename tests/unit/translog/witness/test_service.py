# SPDX-License-Identifier: Apache-2.0
"""A witness as a whole, without HTTP: what it cosigns, remembers and never lets out."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from kerege.keys import PrivateKey, SignatureType
from kerege.runtime.clock import ManualClock
from kerege.translog.cosignature import (
    CosignatureError,
    CosignatureVerifier,
    Cosigner,
    read_cosignature_time,
)
from kerege.translog.note import Note, format_note, open_note, parse_note
from kerege.translog.witness import (
    Cosigned,
    MemoryWitnessStore,
    Refusal,
    Refused,
    RequestError,
    Witness,
    WitnessStoreError,
)
from kerege.translog.witness.store import LogSlot, hash_origin
from tests.model_log import ModelLog, verifier_of

NOW_S = 1_700_000_000
LOG = ModelLog()
COSIGNERS = [
    Cosigner(
        name="witness.example/w1",
        signature_type=signature_type,
        key=PrivateKey(signature_type.algorithm, bytes(32)),
    )
    for signature_type in (SignatureType.COSIGNATURE_ED25519, SignatureType.COSIGNATURE_ML_DSA_44)
]
VERIFIERS = [
    CosignatureVerifier(
        name=cosigner.name,
        key_id=cosigner.key_id,
        signature_type=cosigner.signature_type,
        public_key=cosigner.key.public_key,
    )
    for cosigner in COSIGNERS
]


class FailsAfterCommit(MemoryWitnessStore):
    """Fails, but persists: the worst a disk can do."""

    @contextmanager
    def exclusive(self, origin: str) -> Iterator[LogSlot]:
        with super().exclusive(origin) as slot:
            yield slot
        if slot.saved:
            raise WitnessStoreError("the disk is on fire")


def make_witness(
    store: MemoryWitnessStore | None = None, *, origins: tuple[str, ...] = (LOG.origin,)
) -> Witness:
    return Witness(
        cosigners=COSIGNERS,
        logs={origin: [verifier_of(LOG.signer)] for origin in origins},
        store=store or MemoryWitnessStore(),
        clock=ManualClock(NOW_S * 1_000_000 + 999_999),
    )


def test_each_key_cosigns_with_the_time() -> None:
    result = make_witness().add_checkpoint(LOG.request(0, 5))
    assert isinstance(result, Cosigned)
    text = parse_note(LOG.checkpoint(5)).text
    opened = open_note(format_note(Note(text, result.signatures)), VERIFIERS)
    assert len(opened.signatures) == 2
    times = {read_cosignature_time(signature.signature) for signature in opened.signatures}
    assert times == {NOW_S}


def test_the_cosigned_checkpoint_can_be_fetched() -> None:
    witness = make_witness()
    assert witness.read_checkpoint(hash_origin(LOG.origin)) is None
    witness.add_checkpoint(LOG.request(0, 5))
    result = witness.add_checkpoint(LOG.request(5, 8))
    assert isinstance(result, Cosigned)
    note = witness.read_checkpoint(hash_origin(LOG.origin))
    assert note is not None
    expected = parse_note(LOG.checkpoint(8))
    assert parse_note(note) == expected.with_signatures(result.signatures)


def test_a_witness_asked_to_go_back_says_where_it_stands() -> None:
    witness = make_witness()
    witness.add_checkpoint(LOG.request(0, 8))
    refused = witness.add_checkpoint(LOG.request(0, 5))
    assert isinstance(refused, Refused)
    assert (refused.refusal, refused.latest_size) == (Refusal.OLD_SIZE_NOT_LATEST, 8)


def test_a_fork_is_refused_and_changes_nothing() -> None:
    witness = make_witness()
    witness.add_checkpoint(LOG.request(0, 5))
    for size in (5, 9):
        refused = witness.add_checkpoint(ModelLog(branch="x", fork_at=2).request(5, size))
        assert isinstance(refused, Refused)
        assert refused.refusal is Refusal.INCONSISTENT
    assert isinstance(witness.add_checkpoint(LOG.request(5, 9)), Cosigned)


def test_logs_are_followed_apart() -> None:
    other = ModelLog("log.example/2")
    witness = make_witness(origins=(LOG.origin,))
    refused = witness.add_checkpoint(other.request(0, 5))
    assert isinstance(refused, Refused)
    assert refused.refusal is Refusal.UNKNOWN_ORIGIN


def test_a_state_that_persisted_though_it_failed_lets_the_log_ask_again() -> None:
    store = FailsAfterCommit()
    with pytest.raises(WitnessStoreError):
        make_witness(store).add_checkpoint(LOG.request(0, 5))
    refused = make_witness(store).add_checkpoint(LOG.request(0, 5))
    assert isinstance(refused, Refused)
    assert refused.latest_size == 5
    fork = make_witness(store).add_checkpoint(ModelLog(branch="x").request(5, 5))
    assert isinstance(fork, Refused)
    assert fork.refusal is Refusal.INCONSISTENT


def test_malformed_requests_change_nothing() -> None:
    witness = make_witness()
    with pytest.raises(RequestError):
        witness.add_checkpoint(b"old 0\n\nhello")
    assert witness.read_checkpoint(hash_origin(LOG.origin)) is None


def test_a_key_that_can_never_cosign_an_origin_is_refused_at_once() -> None:
    with pytest.raises(CosignatureError, match="log's origin"):
        make_witness(origins=("x" * 256,))


def test_a_witness_without_keys_is_refused() -> None:
    with pytest.raises(CosignatureError, match="at least one key"):
        Witness(cosigners=[], logs={}, store=MemoryWitnessStore(), clock=ManualClock())
