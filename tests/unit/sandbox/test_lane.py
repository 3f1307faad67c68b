# SPDX-License-Identifier: Apache-2.0
import asyncio

import pytest

from kerege.sandbox.lane import Lane, NoAnswer
from tests.unit.sandbox.echoing import Answering, answering, ok


def ask(answer: Answering, *, times: int = 1, timeout_s: float = 5) -> list[tuple[int, bytes]]:
    async def run() -> list[tuple[int, bytes]]:
        async with answering(answer) as url:
            lane = Lane(url, timeout_s=timeout_s)
            try:
                answers = [
                    await lane.ask("POST", "/v1/x", headers={"a": "b"}, body=b"tea")
                    for _ in range(times)
                ]
            finally:
                lane.close()
            return [(answer.status, answer.body) for answer in answers]

    return asyncio.run(run())


def test_it_asks_and_reads_on_one_connection() -> None:
    heads = []

    def answer(head: bytes, body: bytes) -> bytes:
        heads.append(head)
        return ok(body + b"!")

    assert ask(answer, times=3) == [(200, b"tea!")] * 3
    assert heads[0].startswith(b"POST /v1/x HTTP/1.1\r\nhost: 127.0.0.1:")
    assert b"\r\na: b\r\n" in heads[0]


def test_it_connects_anew_when_told_to_close() -> None:
    said = ok(b"once", status="503 Service Unavailable", more="Connection: close\r\n")
    assert ask(lambda _head, _body: said, times=2) == [(503, b"once")] * 2


@pytest.mark.parametrize(
    "said",
    [
        None,
        b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nshort",
        b"HTTP/1.1 OK\r\n\r\n",
        b"SSH-2.0-x\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nX: " + b"x" * 100_000 + b"\r\n\r\n",
        b"",
    ],
)
def test_anything_else_is_no_answer(said: bytes | None) -> None:
    with pytest.raises(NoAnswer, match="no answer from"):
        ask(lambda _head, _body: said, timeout_s=0.2)


def test_nobody_listening_is_no_answer() -> None:
    with pytest.raises(NoAnswer):
        asyncio.run(Lane("http://127.0.0.1:9").ask("GET", "/", headers={}))
