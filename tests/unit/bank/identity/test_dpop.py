# SPDX-License-Identifier: Apache-2.0
"""Proofs of possession: the example of RFC 9449, and every part changed."""

from typing import Any

import pytest

from kerege.bank.identity.dpop import MAX_AGE_S, InvalidProof, check_proof, claim_once
from kerege.keys import Algorithm, PrivateKey
from kerege.keys.http_signatures import MemoryNonces
from tests.signing_in import proof, thumbprint

URL = "https://bank.example/oauth/token"
KEY = PrivateKey(Algorithm.ES256, b"\1" * 32)
NOW_S = 1_795_000_000

# RFC 9449 section 4.1, figure 1.
PUBLISHED = (
    "eyJ0eXAiOiJkcG9wK2p3dCIsImFsZyI6IkVTMjU2IiwiandrIjp7Imt0eSI6IkVDIiwieCI6Imw4dEZyaHgtMzR0VjNoUklDUk"
    "RZOXpDa0RscEJoRjQyVVFVZldWQVdCRnMiLCJ5IjoiOVZFNGpmX09rX282NHpiVFRsY3VOSmFqSG10NnY5VERWclUwQ2R2R1JEQ"
    "SIsImNydiI6IlAtMjU2In19.eyJqdGkiOiItQndDM0VTYzZhY2MybFRjIiwiaHRtIjoiUE9TVCIsImh0dSI6Imh0dHBzOi8vc2V"
    "ydmVyLmV4YW1wbGUuY29tL3Rva2VuIiwiaWF0IjoxNTYyMjYyNjE2fQ.2-GxA6T8lP4vfrg8v-FdWP0A0zdrj8igiMLvqRMUvwn"
    "Qg4PtFLbdLXiOSsX0x7NVY-FNyJK70nfbV37xRZT3Lg"
)


def test_the_standards_own_proof() -> None:
    proven = check_proof(
        PUBLISHED, method="POST", url="https://server.example.com/token", now_s=1562262616
    )
    # RFC 9449 section 6.1 names this key's thumbprint.
    assert proven.thumbprint == "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"


def check(text: str, **changes: Any) -> str:
    given: dict[str, Any] = {"method": "POST", "url": URL, "now_s": NOW_S} | changes
    return check_proof(text, **given).thumbprint


def test_a_good_proof() -> None:
    assert check(proof(KEY, URL, NOW_S)) == thumbprint(KEY)
    assert check(proof(KEY, URL + "?q=1#f", NOW_S))
    assert check(proof(KEY, URL, NOW_S - MAX_AGE_S))
    assert check(proof(KEY, URL, NOW_S, token="t"), access_token="t")


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("", ""),
        ("a.b", ""),
        ("..", "header"),
        ("a.b.c", ""),
        ("ы.a.b", ""),
        ("\ud800", ""),
        ("x" * 5000, ""),
        (proof(KEY, URL, NOW_S, typ="JWT"), "typ"),
        (proof(KEY, URL, NOW_S, alg="none"), "alg"),
        (proof(KEY, URL, NOW_S, alg="EdDSA"), "alg"),
        (proof(KEY, URL, NOW_S, alg="HS256"), "alg"),
        (proof(KEY, URL, NOW_S, jwk={"kty": "oct", "k": "c2VjcmV0"}), "jwk"),
        (proof(KEY, URL, NOW_S, jwk="key"), "jwk"),
        (proof(KEY, URL, NOW_S, jwk=None), "jwk"),
        (proof(KEY, URL, NOW_S, htm="GET"), "htm"),
        (proof(KEY, URL, NOW_S, htm="post"), "htm"),
        (proof(KEY, URL, NOW_S, htu="https://evil.example/oauth/token"), "htu"),
        (proof(KEY, URL, NOW_S, htu=URL + "/"), "htu"),
        (proof(KEY, URL, NOW_S - MAX_AGE_S - 1), "iat"),
        (proof(KEY, URL, NOW_S + MAX_AGE_S + 1), "iat"),
        (proof(KEY, URL, NOW_S, iat="now"), "payload"),
        (proof(KEY, URL, NOW_S, iat=1e400), "payload"),
        (proof(KEY, URL, NOW_S, jti=""), "payload"),
        (proof(KEY, URL, NOW_S, jti="x" * 129), "payload"),
        (proof(KEY, URL, NOW_S)[:-4] + "AAAA", "signature"),
        (proof(KEY, URL, NOW_S).rpartition(".")[0] + ".AAAA", "signature"),
    ],
)
def test_a_proof_of_something_else(text: str, place: str) -> None:
    with pytest.raises(InvalidProof) as caught:
        check(text)
    assert caught.value.place == place


def test_a_proof_for_another_token() -> None:
    for made in (proof(KEY, URL, NOW_S), proof(KEY, URL, NOW_S, token="other")):
        with pytest.raises(InvalidProof, match="another token"):
            check(made, access_token="t")


def test_a_proof_counts_once_and_a_flood_does_not_shut_out_everybody() -> None:
    nonces = MemoryNonces(per_key=2)
    keys = [PrivateKey(Algorithm.ES256, bytes([number]) * 32) for number in (1, 2)]
    mine, theirs = (
        check_proof(proof(key, URL, NOW_S), method="POST", url=URL, now_s=NOW_S) for key in keys
    )
    claim_once(nonces, mine, now_s=NOW_S)
    with pytest.raises(InvalidProof):
        claim_once(nonces, mine, now_s=NOW_S)
    claim_once(nonces, theirs, now_s=NOW_S)
