# SPDX-License-Identifier: Apache-2.0
"""The memory for nonces: once each, for as long as asked, and never without limit."""

import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from kerege.keys.http_signatures import MemoryNonces, NoncesExhaustedError, ReplayedRequestError


def claim(nonces: MemoryNonces, nonce: str, *, now_s: int, keyid: str = "a") -> None:
    nonces.claim(keyid=keyid, nonce=nonce, until_s=now_s + 10, now_s=now_s)


def test_a_nonce_counts_once_until_it_is_forgotten() -> None:
    nonces = MemoryNonces()
    claim(nonces, "n", now_s=100)
    for now_s in (100, 105, 110):
        with pytest.raises(ReplayedRequestError):
            claim(nonces, "n", now_s=now_s)
    claim(nonces, "n", now_s=111)


def test_a_clock_set_back_forgets_nothing() -> None:
    nonces = MemoryNonces()
    claim(nonces, "n", now_s=100)
    with pytest.raises(ReplayedRequestError):
        claim(nonces, "n", now_s=50)


def test_each_key_has_its_own_nonces_and_its_own_room() -> None:
    nonces = MemoryNonces(per_key=2)
    for keyid in ("a", "b"):
        claim(nonces, "n", now_s=100, keyid=keyid)
        claim(nonces, "m", now_s=105, keyid=keyid)
    with pytest.raises(NoncesExhaustedError, match="a has 2 requests under way"):
        claim(nonces, "o", now_s=105)
    with pytest.raises(ReplayedRequestError):
        claim(nonces, "n", now_s=105)
    claim(nonces, "o", now_s=111)
    with pytest.raises(NoncesExhaustedError):
        claim(nonces, "p", now_s=111)


def test_of_many_at_once_one_gets_through() -> None:
    nonces = MemoryNonces()

    def attempt(_: int) -> bool:
        try:
            claim(nonces, "n", now_s=100)
        except ReplayedRequestError:
            return False
        return True

    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(8) as threads:
            assert sum(threads.map(attempt, range(2000))) == 1
    finally:
        sys.setswitchinterval(before)
