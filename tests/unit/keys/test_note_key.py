# SPDX-License-Identifier: Apache-2.0
"""Verifier and signer key text: C2SP's and Go's own examples, and every way to spoil one."""

import pytest

from kerege.keys import (
    Algorithm,
    KeyEncodingError,
    NamedPrivateKey,
    NamedPublicKey,
    PrivateKey,
    SignatureType,
    check_key_name,
)

# The example of C2SP signed-note.
C2SP_VKEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
# The example of Go's golang.org/x/mod/sumdb/note.
GO_VKEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
GO_SKEY = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"


@pytest.mark.parametrize("vkey", [C2SP_VKEY, GO_VKEY])
def test_published_verifier_keys(vkey: str) -> None:
    key = NamedPublicKey.from_vkey(vkey)
    assert key.signature_type is SignatureType.ED25519
    assert key.to_vkey() == vkey
    assert key.key_id.hex() == vkey.split("+")[1]


def test_go_signer_key_gives_its_verifier_key() -> None:
    key = NamedPrivateKey.from_skey(GO_SKEY)
    assert key.public.to_vkey() == GO_VKEY
    assert key.reveal_skey() == GO_SKEY


@pytest.mark.parametrize("signature_type", SignatureType)
def test_keys_of_every_type_are_read_again(signature_type: SignatureType) -> None:
    private_key = PrivateKey(signature_type.algorithm, bytes(32))
    key = NamedPrivateKey(
        name="тест.example/w1", signature_type=signature_type, private_key=private_key
    )
    assert NamedPublicKey.from_vkey(key.public.to_vkey()) == key.public
    assert NamedPrivateKey.from_skey(key.reveal_skey()).public == key.public


def test_types_of_one_key_have_different_ids() -> None:
    key = PrivateKey(Algorithm.ED25519, bytes(32))
    plain, cosigning = (
        NamedPrivateKey(name="n", signature_type=signature_type, private_key=key).public.key_id
        for signature_type in (SignatureType.ED25519, SignatureType.COSIGNATURE_ED25519)
    )
    assert plain != cosigning


SPOILT_VKEYS = {
    "": "three parts",
    "example.com/foo": "three parts",
    "example.com/foo+530d903a": "three parts",
    "+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k": "must not be empty",
    C2SP_VKEY.replace("foo", "fo o"): "must not contain spaces",
    C2SP_VKEY.replace("foo", "fo\u00a0o"): "must not contain spaces",
    C2SP_VKEY.replace("foo", "fo\u3000o"): "must not contain spaces",
    C2SP_VKEY.replace("foo", "fo\x07o"): "must not contain spaces",
    C2SP_VKEY.replace("foo", "fo\ud800o"): "valid Unicode",
    C2SP_VKEY.replace("foo", "fob"): "its name and key give",
    C2SP_VKEY.replace("foo", "fo+o"): "8 lowercase hex digits",
    C2SP_VKEY.replace("530d903a", "530D903A"): "8 lowercase hex digits",
    C2SP_VKEY.replace("530d903a", "530d903"): "8 lowercase hex digits",
    C2SP_VKEY.replace("530d903a", "530d903\u0661"): "8 lowercase hex digits",
    C2SP_VKEY.replace("530d903a", "530d903b"): "its name and key give",
    C2SP_VKEY + "\n": "base64",
    C2SP_VKEY + " ": "base64",
    C2SP_VKEY[:-1]: "base64",
    C2SP_VKEY[:-4]: "has 32 bytes, not 29",
    "a+00000000+": "of a type not known here",
    "a+00000000+Ag==": "of a type not known here",
    "a+00000000+AQ==": "has 32 bytes, not 0",
    "a+00000000+Bg==": "has 1312 bytes, not 0",
    "a+00000000+AQ" + "A" * 42: "not a usable Ed25519 public key",
    "a" * 5000: "at most 4096 characters",
}


@pytest.mark.parametrize(("vkey", "message"), SPOILT_VKEYS.items())
def test_spoilt_verifier_keys_are_refused(vkey: str, message: str) -> None:
    with pytest.raises(KeyEncodingError, match=message):
        NamedPublicKey.from_vkey(vkey)


@pytest.mark.parametrize(
    "skey",
    [
        "",
        "PRIVATE+KEY+",
        GO_VKEY,
        GO_SKEY[:-4],
        GO_SKEY + "=",
        GO_SKEY.replace("c7", "c8"),
        "x" * 9999,
    ],
)
def test_spoilt_signer_keys_are_refused_without_being_quoted(skey: str) -> None:
    with pytest.raises(KeyEncodingError) as caught:
        NamedPrivateKey.from_skey(skey)
    assert GO_SKEY.split("+", 4)[4][:20] not in str(caught.value)


def test_a_type_and_a_key_of_another_algorithm_do_not_go_together() -> None:
    with pytest.raises(KeyEncodingError, match="needs an ml-dsa-44 key"):
        NamedPrivateKey(
            name="n",
            signature_type=SignatureType.COSIGNATURE_ML_DSA_44,
            private_key=PrivateKey(Algorithm.ED25519, bytes(32)),
        )


def test_names_may_hold_any_other_character() -> None:
    for name in ("a", "example.com/log42", "теңге", "a=b/c?d#e", "\u200b"):
        check_key_name(name)
