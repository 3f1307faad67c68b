# SPDX-License-Identifier: Apache-2.0
"""A small HTTP receiver on this machine that keeps what it gets and answers as it is told."""

import contextlib
import socket
import socketserver
import threading
from collections.abc import Iterator

import msgspec

__all__ = ["Receiver", "receiving"]


class Receiver:
    """`requests` are what arrived, whole; `answer` is sent as it is, empty: never.

    `routes` are answers by "METHOD /path": a status and a JSON body.
    """

    def __init__(self) -> None:
        self.requests: list[bytes] = []
        self.routes: dict[str, tuple[int, object]] = {}
        self.answer = b"HTTP/1.1 204 No Content\r\n\r\n"
        self.port = 0

    @property
    def authority(self) -> str:
        """Where it listens."""
        return f"127.0.0.1:{self.port}"

    def take(self, connection: socket.socket) -> None:
        """Take one request."""
        connection.settimeout(5)
        got = b""
        while b"\r\n\r\n" not in got:
            got += connection.recv(65536)
        head, _, body = got.partition(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length: ")[2].split(b"\r\n")[0] or 0)
        while len(body) < length:
            body += connection.recv(65536)
        self.requests.append(head + b"\r\n\r\n" + body)
        with contextlib.suppress(OSError):
            if answer := self._routed(head) or self.answer:
                connection.sendall(answer)
            else:
                connection.recv(1)

    def _routed(self, head: bytes) -> bytes:
        method, target, _ = head.split(b" ", 2)
        found = self.routes.get(f"{method.decode()} {target.decode().partition('?')[0]}")
        if found is None:
            return b""
        body = found[1] if isinstance(found[1], bytes) else msgspec.json.encode(found[1])
        return (
            f"HTTP/1.1 {found[0]} X\r\ncontent-type: application/json\r\n"
            f"content-length: {len(body)}\r\nconnection: close\r\n\r\n"
        ).encode() + body


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True


@contextlib.contextmanager
def receiving() -> Iterator[Receiver]:
    """A receiver in threads of its own."""
    receiver = Receiver()

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            receiver.take(self.request)

    with _Server(("127.0.0.1", 0), Handler) as server:
        receiver.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield receiver
        finally:
            server.shutdown()
            thread.join()
