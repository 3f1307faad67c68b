# SPDX-License-Identifier: Apache-2.0
"""No byte of a signed text can be changed, and no text at all breaks the parsers."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kerege.keys import (
    Algorithm,
    InvalidSignatureError,
    JwsEncodingError,
    KeyEncodingError,
    PrivateKey,
    encode_base64url,
    format_jwk,
    key_thumbprint,
    parse_compact,
    parse_jwk,
    sign_compact,
    verify_compact,
)

ALGORITHMS = [Algorithm.ED25519, Algorithm.ES256]
KEYS = {algorithm: PrivateKey(algorithm, bytes([7]) * 32) for algorithm in ALGORITHMS}
KIDS = {algorithm: key_thumbprint(KEYS[algorithm].public_key) for algorithm in ALGORITHMS}
TYP = "kerege-order"
TEXTS = {
    algorithm: sign_compact(b'{"id":"ord_1"}', KEYS[algorithm], kid=KIDS[algorithm], typ=TYP)
    for algorithm in ALGORITHMS
}


def assert_refused(compact: bytes, algorithm: Algorithm) -> None:
    with pytest.raises((JwsEncodingError, InvalidSignatureError)):
        verify_compact(
            parse_compact(compact),
            KEYS[algorithm].public_key,
            kid=KIDS[algorithm],
            typ=TYP,
        )


@given(st.sampled_from(ALGORITHMS), st.binary(max_size=2000))
def test_any_payload_comes_back_as_it_was(algorithm: Algorithm, payload: bytes) -> None:
    key, kid = KEYS[algorithm], KIDS[algorithm]
    jws = parse_compact(sign_compact(payload, key, kid=kid, typ=TYP))
    assert verify_compact(jws, key.public_key, kid=kid, typ=TYP) == payload


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_every_bit_counts(algorithm: Algorithm) -> None:
    compact = TEXTS[algorithm]
    for at in range(len(compact)):
        for bit in range(8):
            changed = bytearray(compact)
            changed[at] ^= 1 << bit
            assert_refused(bytes(changed), algorithm)


@given(st.sampled_from(ALGORITHMS), st.data())
def test_every_other_byte_is_refused(algorithm: Algorithm, data: st.DataObject) -> None:
    compact = TEXTS[algorithm]
    at = data.draw(st.integers(0, len(compact) - 1))
    byte = data.draw(st.integers(0, 255).filter(lambda byte: byte != compact[at]))
    assert_refused(compact[:at] + bytes([byte]) + compact[at + 1 :], algorithm)


@given(st.sampled_from(ALGORITHMS), st.data())
def test_every_insertion_and_cut_is_refused(algorithm: Algorithm, data: st.DataObject) -> None:
    compact = TEXTS[algorithm]
    at = data.draw(st.integers(0, len(compact)))
    end = data.draw(st.integers(at, len(compact)))
    between = data.draw(st.binary(max_size=4))
    changed = compact[:at] + between + compact[end:]
    if changed != compact:
        assert_refused(changed, algorithm)


@given(st.binary(max_size=300))
def test_any_bytes_are_refused_in_good_order(data: bytes) -> None:
    with pytest.raises(JwsEncodingError):
        parse_compact(data)
    part = encode_base64url(data).encode()
    # Drawn bytes may be a header as good as any: then the text says nothing but itself.
    with suppress(JwsEncodingError):
        assert parse_compact(b"%b.%b.%b" % (part, part, part)).payload == data


@given(st.one_of(st.binary(max_size=200), st.text(max_size=200).map(str.encode)))
def test_any_bytes_as_a_key_are_refused_in_good_order(data: bytes) -> None:
    with pytest.raises(KeyEncodingError):
        parse_jwk(data)


@given(st.sampled_from(ALGORITHMS), st.data())
def test_a_changed_key_is_another_key_or_none(algorithm: Algorithm, data: st.DataObject) -> None:
    """Nothing but the names beside it can change without the key becoming another."""
    text = format_jwk(KEYS[algorithm].public_key)
    at = data.draw(st.integers(0, len(text) - 1))
    byte = data.draw(st.integers(0, 255).filter(lambda byte: byte != text[at]))
    try:
        jwk = parse_jwk(text[:at] + bytes([byte]) + text[at + 1 :])
    except KeyEncodingError:
        return
    assert jwk.public_key != KEYS[algorithm].public_key or jwk.kid != KIDS[algorithm]
