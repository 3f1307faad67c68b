# SPDX-License-Identifier: Apache-2.0
"""Compact JWS: the RFCs' examples, one form, and an algorithm nobody can talk us out of."""

import base64
import json

import pytest

from kerege.keys import (
    MAX_COMPACT_BYTES,
    Algorithm,
    InvalidSignatureError,
    JwsEncodingError,
    JwsHeader,
    KeyEncodingError,
    PrivateKey,
    encode_base64url,
    key_thumbprint,
    parse_compact,
    parse_jwk,
    sign_compact,
    verify_compact,
)

# RFC 8037 appendix A.4 and A.5; RFC 7515 appendix A.3. The keys are those of A.1 and A.3.1.
RFC_8037 = (
    b"eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc."
    b"hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg"
)
RFC_8037_JWK = b'{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}'
RFC_7515 = (
    b"eyJhbGciOiJFUzI1NiJ9"
    b".eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ"
    b".DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q"
)
RFC_7515_JWK = (
    b'{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",'
    b'"y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}'
)

ALGORITHMS = [Algorithm.ED25519, Algorithm.ES256]
KEYS = {algorithm: PrivateKey(algorithm, bytes([7]) * 32) for algorithm in ALGORITHMS}
KID = "bank-a/2026"
TYP = "kerege-order"
PAYLOAD = b'{"id":"ord_1"}'


def compact_of(header: bytes, *, payload: bytes = PAYLOAD) -> bytes:
    """A text with any header, signed in good order."""
    signing_input = f"{encode_base64url(header)}.{encode_base64url(payload)}".encode()
    signature = KEYS[Algorithm.ED25519].sign(signing_input)
    return signing_input + b"." + encode_base64url(signature).encode()


def test_rfc_8037_appendix_a_4() -> None:
    jws = parse_compact(RFC_8037)
    assert jws.header == JwsHeader(alg="EdDSA")
    key = parse_jwk(RFC_8037_JWK).public_key
    assert verify_compact(jws, key, kid=None, typ=None) == b"Example of Ed25519 signing"


def test_rfc_7515_appendix_a_3() -> None:
    key = parse_jwk(RFC_7515_JWK).public_key
    payload = verify_compact(parse_compact(RFC_7515), key, kid=None, typ=None)
    assert json.loads(payload)["iss"] == "joe"


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_what_is_signed_is_verified(algorithm: Algorithm) -> None:
    key = KEYS[algorithm]
    kid = key_thumbprint(key.public_key)
    compact = sign_compact(PAYLOAD, key, kid=kid, typ=TYP)
    jws = parse_compact(compact)
    assert verify_compact(jws, key.public_key, kid=kid, typ=TYP) == PAYLOAD
    assert compact.startswith(jws.signing_input + b".")
    assert jws.header.kid == kid


def test_the_header_written_is_exactly_this() -> None:
    compact = sign_compact(b"", KEYS[Algorithm.ES256], kid="k", typ="t")
    header = base64.urlsafe_b64decode(compact.split(b".")[0] + b"==")
    assert header == b'{"alg":"ES256","kid":"k","typ":"t"}'
    assert parse_compact(compact).payload == b""


def test_the_key_decides_the_algorithm() -> None:
    """A key of one algorithm never verifies a text whose header names the other."""
    for signer, other in (ALGORITHMS, ALGORITHMS[::-1]):
        jws = parse_compact(sign_compact(PAYLOAD, KEYS[signer], kid=KID, typ=TYP))
        with pytest.raises(InvalidSignatureError, match=r"alg: .* another algorithm"):
            verify_compact(jws, KEYS[other].public_key, kid=KID, typ=TYP)


def test_a_signature_under_another_algorithm_s_name_is_refused() -> None:
    jws = parse_compact(compact_of(b'{"alg":"ES256"}'))
    with pytest.raises(InvalidSignatureError, match="alg: "):
        verify_compact(jws, KEYS[Algorithm.ED25519].public_key, kid=None, typ=None)


def test_keys_without_a_name_in_jose_neither_sign_nor_verify() -> None:
    key = PrivateKey(Algorithm.ML_DSA_44, bytes(32))
    with pytest.raises(KeyEncodingError, match="ml-dsa-44"):
        sign_compact(PAYLOAD, key, kid=KID, typ=TYP)
    with pytest.raises(InvalidSignatureError, match="alg: "):
        verify_compact(parse_compact(RFC_8037), key.public_key, kid=None, typ=None)


@pytest.mark.parametrize(
    ("kid", "typ", "place"),
    [("other", TYP, "kid"), (None, TYP, "kid"), (KID, "mandate", "typ"), (KID, None, "typ")],
)
def test_another_name_or_purpose_is_refused(kid: str | None, typ: str | None, place: str) -> None:
    key = KEYS[Algorithm.ED25519]
    jws = parse_compact(sign_compact(PAYLOAD, key, kid=KID, typ=TYP))
    with pytest.raises(InvalidSignatureError) as caught:
        verify_compact(jws, key.public_key, kid=kid, typ=typ)
    assert caught.value.place == place


def test_both_s_of_an_es256_signature_say_the_same() -> None:
    """docs/decisions/es256-verification.md: equal signing inputs are equal orders."""
    key = KEYS[Algorithm.ES256]
    jws = parse_compact(sign_compact(PAYLOAD, key, kid=KID, typ=TYP))
    order = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
    other_s = (order - int.from_bytes(jws.signature[32:])).to_bytes(32)
    signature = encode_base64url(jws.signature[:32] + other_s).encode()
    second = parse_compact(jws.signing_input + b"." + signature)
    assert verify_compact(second, key.public_key, kid=KID, typ=TYP) == PAYLOAD
    assert second.signature != jws.signature
    assert second.signing_input == jws.signing_input


REFUSED_HEADERS = [
    (b'{"alg":"none"}', "alg: a text without a signature"),
    (b'{"alg":"NonE"}', "alg: a text without a signature"),
    (b'{"alg":"HS256"}', "alg: HMAC is not accepted"),
    (b'{"alg":"hs512"}', "alg: HMAC is not accepted"),
    (b'{"alg":"RS256"}', "alg: only Ed25519, EdDSA, ES256"),
    (b'{"alg":"ES384"}', "alg: only"),
    (b'{"alg":"ES256K"}', "alg: only"),
    (b'{"alg":"Ed448"}', "alg: only"),
    (b'{"alg":"eddsa"}', "alg: only"),
    (b'{"alg":""}', "alg: only"),
    (b'{"alg":"EdDSA","crit":["b64"],"b64":false}', "crit: no extension"),
    (b'{"alg":"EdDSA","b64":false}', "b64: payloads are always"),
    (b'{"alg":"EdDSA","b64":true}', "b64: payloads are always"),
    (b'{"alg":"EdDSA","jwk":{"kty":"OKP"}}', "jwk: keys come from the register"),
    (b'{"alg":"EdDSA","jku":"https://evil.example"}', "jku: keys come from the register"),
    (b'{"alg":"EdDSA","x5u":"https://evil.example"}', "x5u: keys come from the register"),
    (b'{"alg":"EdDSA","x5c":[]}', "x5c: keys come from"),
    (b'{"alg":"EdDSA","x5t":"A"}', "x5t: certificates"),
    (b'{"alg":"EdDSA","x5t#S256":"A"}', "x5t#S256: certificates"),
    (b'{"alg":"EdDSA","zip":"DEF"}', "zip: payloads are not compressed"),
    (b'{"alg":"EdDSA","enc":"A128GCM"}', "enc: "),
    (b'{"alg":"EdDSA","cty":"x"}', "cty: "),
    (b'{"alg":"EdDSA","x":1}', "header: not alg, kid and typ alone.*`x`"),
    (b'{"kid":"a"}', "header: .*required field `alg`"),
    (b'{"alg":5}', "header: .*Expected `str`"),
    (b'{"alg":null}', "header: .*Expected `str`"),
    (b'{"alg":"EdDSA","kid":5}', "header: .*Expected `str"),
    (b'{"alg":"EdDSA","kid":null}', "header: a member is repeated or null"),
    (b'{"alg":"none","alg":"EdDSA"}', "header: a member is repeated or null"),
    (b'{"alg":"EdDSA","alg":"EdDSA"}', "header: a member is repeated or null"),
    (b'{"kid":"a","alg":"EdDSA","kid":"b"}', "header: a member is repeated or null"),
    (b'{"alg":"EdDSA","\\u0061lg":"EdDSA"}', "header: escapes"),
    (b'{"alg":"EdDS\\u0041"}', "header: escapes"),
    (b'{"alg":"EdDSA","kid":"a\\"b"}', "kid: "),
    (b'{"alg":"EdDSA","kid":""}', "kid: 1 to 128"),
    (b'{"alg":"EdDSA","typ":"' + b"x" * 129 + b'"}', "typ: 1 to 128"),
    (b'{"alg":"EdDSA","kid":"\xd0\xb6"}', "header: written in ASCII"),
    (b'\xef\xbb\xbf{"alg":"EdDSA"}', "header: written in ASCII"),
    (b'{"alg":"EdDSA"', "header: not the header of a JWS"),
    (b'{"alg":"EdDSA"}x', "header: not the header of a JWS"),
    (b'{"alg":"EdDSA",}', "header: not the header of a JWS"),
    (b"{'alg':'EdDSA'}", "header: not the header of a JWS"),
    (b'["EdDSA"]', "header: not the header of a JWS"),
    (b"null", "header: not the header of a JWS"),
    (b'{"alg":' + b"[" * 480, "header: "),
    (b'{"x":' + b"[" * 480, "header: "),
    (b'{"alg":"EdDSA"}' + b" " * 500, "header: at most 512 bytes"),
]


@pytest.mark.parametrize(("header", "message"), REFUSED_HEADERS)
def test_other_headers_are_refused_by_name(header: bytes, message: str) -> None:
    with pytest.raises(JwsEncodingError, match=message):
        parse_compact(compact_of(header))


def test_spaces_in_a_header_are_kept_as_they_were_signed() -> None:
    jws = parse_compact(compact_of(b'{ "kid" : "a",\r\n "alg":"EdDSA" }'))
    verify_compact(jws, KEYS[Algorithm.ED25519].public_key, kid="a", typ=None)


GOOD = compact_of(b'{"alg":"EdDSA"}')
HEADER, BODY, SIGNATURE = GOOD.split(b".")


@pytest.mark.parametrize(
    ("compact", "message"),
    [
        (b"", "three parts"),
        (b"a", "three parts"),
        (b".", "three parts"),
        (b"..", "not empty"),
        (b"...", "three parts"),
        (HEADER + b"." + BODY, "three parts"),
        (GOOD + b".", "three parts"),
        (b"." + GOOD, "three parts"),
        (HEADER + b"." + BODY + b".", "not empty"),
        (b"." + BODY + b"." + SIGNATURE, "not empty"),
        (HEADER + b"." + BODY + b"=." + SIGNATURE, "payload: "),
        (HEADER + b"." + BODY + b"\n." + SIGNATURE, "payload: "),
        (GOOD + b"\n", "signature: "),
        (GOOD + b"==", "signature: "),
        (b" " + GOOD, "header: "),
        (GOOD.replace(b".", "．".encode()), "three parts"),
        (b'{"payload":"", "signatures":[]}', "three parts"),
        (b"." * MAX_COMPACT_BYTES, "three parts"),
        (GOOD + b"A" * MAX_COMPACT_BYTES, "at most 65536 bytes"),
    ],
)
def test_other_texts_are_refused(compact: bytes, message: str) -> None:
    with pytest.raises(JwsEncodingError, match=message):
        parse_compact(compact)


def test_stray_bits_in_a_part_are_refused() -> None:
    """The last digit of a 64-byte signature has four bits that mean nothing."""
    assert len(SIGNATURE) == 86
    for last in b"BCDEFGHIJKLMNOPRSTUVWXYZ":
        with pytest.raises(JwsEncodingError, match="not canonical"):
            parse_compact(GOOD[:-1] + bytes([last]))


@pytest.mark.parametrize("size", [0, 1, 63, 65, 96, 128])
def test_a_signature_of_another_size_is_refused(size: int) -> None:
    signature = encode_base64url(bytes(size) or b"\x00").encode()
    jws = parse_compact(HEADER + b"." + BODY + b"." + signature)
    with pytest.raises(InvalidSignatureError, match="64 bytes"):
        verify_compact(jws, KEYS[Algorithm.ED25519].public_key, kid=None, typ=None)


@pytest.mark.parametrize("name", ["", "x" * 129, 'a"b', "a\\b", "a\nb", "ж"])
def test_names_that_do_not_fit_are_not_signed(name: str) -> None:
    key = KEYS[Algorithm.ED25519]
    with pytest.raises(JwsEncodingError, match="kid: "):
        sign_compact(PAYLOAD, key, kid=name, typ=TYP)
    with pytest.raises(JwsEncodingError, match="typ: "):
        sign_compact(PAYLOAD, key, kid=KID, typ=name)


def test_the_longest_names_fit_the_header() -> None:
    key = KEYS[Algorithm.ED25519]
    parse_compact(sign_compact(PAYLOAD, key, kid="k" * 128, typ="t" * 128))


def test_a_payload_too_large_is_not_signed() -> None:
    key = KEYS[Algorithm.ED25519]
    with pytest.raises(JwsEncodingError, match="at most 65536 bytes"):
        sign_compact(bytes(MAX_COMPACT_BYTES), key, kid=KID, typ=TYP)
    parse_compact(sign_compact(bytes(48_000), key, kid=KID, typ=TYP))
