# SPDX-License-Identifier: Apache-2.0
"""Cosignatures of both types: the bytes signed, and the times that are acceptable."""

import re

import pytest

from kerege.keys import (
    Algorithm,
    InvalidSignatureError,
    NamedPrivateKey,
    PrivateKey,
    SignatureType,
)
from kerege.translog.checkpoint import CheckpointError
from kerege.translog.cosignature import (
    COSIGNATURE_TYPES,
    MAX_TIMESTAMP_S,
    UNTIMED_S,
    CosignatureError,
    CosignatureVerifier,
    Cosigner,
    TimeRules,
    read_cosignature_time,
)
from kerege.translog.note import format_note, open_note, parse_verifier_key, sign_note

TYPES = sorted(COSIGNATURE_TYPES)
NOW_S = 1_679_315_147
TEXT = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"


def make_cosigner(signature_type: SignatureType, name: str = "witness.example/w1") -> Cosigner:
    key = PrivateKey(signature_type.algorithm, bytes(range(32)))
    return Cosigner(name=name, signature_type=signature_type, key=key)


def verifier_of(cosigner: Cosigner) -> CosignatureVerifier:
    return CosignatureVerifier(
        name=cosigner.name,
        key_id=cosigner.key_id,
        signature_type=cosigner.signature_type,
        public_key=cosigner.key.public_key,
    )


@pytest.mark.parametrize("signature_type", TYPES)
def test_a_cosigned_checkpoint_opens_with_the_cosigners_vkey(signature_type: SignatureType) -> None:
    key = PrivateKey(signature_type.algorithm, bytes(range(32)))
    named = NamedPrivateKey(
        name="witness.example/w1", signature_type=signature_type, private_key=key
    )
    data = format_note(sign_note(TEXT, [make_cosigner(signature_type).at(NOW_S)]))
    note = open_note(data, [parse_verifier_key(named.public.to_vkey())])
    assert read_cosignature_time(note.signatures[0].signature) == NOW_S


def test_the_ed25519_message_is_the_one_of_the_document() -> None:
    """tlog-cosignature, "Ed25519 signed message": its own example, byte for byte."""
    cosigner = make_cosigner(SignatureType.COSIGNATURE_ED25519)
    signature = cosigner.cosign(TEXT, timestamp_s=NOW_S).signature
    message = f"cosignature/v1\ntime 1679315147\n{TEXT}".encode()
    cosigner.key.public_key.verify(message, signature[8:])
    assert signature[:8] == NOW_S.to_bytes(8, "big")


def test_the_ml_dsa_44_message_is_the_one_of_the_document() -> None:
    """tlog-cosignature, "ML-DSA-44 signed message": `cosigned_message`, field by field."""
    cosigner = make_cosigner(SignatureType.COSIGNATURE_ML_DSA_44)
    signature = cosigner.cosign(TEXT, timestamp_s=NOW_S).signature
    message = (
        b"subtree/v1\n\x00"
        b"\x12witness.example/w1"
        + bytes.fromhex("00000000641850cb")
        + b"\x1bexample.com/behind-the-sofa"
        + bytes(8)
        + bytes.fromhex("00000000013e2dc3")
        + bytes.fromhex("0ac5186a91863e8e1d90c808014aa89bf5da8e3ee1d9f07630f0378f68f1ab62")
    )
    cosigner.key.public_key.verify(message, signature[8:])
    assert signature[:8] == NOW_S.to_bytes(8, "big")
    assert len(signature) == 8 + 2420


def test_extension_lines_are_signed_by_ed25519_only() -> None:
    for signature_type in TYPES:
        cosigner = make_cosigner(signature_type)
        signature = cosigner.cosign(TEXT + "extension\n", timestamp_s=NOW_S).signature
        if signature_type is SignatureType.COSIGNATURE_ML_DSA_44:
            verifier_of(cosigner).verify(TEXT, signature)
        else:
            with pytest.raises(InvalidSignatureError):
                verifier_of(cosigner).verify(TEXT, signature)


def test_the_cosigners_name_is_signed_by_ml_dsa_44_only() -> None:
    for signature_type in TYPES:
        cosigner, other = make_cosigner(signature_type), make_cosigner(signature_type, "other")
        signature = cosigner.cosign(TEXT, timestamp_s=NOW_S).signature
        if signature_type is SignatureType.COSIGNATURE_ED25519:
            verifier_of(other).verify(TEXT, signature)
        else:
            with pytest.raises(InvalidSignatureError):
                verifier_of(other).verify(TEXT, signature)


@pytest.mark.parametrize("signature_type", TYPES)
def test_another_time_size_root_or_origin_is_refused(signature_type: SignatureType) -> None:
    cosigner = make_cosigner(signature_type)
    signature = cosigner.cosign(TEXT, timestamp_s=NOW_S).signature
    verifier = verifier_of(cosigner)
    verifier.verify(TEXT, signature)
    later = (NOW_S + 1).to_bytes(8, "big") + signature[8:]
    for text, spoilt in [
        (TEXT, later),
        (TEXT.replace("20852163", "20852164"), signature),
        (TEXT.replace("CsU", "CsV"), signature),
        (TEXT.replace("sofa", "sofb"), signature),
        (TEXT, signature[:-1]),
        (TEXT, signature + b"\x00"),
        (TEXT, signature[:8]),
        (TEXT, signature[:7]),
        (TEXT, b""),
        (TEXT, b"\x80" + signature[1:]),
        ("no checkpoint\n", signature),
    ]:
        with pytest.raises(InvalidSignatureError):
            verifier.verify(text, spoilt)


@pytest.mark.parametrize("signature_type", TYPES)
@pytest.mark.parametrize("timestamp_s", [-1, MAX_TIMESTAMP_S + 1])
def test_times_that_cannot_be_stated(signature_type: SignatureType, timestamp_s: int) -> None:
    with pytest.raises(CosignatureError, match="from 0 to"):
        make_cosigner(signature_type).cosign(TEXT, timestamp_s=timestamp_s)


def test_only_ml_dsa_44_cosignatures_may_state_no_time() -> None:
    cosigner = make_cosigner(SignatureType.COSIGNATURE_ML_DSA_44)
    signature = cosigner.at(UNTIMED_S).sign(TEXT).signature
    verifier_of(cosigner).verify(TEXT, signature)
    with pytest.raises(CosignatureError, match="states its time"):
        make_cosigner(SignatureType.COSIGNATURE_ED25519).at(UNTIMED_S).sign(TEXT)
    with pytest.raises(CosignatureError, match="states no time"):
        TimeRules(max_ahead_s=60).check(read_cosignature_time(signature), now_s=NOW_S)


@pytest.mark.parametrize("signature_type", TYPES)
def test_only_checkpoints_are_cosigned(signature_type: SignatureType) -> None:
    with pytest.raises(CheckpointError):
        make_cosigner(signature_type).cosign("hello\n", timestamp_s=NOW_S)


def test_names_and_origins_too_long_for_ml_dsa_44_are_refused() -> None:
    longest = "ә" * 127 + "x"
    make_cosigner(SignatureType.COSIGNATURE_ML_DSA_44, longest)
    with pytest.raises(CosignatureError, match=re.escape("cosigner's name of 1 to 255 bytes")):
        make_cosigner(SignatureType.COSIGNATURE_ML_DSA_44, longest + "x")
    cosigner = make_cosigner(SignatureType.COSIGNATURE_ML_DSA_44)
    cosigner.check_origin(longest)
    with pytest.raises(CosignatureError, match=re.escape("log's origin of 1 to 255 bytes")):
        cosigner.check_origin(longest + "x")
    make_cosigner(SignatureType.COSIGNATURE_ED25519).check_origin(longest * 9)


def test_a_cosigner_needs_a_cosignature_type_and_its_algorithm() -> None:
    key = PrivateKey(Algorithm.ED25519, bytes(32))
    with pytest.raises(CosignatureError, match="not a cosignature type"):
        Cosigner(name="w", signature_type=SignatureType.ED25519, key=key)
    with pytest.raises(CosignatureError, match="needs an ml-dsa-44 key"):
        Cosigner(name="w", signature_type=SignatureType.COSIGNATURE_ML_DSA_44, key=key)


@pytest.mark.parametrize(
    ("timestamp_s", "fault"),
    [
        (NOW_S, None),
        (NOW_S + 60, None),
        (NOW_S + 61, "61 s in the future"),
        (NOW_S - 300, None),
        (NOW_S - 301, "301 s old"),
        (UNTIMED_S, "states no time"),
        (MAX_TIMESTAMP_S, "in the future"),
    ],
)
def test_acceptable_times(timestamp_s: int, fault: str | None) -> None:
    rules = TimeRules(max_ahead_s=60, max_age_s=300)
    if fault is None:
        rules.check(timestamp_s, now_s=NOW_S)
    else:
        with pytest.raises(CosignatureError, match=fault):
            rules.check(timestamp_s, now_s=NOW_S)


def test_the_time_is_read_from_the_first_eight_bytes() -> None:
    assert read_cosignature_time(MAX_TIMESTAMP_S.to_bytes(8, "big")) == MAX_TIMESTAMP_S
    for spoilt in (b"", bytes(7), (MAX_TIMESTAMP_S + 1).to_bytes(8, "big")):
        with pytest.raises(InvalidSignatureError):
            read_cosignature_time(spoilt)


def test_a_receipts_cosignature_may_be_of_any_age() -> None:
    TimeRules(max_ahead_s=60).check(1, now_s=NOW_S)
