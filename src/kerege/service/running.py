# SPDX-License-Identifier: Apache-2.0
"""Run an ASGI application on uvicorn: in this process's main thread, or beside a test.

Listens where it is told (port 0: any free one), says where that is, ends cleanly on SIGTERM and
SIGINT: no new connections, requests under way finish within `GRACE_S`, then the application's own
shutdown.
"""

import asyncio
import socket
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, Final

import uvicorn
from litestar.types import ASGIApp

from kerege.errors import KeregeError
from kerege.service.connection import Connection

__all__ = ["Listening", "Server", "listen_on", "serving"]

GRACE_S: Final = 10
"""How long requests under way may take once the process is told to stop."""

KEEP_ALIVE_S: Final = 75
"""Longer than clients and proxies keep an idle connection (60 s): they close it, not we."""

MAX_UNDER_WAY: Final = 1_000
"""Requests at once in one process; more are told 503."""

THREADS: Final = 32
"""For what blocks: databases, hashing. Most of them wait most of the time."""

_BACKLOG: Final = 512
_MAX_PORT: Final = 65_535


class Listening(KeregeError):
    """An address that cannot be listened on."""


def listen_on(address: str) -> socket.socket:
    """A socket that listens on `host:port`; raises `Listening`."""
    host, _, port = address.rpartition(":")
    if not host or not (port.isascii() and port.isdigit()) or int(port) > _MAX_PORT:
        raise Listening("an address is host:port", place=address[:80])
    host = host.strip("[]")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, int(port)))
        listener.listen(_BACKLOG)
    except OSError as error:
        listener.close()
        raise Listening(
            f"cannot listen: {error.strerror or error}",
            place=address[:80],
            remedy="free the port or choose another",
        ) from error
    return listener


class Server:
    """One application on one listening socket. `run` blocks until `stop`, SIGTERM or SIGINT."""

    def __init__(
        self,
        app: ASGIApp,
        listener: socket.socket,
        *,
        on_ready: Callable[[str], None] = lambda url: None,
        max_under_way: int = MAX_UNDER_WAY,
    ) -> None:
        self._listener = listener
        self._on_ready = on_ready
        config = uvicorn.Config(
            _with_threads(app),
            http=Connection,
            ws="none",
            loop="uvloop",
            lifespan="on",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            limit_concurrency=max_under_way,
            timeout_keep_alive=KEEP_ALIVE_S,
            timeout_graceful_shutdown=GRACE_S,
        )
        self._server = _Uvicorn(config, self._tell_ready)

    @property
    def authority(self) -> str:
        """Host and port as in a request's `Host`."""
        host, port = self._listener.getsockname()[:2]
        return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://{self.authority}"

    def run(self) -> None:
        """Serve until told to stop."""
        self._server.run(sockets=[self._listener])

    def stop(self) -> None:
        """End `run`, from any thread."""
        self._server.should_exit = True

    def _tell_ready(self) -> None:
        self._on_ready(self.url)


class _Uvicorn(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, tell_ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._tell_ready = tell_ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if not self.should_exit:
            self._tell_ready()


@contextmanager
def serving(server: Server) -> Iterator[str]:
    """Run `server` in a thread and give its URL: for tests, and for nodes within one process."""
    started = threading.Event()
    server._on_ready = lambda url: started.set()  # noqa: SLF001
    thread = threading.Thread(target=server.run, name="http", daemon=True)
    thread.start()
    try:
        while not started.wait(0.02):
            if not thread.is_alive():
                raise Listening("the server ended before it was ready", place=server.authority)
        yield server.url
    finally:
        server.stop()
        thread.join()


def _with_threads(app: ASGIApp) -> Any:
    """Give the loop its threads when it starts: `asyncio.to_thread` uses them."""

    async def run(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            pool = ThreadPoolExecutor(THREADS, thread_name_prefix="http-work")
            asyncio.get_running_loop().set_default_executor(pool)
        await app(scope, receive, send)

    return run
