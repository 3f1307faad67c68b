# SPDX-License-Identifier: Apache-2.0
"""Processes say of every signature what threads say, and their end is noticed."""

import os
import signal
from collections.abc import Iterator

import pytest

from kerege.keys import (
    Algorithm,
    BatchVerifier,
    InvalidSignatureError,
    PrivateKey,
    ProcessVerifier,
    SignatureClaim,
    VerifierFailed,
    parse_compact,
    sign_compact,
)

KEYS = [
    PrivateKey(algorithm, bytes(31) + b"\x07") for algorithm in (Algorithm.ED25519, Algorithm.ES256)
]


@pytest.fixture(scope="module")
def processes() -> Iterator[ProcessVerifier]:
    with ProcessVerifier(processes=2) as verifier:
        yield verifier


def _claim(number: int, *, typ: str = "order", spoil: bool = False) -> SignatureClaim:
    key = KEYS[number % len(KEYS)]
    text = sign_compact(str(number).encode(), key, kid="k", typ=typ)
    if spoil:
        head, _, payload = text.partition(b".")
        text = head + b"." + (b"A" if payload[:1] != b"A" else b"B") + payload[1:]
    return SignatureClaim(parse_compact(text), key.public_key, "k", "order")


def test_processes_and_threads_agree(processes: ProcessVerifier) -> None:
    claims = [_claim(n, spoil=n % 7 == 3, typ="order" if n % 5 else "other") for n in range(50)]
    with BatchVerifier(threads=1) as threads:
        expected = threads.verify(claims)
    found = processes.verify(claims)
    assert [isinstance(one, bytes) for one in found] == [isinstance(e, bytes) for e in expected]
    assert [one for one in found if isinstance(one, bytes)] == [
        one for one in expected if isinstance(one, bytes)
    ]


def test_nothing_and_little_are_verified_too(processes: ProcessVerifier) -> None:
    assert processes.verify([]) == []
    assert processes.verify([_claim(4)]) == [b"4"]
    assert isinstance(processes.verify([_claim(4, spoil=True)])[0], InvalidSignatureError)


def test_a_process_that_was_killed_is_noticed() -> None:
    verifier = ProcessVerifier(processes=1)
    pid = verifier._lines[0]._process.pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    verifier._lines[0]._process.join(10)
    with pytest.raises(VerifierFailed):
        verifier.verify([_claim(1)])
    verifier.close()


def test_no_process_is_no_verifier() -> None:
    with pytest.raises(ValueError, match="at least one"):
        ProcessVerifier(processes=0)
