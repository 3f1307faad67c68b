# SPDX-License-Identifier: Apache-2.0
"""A key counts once: one works, repeats get its answer, others are told why not."""

import asyncio
from collections.abc import Awaitable, Callable

import httpx
import pytest
from litestar import Request, get

from kerege.service.idempotency import (
    CLAIM_US,
    KEPT_US,
    KeptAnswer,
    MemoryIdempotency,
    once,
    required_key,
)
from kerege.service.problems import Problem
from tests.nodes import serve_echo

KEY = "0123456789abcdef"
DONE = KeptAnswer(200, b"done")


def do(
    store: MemoryIdempotency,
    work: Callable[[], Awaitable[KeptAnswer]],
    *,
    caller: str = "alpha",
    digest: bytes = b"1",
    now_us: int = 0,
) -> KeptAnswer:
    return asyncio.run(
        once(store, caller, KEY, digest, now_us=lambda: now_us, run=asyncio.to_thread, work=work)
    )


class Work:
    """Counts how often it is done."""

    def __init__(self) -> None:
        self.times = 0

    async def __call__(self) -> KeptAnswer:
        self.times += 1
        return DONE


def test_a_repeat_gets_the_first_answer() -> None:
    store, work = MemoryIdempotency(), Work()
    assert [do(store, work) for _ in range(3)] == [DONE] * 3
    assert work.times == 1


def test_another_request_under_the_key_is_refused() -> None:
    store, work = MemoryIdempotency(), Work()
    do(store, work)
    with pytest.raises(Problem) as raised:
        do(store, work, digest=b"2")
    assert raised.value.code == "key_reused"


def test_keys_are_each_callers_own() -> None:
    store, work = MemoryIdempotency(), Work()
    do(store, work)
    do(store, work, caller="beta", digest=b"2")
    assert work.times == 2


def test_what_failed_may_be_tried_again() -> None:
    store, work = MemoryIdempotency(), Work()

    async def fail() -> KeptAnswer:
        raise Problem("unavailable")

    with pytest.raises(Problem):
        do(store, fail)
    assert do(store, work) == DONE


def test_two_at_once() -> None:
    store = MemoryIdempotency()
    assert store.claim("alpha", KEY, b"1", now_us=0) is None
    with pytest.raises(Problem) as raised:
        store.claim("alpha", KEY, b"1", now_us=CLAIM_US - 1)
    assert raised.value.code == "still_under_way"
    assert store.claim("alpha", KEY, b"1", now_us=CLAIM_US) is None


def test_answers_are_forgotten_after_a_day() -> None:
    store, work = MemoryIdempotency(), Work()
    do(store, work)
    do(store, work, now_us=KEPT_US - 1)
    do(store, work, now_us=KEPT_US)
    assert work.times == 2


def test_memory_is_bounded() -> None:
    store = MemoryIdempotency(max_keys=2)
    for number in range(5):
        store.claim("alpha", f"{number}", b"", now_us=0)
    assert len(store._entries) == 2


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ([KEY], 200),
        ([f'"{KEY}"'], 200),
        ([], 400),
        ([KEY, KEY], 400),
        (["short"], 400),
        (["x" * 65], 400),
        (["a" * 16 + " b"], 400),
    ],
)
def test_the_header(given: list[str], status: int) -> None:
    @get("/key")
    async def key(request: Request) -> str:  # type: ignore[type-arg]
        return required_key(request)

    with serve_echo(key) as node:
        headers = [("idempotency-key", value) for value in given]
        answer = httpx.get(f"{node.url}/key", headers=headers, trust_env=False)
    assert answer.status_code == status
    assert answer.text == KEY or answer.json()["place"] == "idempotency-key"
