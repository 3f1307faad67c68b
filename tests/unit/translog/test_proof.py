# SPDX-License-Identifier: Apache-2.0
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kerege.errors import KeregeError
from kerege.keys import InvalidSignatureError
from kerege.translog.follow import LogFollower
from kerege.translog.proof import (
    MAX_EXTRA_BYTES,
    MAX_PROOF_BYTES,
    LogProof,
    ProofFormatError,
    format_proof,
    parse_proof,
    verify_proof,
)
from kerege.translog.tree import ProofError, hash_leaf
from tests.logs import TRUST, entries, grown_log

LOGGED = entries(5)
_follower = LogFollower(grown_log(LOGGED), TRUST)
_follower.refresh()
PROOF = _follower.prove(2)
TEXT = format_proof(PROOF)


def test_the_text_is_that_of_the_specification() -> None:
    lines = TEXT.decode().split("\n")
    assert lines[:2] == ["c2sp.org/tlog-proof@v1", "index 2"]
    assert lines[2 + len(PROOF.hashes)] == ""
    assert TEXT.endswith(PROOF.checkpoint)
    assert parse_proof(TEXT) == PROOF


@given(st.none() | st.binary(max_size=100))
def test_extra_data_is_carried(extra: bytes | None) -> None:
    proof = LogProof(PROOF.index, PROOF.hashes, PROOF.checkpoint, extra)
    assert parse_proof(format_proof(proof)) == proof


def test_it_proves_its_leaf_and_no_other() -> None:
    leaf = hash_leaf(LOGGED[2])
    assert verify_proof(PROOF, leaf_hash=leaf, policy=TRUST).size == 5
    other = LogProof(3, PROOF.hashes, PROOF.checkpoint)
    short = LogProof(2, PROOF.hashes[:-1], PROOF.checkpoint)
    forged = LogProof(2, PROOF.hashes, PROOF.checkpoint.replace(b"\n5\n", b"\n6\n"))
    with pytest.raises(ProofError):
        verify_proof(PROOF, leaf_hash=hash_leaf(LOGGED[1]), policy=TRUST)
    for proof in (other, short):
        with pytest.raises(ProofError):
            verify_proof(proof, leaf_hash=leaf, policy=TRUST)
    with pytest.raises(InvalidSignatureError):
        verify_proof(forged, leaf_hash=leaf, policy=TRUST)


HASH = TEXT.split(b"\n")[2]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\n\n",
        TEXT.replace(b"@v1", b"@v2"),
        b"\n" + TEXT,
        TEXT.replace(b"\n", b"\r\n"),
        TEXT.replace(b"index 2", b"index 02"),
        TEXT.replace(b"index 2", b"index -2"),
        TEXT.replace(b"index 2", b"index +2"),
        TEXT.replace(b"index 2", b"index 2 "),
        TEXT.replace(b"index 2", b"index  2"),
        TEXT.replace(b"index 2", b"index " + b"9" * 5000),
        TEXT.replace(b"index 2", b"index \xd9\xa2"),
        TEXT.replace(b"index 2\n", b""),
        TEXT.replace(b"index 2\n", b"index 2\nextra AA==\n"),
        TEXT.replace(b"index 2\n", b"extra AA==\nextra AA==\nindex 2\n"),
        TEXT.replace(b"index 2\n", b"extra AB==\nindex 2\n"),
        TEXT.replace(b"index 2\n", b"extra !\nindex 2\n"),
        TEXT.replace(HASH, HASH[:-4]),
        TEXT.replace(HASH, HASH[:-1]),
        TEXT.replace(HASH, b" " + HASH),
        TEXT.replace(HASH, HASH + b"\n" + b"\n".join([HASH] * 64)),
        TEXT.replace(b"\n\n", b"\n", 1),
        TEXT[:-1],
        TEXT.partition(b"\n\n")[0] + b"\n\n",
        bytes(MAX_PROOF_BYTES + 1),
    ],
)
def test_anything_else_is_refused_by_name(data: bytes) -> None:
    with pytest.raises(KeregeError):
        parse_proof(data)


def test_extra_data_has_a_limit() -> None:
    proof = LogProof(2, PROOF.hashes, PROOF.checkpoint, bytes(MAX_EXTRA_BYTES + 1))
    with pytest.raises(ProofFormatError, match="line 2"):
        parse_proof(format_proof(proof))


@given(st.binary(max_size=300) | st.binary(max_size=50).map(lambda tail: TEXT[:90] + tail))
def test_noise_raises_our_own_error(data: bytes) -> None:
    with pytest.raises(KeregeError):
        parse_proof(data)
