# SPDX-License-Identifier: Apache-2.0
"""Tokens: read by their signer only, in time, for one bank."""

import json

import msgspec
import pytest

from kerege.bank.identity.tokens import (
    AccessClaims,
    Confirmation,
    InvalidToken,
    TokenSigner,
    half_hash,
)
from kerege.keys import Algorithm, PrivateKey, encode_base64url, key_thumbprint, sign_compact

HERE = "https://bank.example"
KEY, OTHER = (PrivateKey(Algorithm.ES256, bytes([number]) * 32) for number in (1, 2))
CLAIMS = AccessClaims(
    iss=HERE,
    aud=HERE,
    sub="cus_1",
    client_id="app",
    sid="ses_1",
    scope="openid",
    iat=100,
    exp=200,
    auth_time=90,
    jti="1",
    cnf=Confirmation("k" * 43),
)
NOW_US = 150_000_000


def read(token: str, signer: TokenSigner | None = None) -> AccessClaims:
    return (signer or TokenSigner(KEY)).read_access(token, issuer=HERE, now_us=NOW_US)


def test_there_and_back() -> None:
    assert read(TokenSigner(KEY).sign_access(CLAIMS)) == CLAIMS


def test_an_earlier_key_still_verifies_and_is_published() -> None:
    token = TokenSigner(KEY).sign_access(CLAIMS)
    changed = TokenSigner(OTHER, earlier=[KEY.public_key])
    assert read(token, changed) == CLAIMS
    published = changed.key_set()["keys"]
    assert isinstance(published, list)
    assert [key["kid"] for key in published] == [
        key_thumbprint(OTHER.public_key),
        key_thumbprint(KEY.public_key),
    ]
    assert not any("d" in key for key in published)
    with pytest.raises(InvalidToken):
        read(token, TokenSigner(OTHER))


def signed(payload: bytes, *, typ: str = "at+jwt", key: PrivateKey = KEY) -> str:
    kid = key_thumbprint(KEY.public_key)
    return sign_compact(payload, key, kid=kid, typ=typ).decode()


GOOD = msgspec.json.encode(CLAIMS)


@pytest.mark.parametrize(
    "token",
    [
        "",
        ".",
        "..",
        "a.b.c",
        "ы",
        "\ud800",
        "x" * 10_000,
        signed(GOOD, typ="JWT"),
        signed(GOOD, typ="kerege-order"),
        signed(GOOD, key=OTHER),
        signed(b"{}"),
        signed(b"[" * 1000),
        signed(b"\xff"),
        signed(GOOD.replace(b'"exp":200', b'"exp":"200"')),
        signed(GOOD.replace(b'"exp":200', b'"exp":150')),
        signed(GOOD.replace(b'"iat":100', b'"iat":151')),
        signed(GOOD.replace(HERE.encode(), b"https://other-bank.example")),
        signed(GOOD)[:-4] + "AAAA",
        signed(GOOD) + ".",
        f"{encode_base64url(json.dumps({'alg': 'none'}).encode())}.{encode_base64url(GOOD)}.",
    ],
)
def test_what_is_not_read(token: str) -> None:
    with pytest.raises(InvalidToken):
        read(token)


def test_a_token_that_was_read_ends_in_time_all_the_same() -> None:
    signer = TokenSigner(KEY)
    token = signer.sign_access(CLAIMS)
    assert read(token, signer) == read(token, signer) == CLAIMS
    for issuer, now_s in ((HERE, 200), (HERE, 99), ("https://other-bank.example", 150)):
        with pytest.raises(InvalidToken):
            signer.read_access(token, issuer=issuer, now_us=now_s * 1_000_000)


def test_half_hash_of_the_standards_example() -> None:
    # OpenID Connect Core 1.0 appendix A.3 and A.4: access token and at_hash.
    assert half_hash("jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y") == "77QmUPtjPfzWtF2AnpK9RQ"
