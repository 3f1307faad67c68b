# SPDX-License-Identifier: Apache-2.0
"""Batches: every claim gets its own verdict, in order, whatever the number of threads."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from kerege.keys import (
    Algorithm,
    BatchVerifier,
    InvalidSignatureError,
    PrivateKey,
    SignatureClaim,
    parse_compact,
    sign_compact,
)

KEY = PrivateKey(Algorithm.ED25519, bytes([7]) * 32)
OTHER = PrivateKey(Algorithm.ES256, bytes([7]) * 32)


def claim(number: int, key: PrivateKey = KEY) -> SignatureClaim:
    compact = sign_compact(str(number).encode(), key, kid="k", typ="t")
    return SignatureClaim(parse_compact(compact), key.public_key, kid="k", typ="t")


CLAIMS = [claim(number, OTHER if number % 7 == 0 else KEY) for number in range(45)]


@pytest.mark.parametrize("threads", [1, 2, 3])
@pytest.mark.parametrize("count", [0, 1, 7, 8, 9, 16, 17, 45])
def test_payloads_come_in_the_order_of_the_claims(threads: int, count: int) -> None:
    with BatchVerifier(threads=threads) as verifier:
        assert verifier.verify(CLAIMS[:count]) == [str(number).encode() for number in range(count)]


@pytest.mark.parametrize("threads", [1, 2])
def test_a_bad_claim_spoils_no_other(threads: int) -> None:
    claims = list(CLAIMS)
    claims[3] = replace(claims[3], typ="mandate")
    claims[30] = replace(claims[30], jws=parse_compact(b"eyJhbGciOiJFZERTQSJ9.." + b"A" * 86))
    claims[44] = replace(claims[44], key=OTHER.public_key)
    with BatchVerifier(threads=threads) as verifier:
        verdicts = verifier.verify(claims)
    bad = [at for at, verdict in enumerate(verdicts) if isinstance(verdict, InvalidSignatureError)]
    assert bad == [3, 30, 44]


def test_several_batches_share_one_verifier() -> None:
    expected = [str(number).encode() for number in range(45)]
    with BatchVerifier(threads=2) as verifier, ThreadPoolExecutor(4) as callers:
        batches = list(callers.map(verifier.verify, [CLAIMS] * 12))
    assert batches == [expected] * 12


def test_no_threads_at_all_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="at least one"):
        BatchVerifier(threads=0)


def test_a_closed_verifier_says_so() -> None:
    verifier = BatchVerifier(threads=2)
    verifier.close()
    with pytest.raises(RuntimeError, match="after shutdown"):
        verifier.verify(CLAIMS)
