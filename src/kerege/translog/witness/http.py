# SPDX-License-Identifier: Apache-2.0
"""The witness's HTTP interface (C2SP tlog-witness): add-checkpoint and monitor retrieval.

Plain HTTP/1.1 with keep-alive, a thread per connection; TLS is for the proxy in front.
"""

import logging
import re
import socket
import threading
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import MappingProxyType
from typing import Any

from kerege.translog.signature_line import NoteSignature
from kerege.translog.witness.request import MAX_REQUEST_BYTES, RequestError
from kerege.translog.witness.rules import Refusal, Refused
from kerege.translog.witness.service import Cosigned, Witness
from kerege.translog.witness.store import WitnessStoreError
from kerege.translog.witness.watchdog import Watchdog

__all__ = ["MAX_CONNECTIONS", "REFUSAL_STATUS", "REQUEST_LIMIT_S", "WitnessServer"]

# Each connection may cost a thread and one request in memory: 32 MB in all at the very most.
MAX_CONNECTIONS = 64

# Seconds from a connection's start, or its previous answer, to the end of its next request.
REQUEST_LIMIT_S = 15.0

# Of a request that may prove a fork, kept in the log: a full proof and some signatures.
MAX_EVIDENCE_BYTES = 8192

REFUSAL_STATUS = MappingProxyType(
    {
        Refusal.UNKNOWN_ORIGIN: HTTPStatus.NOT_FOUND,
        Refusal.NOT_SIGNED_BY_LOG: HTTPStatus.FORBIDDEN,
        Refusal.OLD_SIZE_ABOVE_CHECKPOINT: HTTPStatus.BAD_REQUEST,
        Refusal.OLD_SIZE_NOT_LATEST: HTTPStatus.CONFLICT,
        Refusal.EMPTY_TREE_ROOT_WRONG: HTTPStatus.UNPROCESSABLE_ENTITY,
        Refusal.PROOF_FROM_EMPTY_TREE: HTTPStatus.UNPROCESSABLE_ENTITY,
        Refusal.INCONSISTENT: HTTPStatus.UNPROCESSABLE_ENTITY,
        Refusal.CLOCK_WRONG: HTTPStatus.SERVICE_UNAVAILABLE,
    }
)

_ADD_CHECKPOINT = "/add-checkpoint"
_CHECKPOINT = re.compile(r"/([0-9a-f]{64})/checkpoint", re.ASCII)
_CONTENT_LENGTH = re.compile(r"[0-9]{1,9}", re.ASCII)

_TEXT = "text/plain; charset=utf-8"
_SIZE = "text/x.tlog.size"

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Answer:
    status: HTTPStatus
    body: bytes
    content_type: str = _TEXT
    allowed_method: str = ""


def _plain(status: HTTPStatus, explanation: str) -> _Answer:
    return _Answer(status, f"{explanation}\n".encode())


_ONLY_POST = _Answer(HTTPStatus.METHOD_NOT_ALLOWED, b"POST here\n", allowed_method="POST")


def _answer_cosigned(signatures: tuple[NoteSignature, ...]) -> _Answer:
    lines = "".join(signature.to_line() for signature in signatures)
    return _Answer(HTTPStatus.OK, lines.encode())


def _answer_refused(refused: Refused) -> _Answer:
    status = REFUSAL_STATUS[refused.refusal]
    if refused.refusal is Refusal.OLD_SIZE_NOT_LATEST:
        return _Answer(status, f"{refused.latest_size}\n".encode(), _SIZE)
    return _plain(status, refused.explanation)


class WitnessServer(ThreadingHTTPServer):
    """Serves one witness on `address` (host, port; port 0 takes any free one).

    `serve_forever` runs until `shutdown` is called from another thread; `server_close` then waits
    for the requests under way.
    """

    daemon_threads = False
    # Waiting connections the system keeps for us; more are refused by it.
    request_queue_size = 128

    def __init__(
        self,
        address: tuple[str, int],
        witness: Witness,
        *,
        max_connections: int = MAX_CONNECTIONS,
        request_limit_s: float = REQUEST_LIMIT_S,
    ) -> None:
        if ":" in address[0]:
            self.address_family = socket.AF_INET6
        self.witness = witness
        self.request_limit_s = request_limit_s
        self.watchdog = Watchdog(limit_s=request_limit_s)
        self._free_connections = threading.BoundedSemaphore(max_connections)
        super().__init__(address, _Handler)
        self.watchdog.start()

    def process_request(self, request: Any, client_address: Any) -> None:  # socketserver's types
        """Start a thread for a connection, or close it at once when there are too many."""
        if not self._free_connections.acquire(blocking=False):
            _log.warning("connection refused: all are in use")
            self.shutdown_request(request)
            return
        self.watchdog.restart(request)
        try:
            super().process_request(request, client_address)
        except RuntimeError:
            # No thread could be started; the caller closes the connection.
            self._free_connections.release()
            raise

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """Serve a connection to its end, in its own thread."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._free_connections.release()

    def shutdown_request(self, request: Any) -> None:
        """Close a connection."""
        self.watchdog.forget(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Log what ended a connection: most often the client went away."""
        _log.info("connection ended", exc_info=True)

    def server_close(self) -> None:
        """Stop listening, let requests under way finish, close every connection."""
        self.watchdog.stop()
        super().server_close()
        self.watchdog.finish()


class _Handler(BaseHTTPRequestHandler):
    server: WitnessServer
    protocol_version = "HTTP/1.1"
    server_version = "kerege-witness"
    sys_version = ""
    # The library's errors: with a status line even to what is not HTTP, and as plain as ours.
    default_request_version = "HTTP/1.0"
    error_content_type = _TEXT
    error_message_format = "%(message)s\n"
    # Cosignatures are small: send at once.
    disable_nagle_algorithm = True
    wbufsize = -1

    def setup(self) -> None:
        super().setup()
        self.connection.settimeout(self.server.request_limit_s)

    def handle_one_request(self) -> None:
        super().handle_one_request()
        self.server.watchdog.restart(self.connection)

    def do_POST(self) -> None:
        if self.path != _ADD_CHECKPOINT:
            self._refuse_unread(HTTPStatus.NOT_FOUND, f"POST to {_ADD_CHECKPOINT} only")
            return
        length = self._read_length()
        if length is None:
            return
        body = self.rfile.read(length)
        if len(body) < length:
            self._refuse_unread(HTTPStatus.REQUEST_TIMEOUT, "the request did not arrive whole")
            return
        self._send(self._add_checkpoint(body))

    def do_GET(self) -> None:
        if self.path == _ADD_CHECKPOINT:
            self._send(_ONLY_POST)
            return
        match = _CHECKPOINT.fullmatch(self.path)
        note = self._read_checkpoint(match[1]) if match else None
        if isinstance(note, _Answer):
            self._send(note)
        elif note is None:
            self._send(_plain(HTTPStatus.NOT_FOUND, "nothing cosigned under this address"))
        else:
            self._send(_Answer(HTTPStatus.OK, note))

    def _read_length(self) -> int | None:
        """Return the body's length in bytes, or answer the request and return `None`."""
        lengths = self.headers.get_all("Content-Length", [])
        if "Transfer-Encoding" in self.headers or not lengths:
            self._refuse_unread(HTTPStatus.LENGTH_REQUIRED, "send a Content-Length")
            return None
        if len(lengths) > 1 or not _CONTENT_LENGTH.fullmatch(lengths[0]):
            self._refuse_unread(HTTPStatus.BAD_REQUEST, "the Content-Length is not a number")
            return None
        if int(lengths[0]) > MAX_REQUEST_BYTES:
            self._refuse_unread(
                HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
                f"a request has at most {MAX_REQUEST_BYTES} bytes",
            )
            return None
        return int(lengths[0])

    def _add_checkpoint(self, body: bytes) -> _Answer:
        try:
            result = self.server.witness.add_checkpoint(body)
        except RequestError as error:
            return _plain(HTTPStatus.BAD_REQUEST, str(error))
        except WitnessStoreError as error:
            return _answer_store_error(error)
        if isinstance(result, Cosigned):
            return _answer_cosigned(result.signatures)
        _log_refused(result, body)
        return _answer_refused(result)

    def _read_checkpoint(self, origin_hash: str) -> bytes | _Answer | None:
        try:
            return self.server.witness.read_checkpoint(origin_hash)
        except WitnessStoreError as error:
            return _answer_store_error(error)

    def _refuse_unread(self, status: HTTPStatus, explanation: str) -> None:
        # What follows on the connection may be the body: it cannot be read as a request.
        self.close_connection = True
        self._send(_plain(status, explanation))

    def _send(self, answer: _Answer) -> None:
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.content_type)
        self.send_header("Content-Length", str(len(answer.body)))
        if answer.allowed_method:
            self.send_header("Allow", answer.allowed_method)
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(answer.body)
        self.wfile.flush()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the library's name
        # Quoted: a request line may hold control characters.
        _log.debug("%s %r", self.address_string(), format % args)


def _log_refused(refused: Refused, body: bytes) -> None:
    if refused.refusal is Refusal.INCONSISTENT:
        # Signed by the log, so "it might be proof of log misbehavior": keep it.
        _log.warning("wrong proof or fork: %s: %r", refused.explanation, body[:MAX_EVIDENCE_BYTES])
    else:
        _log.info("refused: %s: %s", refused.refusal, refused.explanation)


def _answer_store_error(error: WitnessStoreError) -> _Answer:
    # The cause names files of this machine: it goes to the log, not to the client.
    _log.error("%s", error)
    return _plain(HTTPStatus.SERVICE_UNAVAILABLE, "the witness cannot keep its state now")
