# SPDX-License-Identifier: Apache-2.0
"""A small node on this machine for one test, and raw sockets to be rude to it."""

import socket
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from litestar import Request, Router, get, post
from litestar.datastructures import State
from litestar.params import FromPath, FromQuery, JSONBody
from litestar.types import ControllerRouterHandler
from msgspec import Struct

from kerege.keys import Algorithm, PrivateKey, PublicKey
from kerege.keys.http_signatures import MemoryNonces, VerifiedRequest
from kerege.runtime import Clock, IdMaker, SeededRandomness, SystemClock, SystemRandomness
from kerege.service import (
    REPEATABLE,
    SIGNED,
    Gate,
    Metrics,
    NodeClient,
    Problem,
    Rates,
    Server,
    SignedRequests,
    StrictJson,
    build_app,
    listen_on,
    serving,
)

__all__ = ["Bank", "Book", "EchoNode", "Note", "client_of", "key_of", "send_raw", "serve_echo"]


class Bank(Struct, frozen=True):
    """An institution of a test."""

    id: str


class Note(Struct, forbid_unknown_fields=True):
    """What the echo node takes and gives back."""

    text: str
    count: int = 0


def key_of(name: str) -> PrivateKey:
    """The key of an institution of a test: the same each time."""
    return PrivateKey(Algorithm.ED25519, name.encode().ljust(32, b"."))


class Book:
    """Two banks and their keys."""

    def __init__(self, *names: str) -> None:
        self._banks = {name: Bank(name) for name in names}

    def find(self, keyid: str) -> tuple[Bank, PublicKey] | None:
        """As `Callers.find`."""
        bank = self._banks.get(keyid)
        return None if bank is None else (bank, key_of(keyid).public_key)


class EchoNode(Struct):
    """Where it is, and its metrics."""

    url: str
    metrics: Metrics


SignedRequest = Request[Bank, VerifiedRequest, State]


@get("/v1/hello")
async def hello(times: FromQuery[int] = 1) -> Note:
    """Say hello."""
    return Note("hello", times)


@get("/v1/broken")
async def broken() -> Note:
    """Fail in a way nobody foresaw."""
    raise RuntimeError("the secret is 42")


@get("/v1/refused")
async def refused() -> Note:
    """Refuse."""
    raise Problem("not_allowed", "because", place="here")


@get("/v1/things/{thing:str}")
async def read_thing(request: SignedRequest, thing: FromPath[str]) -> Note:
    """Who asked for what."""
    return Note(f"{request.user.id} {thing} {request.auth.query}")


@post("/v1/notes", dto=StrictJson, status_code=200, request_max_body_size=4096)
async def write_note(request: SignedRequest, data: JSONBody[Note]) -> Note:
    """Give back what was sent."""
    return Note(f"{request.user.id}: {data.text}", data.count)


@post("/v1/again", dto=StrictJson, status_code=200, opt={REPEATABLE: True})
async def write_again(request: SignedRequest, data: JSONBody[Note]) -> Note:
    """The same, harmless to repeat."""
    return data


@contextmanager
def serve_echo(
    *more: ControllerRouterHandler,
    clock: Clock | None = None,
    rates: Rates | None = None,
    failures: Rates | None = None,
    shared: Any = None,
    address: str = "127.0.0.1:0",
    on_stopping: Callable[[], None] = lambda: None,
) -> Iterator[EchoNode]:
    """Serve it on a free port; it knows the banks `alpha` and `beta`."""
    clock = clock or SystemClock()
    listener = listen_on(address)
    gate = Gate(
        Book("alpha", "beta"),
        clock,
        authority=lambda: server.authority,
        shared=shared or MemoryNonces(),
        rates=rates,
        failures=failures,
    )
    signed = Router(
        "/",
        route_handlers=[read_thing, write_note, write_again],
        middleware=[SignedRequests.of(gate)],
        security=[SIGNED],
    )
    metrics = Metrics()
    app = build_app(
        [hello, broken, refused, signed, *more],
        title="Echo",
        description="A node for tests.",
        ids=IdMaker(clock, SystemRandomness()),
        metrics=metrics,
    )
    server = Server(app, listener, on_stopping=on_stopping)
    with serving(server) as url:
        yield EchoNode(url, metrics)


@contextmanager
def client_of(name: str, url: str, *, clock: Clock | None = None) -> Iterator[NodeClient]:
    """A client that signs as the bank `name`; unsigned if the name is empty."""
    client = NodeClient(
        url,
        clock=clock or SystemClock(),
        randomness=SystemRandomness(),
        key=key_of(name) if name else None,
        keyid=name,
    )
    try:
        yield client
    finally:
        client.close()


def seeded(seed: int) -> SeededRandomness:
    """Randomness that repeats."""
    return SeededRandomness(seed)


def send_raw(
    url: str, pieces: Sequence[bytes] | bytes, *, timeout_s: float = 5, until: bytes = b"\0\0"
) -> bytes:
    """Send bytes as they are and return all that comes back until the other side closes, or until
    a piece has `until` in it."""
    host, port = url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=timeout_s) as connection:
        for piece in [pieces] if isinstance(pieces, bytes) else pieces:
            connection.sendall(piece)
        answer = b""
        try:
            while more := connection.recv(65536):
                answer += more
                if until in answer:
                    break
        except ConnectionResetError:
            pass
        return answer
