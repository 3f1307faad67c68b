# SPDX-License-Identifier: Apache-2.0
"""A nonce counts once, whichever node sees it first; each key has its own room; time frees it."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from kerege.centralbank.stores.nonces import SWEEP_EVERY_S, SqlNonces
from kerege.keys.http_signatures import (
    NoncesExhaustedError,
    NonceStore,
    ReplayedRequestError,
)


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "postgresql":
        return str(request.getfixturevalue("pg_url"))
    return f"sqlite:///{tmp_path}/register.db"


def _claims(nonces: NonceStore, nonce: str, *, keyid: str = "bank", now_s: int = 0) -> bool:
    try:
        nonces.claim(keyid=keyid, nonce=nonce, until_s=now_s + 60, now_s=now_s)
    except ReplayedRequestError:
        return False
    return True


def test_one_of_many_nodes_gets_it(url: str) -> None:
    nodes = [SqlNonces(url) for _ in range(2)]
    with ThreadPoolExecutor(4) as pool:
        turns = [nodes[turn % 2] for turn in range(12)]
        assert sum(pool.map(lambda node: _claims(node, "n"), turns)) == 1
    assert _claims(nodes[0], "n", keyid="other")
    for node in nodes:
        node.close()


def test_room_is_bounded_for_each_key_and_time_frees_it(url: str) -> None:
    nonces = SqlNonces(url, per_key=3)
    assert all(_claims(nonces, str(number)) for number in range(3))
    with pytest.raises(NoncesExhaustedError):
        _claims(nonces, "3")
    assert _claims(nonces, "3", keyid="other")
    later_s = 61 + SWEEP_EVERY_S
    assert _claims(nonces, "0", now_s=later_s)
    nonces.close()


def test_they_survive_a_start_and_keep_out_of_the_registers_way(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/register.db"
    first = SqlNonces(url)
    assert _claims(first, "n")
    first.close()
    again = SqlNonces(url)
    assert not _claims(again, "n")
    again.close()
    assert not (tmp_path / "register.db").exists()
