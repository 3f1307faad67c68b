# SPDX-License-Identifier: Apache-2.0
"""The log's files over HTTP: what readers of C2SP logs ask for, and nothing else of the machine."""

import time
from contextlib import closing

import httpx
import pytest

from kerege.centralbank.http.wire import OrderTexts, Verdicts
from kerege.translog.checkpoint import Checkpoint, parse_checkpoint
from kerege.translog.http_files import HttpFiles
from kerege.translog.note import parse_note
from kerege.translog.tile_tree import TileTree
from tests.cores import ORIGIN
from tests.nodes import send_raw
from tests.unit.centralbank.http.conftest import Town


def get(town: Town, path: str) -> httpx.Response:
    return httpx.get(town.core.url + path, trust_env=False)


@pytest.fixture
def checkpoint(town: Town) -> Checkpoint:
    """The checkpoint, once there is one and nothing more to come."""
    text = town.core.pay(town.aru, town.bek, 1)
    town.altyn.post("/v1/orders", OrderTexts((text,)), Verdicts)
    with town.core.node.store.snapshot() as snapshot:
        leaves = snapshot.leaves
    for _ in range(200):
        answer = get(town, "/log/checkpoint")
        found = parse_checkpoint(parse_note(answer.content).text)
        if found.size == leaves:
            return found
        time.sleep(0.02)
    raise AssertionError("the log does not catch up")


def test_the_checkpoint(town: Town, checkpoint: Checkpoint) -> None:
    answer = get(town, "/log/checkpoint")
    assert answer.text.startswith(f"{ORIGIN}\n{checkpoint.size}\n")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.headers["cache-control"] == "no-cache"


def test_our_own_reader_can_read_it(town: Town, checkpoint: Checkpoint) -> None:
    with closing(HttpFiles(f"{town.core.url}/log")) as files:
        tree = TileTree(files, size=checkpoint.size, root=checkpoint.root)
        assert len(list(tree.inclusion_proof(0))) > 0


def test_a_tile_may_be_kept_for_ever(town: Town, checkpoint: Checkpoint) -> None:
    answer = get(town, f"/log/tile/0/000.p/{checkpoint.size}")
    assert len(answer.content) == 32 * checkpoint.size
    assert answer.headers["content-type"] == "application/octet-stream"
    assert "immutable" in answer.headers["cache-control"]


@pytest.mark.parametrize(
    "path",
    [
        "/log/../keys/salt",
        "/log/tile/../../keys/salt",
        "/log/tile/..%2F..%2Fkeys%2Fsalt",
        "/log/%2e%2e/keys/salt",
        "/log/tile/%2e%2e/%2e%2e/keys/log",
        "/log/tile/0/..%5c..%5ckeys",
        "/log/tile//etc/passwd",
        "/log//etc/passwd",
        "/log/.lock",
        "/log/signed-checkpoint",
        "/log/tile/0/0",
        "/log/tile/64/000",
        "/log/tile/00/000",
        "/log/tile/0/000.p/256",
        "/log/tile/0/000.p/0",
        "/log/tile/0/000%00",
        "/log/tile/0/000.tmp",
        "/log/tile/0/x999/x999/x999/x999/x999/x999/999",
        "/log/tile/0/999",
        "/log/tile/",
        "/log/",
        "/log",
        "/log/tile/0/" + "x000/" * 300 + "000",
    ],
)
def test_nothing_else_is_served(town: Town, path: str) -> None:
    answer = send_raw(
        town.core.url, f"GET {path} HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n".encode()
    )
    assert answer.startswith((b"HTTP/1.1 404", b"HTTP/1.1 400", b"HTTP/1.1 405")), answer[:200]
    assert b"0001020304" not in answer
