# SPDX-License-Identifier: Apache-2.0
"""tlog-scales and we verify each other's signatures and cosignatures, of all three types."""

import pytest
from cryptography.exceptions import InvalidSignature
from tlog_scales.signing import MLDSA44CosignatureSigner, PlainEd25519Signer, Vkey
from tlog_scales.tlog import Checkpoint as ScalesCheckpoint

from kerege.keys import NamedPublicKey, SignatureType
from kerege.translog.cosignature import UNTIMED_S, read_cosignature_time
from kerege.translog.note import Note, format_note, open_note, parse_note, parse_verifier_key
from tests.model_log import ModelLog
from tests.witness_server import NOW_S, cosigner, make_witness, post, serve

LOG = ModelLog()
SIZES = (0, 1, 5, 300)
COSIGNATURE_TYPES = (SignatureType.COSIGNATURE_ED25519, SignatureType.COSIGNATURE_ML_DSA_44)


def vkey(signature_type: SignatureType) -> str:
    made = cosigner(signature_type)
    return NamedPublicKey(
        name=made.name, signature_type=signature_type, public_key=made.key.public_key
    ).to_vkey()


@pytest.mark.parametrize("signature_type", COSIGNATURE_TYPES)
@pytest.mark.parametrize("size", SIZES)
def test_scales_verifies_our_cosignatures(signature_type: SignatureType, size: int) -> None:
    text = parse_note(LOG.checkpoint(size)).text
    signature = cosigner(signature_type).cosign(text, timestamp_s=NOW_S)
    key = Vkey.from_string(vkey(signature_type))
    good = format_note(Note(text, (signature,))).decode()
    ScalesCheckpoint.from_text(good).verify(key)
    with pytest.raises(InvalidSignature):
        ScalesCheckpoint.from_text(good.replace("log.example", "log.exampld")).verify(key)


def test_scales_verifies_a_log_signature_without_a_time() -> None:
    text = parse_note(LOG.checkpoint(5)).text
    signature = cosigner(SignatureType.COSIGNATURE_ML_DSA_44).at(UNTIMED_S).sign(text)
    key = Vkey.from_string(vkey(SignatureType.COSIGNATURE_ML_DSA_44))
    ScalesCheckpoint.from_text(format_note(Note(text, (signature,))).decode()).verify(key)


def test_scales_verifies_what_our_witness_answers() -> None:
    with serve(make_witness(LOG)) as address:
        status, _, lines = post(address, LOG.request(0, 5))
    assert status == 200
    checkpoint = ScalesCheckpoint.from_text((LOG.checkpoint(5) + lines).decode())
    checkpoint.verify(Vkey.from_string(vkey(SignatureType.COSIGNATURE_ED25519)))


@pytest.mark.parametrize("size", SIZES)
def test_we_verify_what_scales_signs(size: int) -> None:
    log = PlainEd25519Signer(LOG.origin, bytes(range(32)))
    witness = MLDSA44CosignatureSigner("w.example", bytes(range(32)))
    made = ScalesCheckpoint.make_signed(LOG.origin, size, LOG.root(size), [log, witness])
    vkeys = [
        signer.vkey.serialize()  # type: ignore[no-untyped-call]  # the library leaves it untyped
        for signer in (log, witness)
    ]
    keys = [parse_verifier_key(text) for text in vkeys]
    note = open_note(made.serialize().encode(), keys)
    assert [signature.name for signature in note.signatures] == [LOG.origin, "w.example"]
    assert read_cosignature_time(note.signatures[1].signature) > NOW_S
