# SPDX-License-Identifier: Apache-2.0
from collections.abc import Sequence

import pytest

from kerege.errors import KeregeError
from kerege.keys import Algorithm, NamedPublicKey, PrivateKey, SignatureType
from kerege.translog.checkpoint import Checkpoint, format_checkpoint
from kerege.translog.cosignature import Cosigner
from kerege.translog.note import NoteSigner, format_note, sign_note
from kerege.translog.policy import QuorumError
from kerege.translog.trust import PolicyAt, TrustError, policy_of_keys
from tests.logs import NOW_S, ORIGIN, SIGNER, TRUST, VKEY

CHECKPOINT = Checkpoint(ORIGIN, 5, bytes(32))
KEYS = [PrivateKey(Algorithm.ED25519, bytes([number]) * 32) for number in range(1, 4)]
WITNESSES = [
    Cosigner(f"w{number}.example", SignatureType.COSIGNATURE_ED25519, key)
    for number, key in enumerate(KEYS)
]
WITNESS_KEYS = [
    NamedPublicKey(
        witness.name, SignatureType.COSIGNATURE_ED25519, witness.key.public_key
    ).to_vkey()
    for witness in WITNESSES
]


def _note(signers: Sequence[NoteSigner]) -> bytes:
    return format_note(sign_note(format_checkpoint(CHECKPOINT), signers))


def _seen_by(count: int, *, at_s: int = NOW_S) -> bytes:
    return _note([SIGNER, *(witness.at(at_s) for witness in WITNESSES[:count])])


def test_a_checkpoint_of_the_log_is_opened() -> None:
    assert TRUST.open_checkpoint(_note([SIGNER])) == CHECKPOINT


@pytest.mark.parametrize(("quorum", "enough"), [(0, 0), (1, 1), (2, 2), (3, 3), (None, 3)])
def test_as_many_witnesses_as_asked_for(quorum: int | None, enough: int) -> None:
    trust = PolicyAt(policy_of_keys(VKEY, witness_keys=WITNESS_KEYS, quorum=quorum), NOW_S)
    assert trust.open_checkpoint(_seen_by(enough)) == CHECKPOINT
    if enough:
        with pytest.raises(QuorumError):
            trust.open_checkpoint(_seen_by(enough - 1))


def test_witnesses_alone_do_not_make_it_the_logs() -> None:
    trust = PolicyAt(policy_of_keys(VKEY, witness_keys=WITNESS_KEYS, quorum=1), NOW_S)
    with pytest.raises(KeregeError):
        trust.open_checkpoint(_note([witness.at(NOW_S) for witness in WITNESSES]))


def test_a_cosignature_from_the_future_does_not_count() -> None:
    trust = PolicyAt(policy_of_keys(VKEY, witness_keys=WITNESS_KEYS, quorum=1), NOW_S)
    assert trust.open_checkpoint(_seen_by(1, at_s=NOW_S - 10**9)) == CHECKPOINT
    with pytest.raises(QuorumError):
        trust.open_checkpoint(_seen_by(1, at_s=NOW_S + 3600))


@pytest.mark.parametrize("quorum", [-1, 4])
def test_a_quorum_that_cannot_be_reached_is_refused(quorum: int) -> None:
    with pytest.raises(TrustError):
        policy_of_keys(VKEY, witness_keys=WITNESS_KEYS, quorum=quorum)


@pytest.mark.parametrize("key", ["", "nonsense", VKEY + "\nquorum none", VKEY + " x", VKEY[:-1]])
def test_a_key_that_is_none_is_refused(key: str) -> None:
    with pytest.raises(KeregeError):
        policy_of_keys(key)
    with pytest.raises(KeregeError):
        policy_of_keys(VKEY, witness_keys=[key])


def test_one_key_is_not_two_witnesses() -> None:
    with pytest.raises(KeregeError):
        policy_of_keys(VKEY, witness_keys=[WITNESS_KEYS[0], WITNESS_KEYS[0]], quorum=2)
