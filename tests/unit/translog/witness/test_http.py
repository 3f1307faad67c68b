# SPDX-License-Identifier: Apache-2.0
"""The witness on a real socket: exact answers, hostile clients, many at once."""

import contextlib
import random
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from kerege.translog.note import open_note, parse_note
from kerege.translog.witness import Refusal, SqliteWitnessStore
from kerege.translog.witness.http import REFUSAL_STATUS
from kerege.translog.witness.request import MAX_REQUEST_BYTES, format_request
from kerege.translog.witness.store import hash_origin
from tests.model_log import ModelLog
from tests.witness_server import (
    cosigner,
    exchange,
    make_witness,
    post,
    serve,
    verifier_of_cosigner,
)

LOG = ModelLog()
FORK = ModelLog(branch="fork", fork_at=3)
VERIFIER = verifier_of_cosigner(cosigner())


@pytest.fixture
def address() -> Iterator[tuple[str, int]]:
    with serve(make_witness(LOG)) as made:
        yield made


def cosigned_text(note: bytes, lines: bytes) -> str:
    text = parse_note(note).text
    return open_note(f"{text}\n".encode() + lines, [VERIFIER]).text


def test_every_refusal_has_its_status() -> None:
    assert set(REFUSAL_STATUS) == set(Refusal)


def test_a_cosignature_and_nothing_else(address: tuple[str, int]) -> None:
    status, headers, body = post(address, LOG.request(0, 5))
    assert (status, headers["content-type"]) == (200, "text/plain; charset=utf-8")
    assert body.startswith("— witness.example/w1 ".encode())
    assert (body.count(b"\n"), body[-1:]) == (1, b"\n")
    assert cosigned_text(LOG.checkpoint(5), body) == parse_note(LOG.checkpoint(5)).text


def test_a_conflict_says_the_size_and_nothing_else(address: tuple[str, int]) -> None:
    post(address, LOG.request(0, 5))
    for request in (LOG.request(0, 5), LOG.request(3, 8), LOG.request(6, 8)):
        status, headers, body = post(address, request)
        assert (status, headers["content-type"], body) == (409, "text/x.tlog.size", b"5\n")


def test_each_refusal_on_the_wire(address: tuple[str, int]) -> None:
    post(address, LOG.request(0, 5))
    wrong_key = ModelLog(LOG.origin, seed=9)
    proof_from_nothing = format_request(old_size=5, proof=(bytes(32),), note=LOG.checkpoint(5))
    for request, expected in [
        (ModelLog("log.example/2").request(0, 5), 404),
        (wrong_key.request(0, 5), 403),
        (LOG.request(6, 5), 400),
        (FORK.request(5, 9), 422),
        (FORK.request(5, 5), 422),
        (proof_from_nothing, 422),
        (b"", 400),
        (b"old 0\n", 400),
        (b"\xff" * 100, 400),
        (LOG.request(5, 6)[:-1], 400),
    ]:
        status, headers, _ = post(address, request)
        assert (status, headers["content-type"]) == (expected, "text/plain; charset=utf-8")
    assert post(address, LOG.request(5, 6))[0] == 200


def test_a_fork_is_kept_in_the_log_as_evidence(
    address: tuple[str, int], caplog: pytest.LogCaptureFixture
) -> None:
    post(address, LOG.request(0, 5))
    post(address, FORK.request(5, 9))
    (record,) = [record for record in caplog.records if record.levelname == "WARNING"]
    assert repr(FORK.checkpoint(9))[2:-1] in record.getMessage()


def test_monitors_fetch_the_cosigned_checkpoint(address: tuple[str, int]) -> None:
    path = f"/{hash_origin(LOG.origin)}/checkpoint"
    request = f"GET {path} HTTP/1.1\r\nHost: w\r\nConnection: close\r\n\r\n".encode()
    assert exchange(address, request).startswith(b"HTTP/1.1 404 ")
    lines = post(address, LOG.request(0, 5))[2]
    answer = exchange(address, request)
    assert answer.startswith(b"HTTP/1.1 200 ")
    assert answer.partition(b"\r\n\r\n")[2] == LOG.checkpoint(5) + lines


ODD_REQUESTS = {
    "another path": (b"POST /add HTTP/1.1\r\nContent-Length: 0\r\n\r\n", 404),
    "a query": (b"POST /add-checkpoint?a HTTP/1.1\r\nContent-Length: 0\r\n\r\n", 404),
    "a file": (b"GET /../etc/passwd HTTP/1.1\r\n\r\n", 404),
    "a short hash": (b"GET /abc/checkpoint HTTP/1.1\r\n\r\n", 404),
    "a hash in capitals": (b"GET /" + b"A" * 64 + b"/checkpoint HTTP/1.1\r\n\r\n", 404),
    "GET": (b"GET /add-checkpoint HTTP/1.1\r\n\r\n", 405),
    "PUT": (b"PUT /add-checkpoint HTTP/1.1\r\nContent-Length: 0\r\n\r\n", 501),
    "no length": (b"POST /add-checkpoint HTTP/1.1\r\n\r\n", 411),
    "chunks": (
        b"POST /add-checkpoint HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        411,
    ),
    "chunks and a length": (
        b"POST /add-checkpoint HTTP/1.1\r\nContent-Length: 5\nTransfer-Encoding: chunked\n\n0\n\n",
        411,
    ),
    "two lengths": (
        b"POST /add-checkpoint HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx",
        400,
    ),
    "a negative length": (b"POST /add-checkpoint HTTP/1.1\r\nContent-Length: -1\r\n\r\n", 400),
    "a length in words": (b"POST /add-checkpoint HTTP/1.1\r\nContent-Length: +5\r\n\r\n", 400),
    "a huge length": (
        b"POST /add-checkpoint HTTP/1.1\r\nContent-Length: 999999999\r\n\r\n",
        413,
    ),
    "an endless length": (
        b"POST /add-checkpoint HTTP/1.1\r\nContent-Length: 99999999999999\r\n\r\n",
        400,
    ),
    "a body cut short": (b"POST /add-checkpoint HTTP/1.1\r\nContent-Length: 50\r\n\r\nold", 408),
    "no HTTP": (b"hello there general\r\n\r\n", 400),
    "a long line": (b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\n\r\n", 414),
    "many headers": (b"GET / HTTP/1.1\r\n" + b"a: b\r\n" * 200 + b"\r\n", 431),
}


@pytest.mark.parametrize(("request_", "status"), ODD_REQUESTS.values(), ids=ODD_REQUESTS)
def test_odd_requests_are_answered(address: tuple[str, int], request_: bytes, status: int) -> None:
    answer = exchange(address, request_)
    assert answer.split(b"\r\n", 1)[0].split(b" ")[1] == str(status).encode()
    assert post(address, LOG.request(0, 5))[0] == 200


def test_a_body_that_is_refused_unread_is_never_taken_for_a_request(
    address: tuple[str, int],
) -> None:
    smuggled = b"GET /add-checkpoint HTTP/1.1\r\n\r\n"
    head = f"POST /other HTTP/1.1\r\nContent-Length: {len(smuggled)}\r\n\r\n".encode()
    assert exchange(address, head + smuggled).count(b"HTTP/1.1") == 1


def test_a_connection_serves_several_requests(address: tuple[str, int]) -> None:
    requests = b""
    for old_size, size in [(0, 5), (5, 6), (6, 6)]:
        body = LOG.request(old_size, size)
        requests += f"POST /add-checkpoint HTTP/1.1\r\nContent-Length: {len(body)}\r\n\r\n".encode()
        requests += body
    assert exchange(address, requests).count(b"HTTP/1.1 200 ") == 3


def test_the_largest_request_is_read_and_a_larger_one_is_not(address: tuple[str, int]) -> None:
    assert post(address, b"x" * MAX_REQUEST_BYTES)[0] == 400
    # The connection may be reset while the client still sends: that is a refusal, too.
    head = f"POST /add-checkpoint HTTP/1.1\r\nContent-Length: {MAX_REQUEST_BYTES + 1}\r\n\r\n"
    assert exchange(address, head.encode()).startswith(b"HTTP/1.1 413 ")


def test_a_dripping_client_is_cut_off_and_the_others_are_served() -> None:
    with (
        serve(make_witness(LOG), request_limit_s=0.5) as address,
        socket.create_connection(address, timeout=10) as slow,
    ):
        slow.sendall(b"POST /add-checkpoint HTTP/1.1\r\nContent-Length: 100\r\n\r\nold")
        answered = threading.Event()

        def drip() -> None:
            with contextlib.suppress(OSError):
                while not answered.wait(0.1):
                    slow.sendall(b"x")

        thread = threading.Thread(target=drip)
        thread.start()
        assert post(address, LOG.request(0, 5))[0] == 200
        assert slow.recv(100).startswith(b"HTTP/1.1 408 ")
        answered.set()
        thread.join()


def test_silent_connections_are_closed() -> None:
    with (
        serve(make_witness(LOG), request_limit_s=0.3) as address,
        socket.create_connection(address, timeout=10) as silent,
    ):
        assert silent.recv(100) == b""


def test_too_many_connections_are_closed_at_once() -> None:
    with serve(make_witness(LOG), max_connections=2) as address:
        held = [socket.create_connection(address, timeout=10) for _ in range(2)]
        for connection in held:
            # An answer shows that the connection has its place.
            connection.sendall(b"GET / HTTP/1.1\r\n\r\n")
            assert connection.recv(100).startswith(b"HTTP/1.1 404 ")
        with socket.create_connection(address, timeout=10) as refused:
            assert refused.recv(100) == b""
        for connection in held:
            connection.close()


def test_closing_the_server_does_not_wait_for_idle_connections() -> None:
    with closing(socket.socket()) as idle:
        with serve(make_witness(LOG), request_limit_s=60) as address:
            idle.connect(address)
            idle.sendall(b"GET / HTTP/1.1\r\n\r\n")
            idle.recv(1000)
        assert idle.recv(100) == b""


def test_it_listens_on_ipv6_too() -> None:
    with serve(make_witness(LOG), host="::1") as address:
        assert post(address, LOG.request(0, 5))[0] == 200


@pytest.mark.parametrize("seed", range(3))
def test_whoever_races_only_one_branch_is_ever_cosigned(tmp_path: Path, seed: int) -> None:
    """Two processes' stores on one file, two branches of a log, many clients, random sizes."""
    branches = [LOG, FORK, ModelLog(branch="other", fork_at=2)]
    path = tmp_path / "witness.db"
    with (
        closing(SqliteWitnessStore(path)) as first,
        closing(SqliteWitnessStore(path)) as second,
        serve(make_witness(LOG, store=first)) as one,
        serve(make_witness(LOG, store=second)) as two,
    ):
        cosigned = _race(branches, [one, two], random.Random(seed))
    assert len({size for size, _ in cosigned}) > 3
    assert len({branch for size, branch in cosigned if size > 3}) == 1


def _race(
    branches: list[ModelLog], addresses: list[tuple[str, int]], chance: random.Random
) -> list[tuple[int, int]]:
    """Return (size, branch) of every cosignature handed out."""

    def submit(plan: list[tuple[int, int, int]]) -> list[tuple[int, int]]:
        given, old_size = [], 0
        for branch, address, growth in plan:
            log, target = branches[branch], addresses[address]
            size = old_size + growth
            status, _, body = post(target, log.request(old_size, size))
            if status == 200:
                text = cosigned_text(log.checkpoint(size), body)
                assert text == parse_note(log.checkpoint(size)).text
                given.append((size, branch))
                old_size = size
            elif status == 409:
                old_size = int(body)
            else:
                assert status == 422
        return given

    plans = [
        [(chance.randrange(3), chance.randrange(2), chance.randrange(4)) for _ in range(12)]
        for _ in range(8)
    ]
    with ThreadPoolExecutor(max_workers=8) as pool:
        return [pair for given in pool.map(submit, plans) for pair in given]
