# SPDX-License-Identifier: Apache-2.0
"""Run an ASGI application on uvicorn: in this process's main thread, or beside a test.

Listens where it is told (port 0: any free one), says where that is, ends cleanly on SIGTERM and
SIGINT: no new connections, requests under way finish within `GRACE_S`, then the application's own
shutdown.
"""

import asyncio
import gc
import signal
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

THREADS: Final = 32
"""For what blocks: databases, hashing. Most of them wait most of the time."""

_SIGNALS: Final = (signal.SIGTERM, signal.SIGINT)
_COLLECT: Final = (20_000, 20, 50)
"""Objects more than before until the young are looked through, some 2 MB; then how often the young
until the older, and the older until all."""

_LOOK_S: Final = 0.02
_BACKLOG: Final = 512
_MAX_PORT: Final = 65_535


class Listening(KeregeError):
    """An address that cannot be listened on."""


def listen_on(address: str, *, shared: bool = False) -> socket.socket:
    """A socket that listens on `host:port`; raises `Listening`.

    Several processes of one user may listen on a `shared` port: the kernel spreads connections.
    """
    host, _, port = address.rpartition(":")
    if not host or not (port.isascii() and port.isdigit()) or int(port) > _MAX_PORT:
        raise Listening("an address is host:port", place=address[:80])
    host = host.strip("[]")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if shared:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
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
    """One application on one listening socket. `run` blocks until `stop`, SIGTERM or SIGINT.

    `on_ready` is told the URL; `on_stopping` is called before requests under way are waited for.
    """

    def __init__(
        self,
        app: ASGIApp,
        listener: socket.socket,
        *,
        on_ready: Callable[[str], None] = lambda url: None,
        on_stopping: Callable[[], None] = lambda: None,
    ) -> None:
        self._listener = listener
        host, port = listener.getsockname()[:2]
        self.authority = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        """Host and port as in a request's `Host`."""
        self._on_ready = on_ready
        self.is_ready = threading.Event()
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
            timeout_keep_alive=KEEP_ALIVE_S,
            timeout_graceful_shutdown=GRACE_S,
        )
        self._server = _Uvicorn(config, self._tell_ready, on_stopping)

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://{self.authority}"

    def run(self) -> None:
        """Serve until told to stop. Raises `Listening` if the application does not start."""
        if threading.current_thread() is threading.main_thread():
            _calm_collector()
        try:
            self._server.run(sockets=[self._listener])
        except SystemExit:
            raise Listening("the application did not start", place=self.url) from None
        finally:
            self._listener.close()

    def stop(self) -> None:
        """End `run`, from any thread."""
        self._server.should_exit = True

    def _tell_ready(self) -> None:
        self.is_ready.set()
        self._on_ready(self.url)


class _Uvicorn(uvicorn.Server):
    def __init__(
        self,
        config: uvicorn.Config,
        tell_ready: Callable[[], None],
        tell_stopping: Callable[[], None],
    ) -> None:
        super().__init__(config)
        self._tell_ready = tell_ready
        self._tell_stopping = tell_stopping

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if not self.should_exit:
            self._tell_ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._tell_stopping()
        await super().shutdown(sockets)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """End by SIGTERM and SIGINT; unlike uvicorn, do not end the process by them afterwards:
        what was opened before is still to be closed."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = {number: signal.signal(number, self.handle_exit) for number in _SIGNALS}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


def _calm_collector() -> None:
    """What is there when a process begins to serve stays: it need not be looked through again and
    again. Of what comes and goes with requests next to nothing is in cycles."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_COLLECT)


@contextmanager
def serving(server: Server) -> Iterator[str]:
    """Run `server` in a thread and give its URL: for tests, and for nodes within one process."""
    with ThreadPoolExecutor(1, thread_name_prefix="http") as thread:
        running = thread.submit(server.run)
        try:
            while not server.is_ready.wait(_LOOK_S):
                if running.done():
                    break
            if server.is_ready.is_set():
                yield server.url
        finally:
            server.stop()
            # What ended it, if it was not us.
            running.result()


def _with_threads(app: ASGIApp) -> Any:
    """Give the loop its threads when it starts: `asyncio.to_thread` uses them."""

    async def run(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            pool = ThreadPoolExecutor(THREADS, thread_name_prefix="http-work")
            asyncio.get_running_loop().set_default_executor(pool)
        await app(scope, receive, send)

    return run
