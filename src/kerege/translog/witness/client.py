# SPDX-License-Identifier: Apache-2.0
"""Asks a witness to cosign a checkpoint (C2SP tlog-witness, the client's side)."""

import contextlib
import http.client
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import urlsplit

from kerege.errors import KeregeError
from kerege.keys import InvalidSignatureError
from kerege.translog.checkpoint import (
    CheckpointError,
    parse_checkpoint,
    parse_tree_size,
)
from kerege.translog.cosignature import (
    CosignatureError,
    CosignatureVerifier,
    TimeRules,
    read_cosignature_time,
)
from kerege.translog.note import NoteError, NoteSignature, open_note, parse_note
from kerege.translog.witness.request import format_request

__all__ = [
    "MAX_ATTEMPTS",
    "MAX_RESPONSE_BYTES",
    "REQUEST_TIMEOUT_S",
    "WitnessAheadError",
    "WitnessClientError",
    "WitnessEndpoint",
    "request_cosignature",
]

# One guess, one correction, and one more for a checkpoint cosigned for someone else in between.
MAX_ATTEMPTS = 3

# Seconds for one whole exchange: connecting, sending, reading the answer.
REQUEST_TIMEOUT_S = 15.0

# An ML-DSA-44 cosignature line has 3.3 kB and 16 are far more keys than a witness has.
MAX_RESPONSE_BYTES = 64 * 1024

# Clocks of institutions follow a common source; this allows for one that drifted.
_DEFAULT_TIME_RULES = TimeRules(max_ahead_s=60, max_age_s=300)


class WitnessClientError(KeregeError):
    """No usable answer from a witness: ask again later, or do without it."""


class WitnessAheadError(WitnessClientError):
    """The witness has cosigned a larger tree than the checkpoint's."""


@dataclass(frozen=True, slots=True)
class WitnessEndpoint:
    """A witness's submission prefix (an http or https URL) and the keys trusted as its own."""

    url: str
    verifiers: tuple[CosignatureVerifier, ...]


@dataclass(frozen=True, slots=True)
class _Response:
    status: int
    content_type: str
    body: bytes


def request_cosignature(
    witness: WitnessEndpoint,
    *,
    note: bytes,
    old_size: int,
    prove: Callable[[int], Sequence[bytes]],
    now_s: Callable[[], int],
    time_rules: TimeRules = _DEFAULT_TIME_RULES,
    timeout_s: float = REQUEST_TIMEOUT_S,
) -> tuple[NoteSignature, ...]:
    """Return the witness's verified cosignatures on the checkpoint `note`, signed by its log.

    `old_size` is the size the witness is thought to have cosigned last, 0 if unknown. When the
    witness answers that it is another, `prove(old size)` is asked: it returns the consistency proof
    from a smaller size, not 0, to the checkpoint's. `now_s` gives POSIX seconds.

    Raises `WitnessAheadError`, `WitnessClientError`, and `CheckpointError` or `NoteError` if
    `note` is not a signed checkpoint.
    """
    size = parse_checkpoint(parse_note(note).text).size
    for _ in range(MAX_ATTEMPTS):
        proof = prove(old_size) if 0 < old_size < size else ()
        body = format_request(old_size=min(old_size, size), proof=proof, note=note)
        response = _post(witness.url, body, timeout_s=timeout_s)
        if response.status != HTTPStatus.CONFLICT:
            return _read_cosignatures(witness, note, response, time_rules, now_s())
        old_size = _read_conflict(witness, response, size)
    raise WitnessClientError(
        "the witness's size kept changing", place=witness.url, remedy="ask again later"
    )


def _read_conflict(witness: WitnessEndpoint, response: _Response, size: int) -> int:
    """Return the size the witness says it cosigned last."""
    if response.content_type != "text/x.tlog.size":
        raise WitnessClientError(
            f"the conflict is of type {response.content_type!r}", place=witness.url
        )
    try:
        text = response.body.decode("ascii")
        latest = parse_tree_size(text.removesuffix("\n"), place="size")
    except (UnicodeDecodeError, CheckpointError) as error:
        raise WitnessClientError("the conflict names no size", place=witness.url) from error
    if latest > size:
        raise WitnessAheadError(
            f"the witness has cosigned size {latest}, the checkpoint has {size}",
            place=witness.url,
            remedy="submit the log's newest checkpoint; if none is so large, the log went back",
        )
    return latest


def _read_cosignatures(
    witness: WitnessEndpoint,
    note: bytes,
    response: _Response,
    time_rules: TimeRules,
    now_s: int,
) -> tuple[NoteSignature, ...]:
    if response.status != HTTPStatus.OK:
        raise _refused(witness, response)
    try:
        # "To parse the response, the client MAY concatenate it to the checkpoint": to its text
        # here, so that the signatures already on it do not count. An answer that holds more than
        # signature lines adds an empty line to the text, which then is no checkpoint.
        text = parse_note(note).text
        opened = open_note(f"{text}\n".encode() + response.body, witness.verifiers)
        for signature in opened.signatures:
            time_rules.check(read_cosignature_time(signature.signature), now_s=now_s)
    except (NoteError, InvalidSignatureError, CosignatureError) as error:
        raise WitnessClientError(
            f"the answer holds no usable cosignature: {error}", place=witness.url
        ) from error
    return opened.signatures


def _refused(witness: WitnessEndpoint, response: _Response) -> WitnessClientError:
    explanation = response.body[:200].decode("utf-8", errors="replace").strip()
    shown = "".join(char if char.isprintable() else "?" for char in explanation)
    return WitnessClientError(f"the witness answered {response.status}: {shown}", place=witness.url)


def _post(url: str, body: bytes, *, timeout_s: float) -> _Response:
    """Send one request. Redirects are answers like any other: a witness has one address."""
    connection, path = _connect(url, timeout_s=timeout_s)
    headers = {"Content-Type": "text/plain; charset=utf-8", "Connection": "close"}
    try:
        connection.connect()
        with _cut_off_after(connection.sock, timeout_s):
            connection.request("POST", path, body=body, headers=headers)
            # Closed here: after "Connection: close" the response owns the socket.
            with connection.getresponse() as response:
                return _read_response(response, url)
    except (OSError, http.client.HTTPException) as error:
        raise WitnessClientError(
            f"no answer from the witness: {type(error).__name__}", place=url
        ) from error
    finally:
        connection.close()


def _connect(url: str, *, timeout_s: float) -> tuple[http.client.HTTPConnection, str]:
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise WitnessClientError("not a URL", place=url) from error
    if parts.scheme not in {"http", "https"} or not host or parts.query or parts.fragment:
        raise WitnessClientError("a witness's URL is http(s)://host[:port][/prefix]", place=url)
    make = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    try:
        return make(host, port, timeout=timeout_s), parts.path.rstrip("/") + "/add-checkpoint"
    except http.client.InvalidURL as error:
        raise WitnessClientError("not a URL", place=url) from error


@contextlib.contextmanager
def _cut_off_after(connection: socket.socket, timeout_s: float) -> Iterator[None]:
    """End an exchange that drips: a socket's timeout bounds each read, not their sum."""

    def cut_off() -> None:
        with contextlib.suppress(OSError):
            connection.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(timeout_s, cut_off)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _read_response(response: http.client.HTTPResponse, url: str) -> _Response:
    body = response.read(MAX_RESPONSE_BYTES + 1)
    if len(body) > MAX_RESPONSE_BYTES:
        raise WitnessClientError(f"the answer has more than {MAX_RESPONSE_BYTES} bytes", place=url)
    content_type = response.headers.get_content_type()
    return _Response(status=response.status, content_type=content_type, body=body)
