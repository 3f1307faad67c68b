# SPDX-License-Identifier: Apache-2.0
"""The witness's client: against our witness, and against servers that lie, drip and wander."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from kerege.translog.checkpoint import CheckpointError
from kerege.translog.note import NoteError, NoteSignature, format_note, parse_note, sign_note
from kerege.translog.witness import (
    WitnessAheadError,
    WitnessClientError,
    WitnessEndpoint,
    request_cosignature,
)
from kerege.translog.witness.client import MAX_ATTEMPTS, MAX_RESPONSE_BYTES
from tests.model_log import ModelLog
from tests.witness_server import NOW_S, cosigner, make_witness, serve, verifier_of_cosigner

LOG = ModelLog()
COSIGNER = cosigner()
TEXT = parse_note(LOG.checkpoint(5)).text

Answer = tuple[int, dict[str, str], bytes]
CONFLICT = {"Content-Type": "text/x.tlog.size"}


def endpoint(address: tuple[str, int], prefix: str = "") -> WitnessEndpoint:
    url = f"http://{address[0]}:{address[1]}{prefix}"
    return WitnessEndpoint(url=url, verifiers=(verifier_of_cosigner(COSIGNER),))


def ask(
    witness: WitnessEndpoint, *, size: int = 5, old_size: int = 0, timeout_s: float = 10
) -> tuple[NoteSignature, ...]:
    return request_cosignature(
        witness,
        note=LOG.checkpoint(size),
        old_size=old_size,
        prove=lambda old: LOG.prove(old, size),
        now_s=lambda: NOW_S,
        timeout_s=timeout_s,
    )


@contextmanager
def answering(
    answer: Callable[[bytes], Answer], paths: list[str] | None = None
) -> Iterator[tuple[str, int]]:
    """Serve whatever `answer` says to a body; collect the paths asked for."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            if paths is not None:
                paths.append(self.path)
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status, headers, content = answer(body)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield "127.0.0.1", server.server_port
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def test_a_cosignature_from_the_first_guess_and_from_a_wrong_one() -> None:
    with serve(make_witness(LOG)) as address:
        assert [signature.name for signature in ask(endpoint(address))] == [COSIGNER.name]
        for size, guess in [(6, 0), (8, 6), (9, 3), (9, 9), (9, 0), (12, 15)]:
            assert len(ask(endpoint(address), size=size, old_size=guess)) == 1


def test_a_witness_ahead_of_the_checkpoint_is_told_apart() -> None:
    with serve(make_witness(LOG)) as address:
        ask(endpoint(address), size=8)
        with pytest.raises(WitnessAheadError, match="cosigned size 8, the checkpoint has 5"):
            ask(endpoint(address), size=5)


def test_the_path_follows_the_submission_prefix() -> None:
    paths: list[str] = []
    with answering(lambda _: (500, {}, b""), paths) as address:
        for prefix in ("", "/", "/a/b", "/a/b/"):
            with pytest.raises(WitnessClientError, match="answered 500"):
                ask(endpoint(address, prefix))
    top = "/add-checkpoint"
    assert paths == [top, top, f"/a/b{top}", f"/a/b{top}"]


def cosigned(text: str = TEXT, *, timestamp_s: int = NOW_S) -> bytes:
    return COSIGNER.cosign(text, timestamp_s=timestamp_s).to_line().encode()


STRANGER = LOG.signer.sign(TEXT).to_line().encode()
BROKEN = NoteSignature(COSIGNER.name, COSIGNER.key_id, bytes(72)).to_line().encode()
NO_COSIGNATURE = "no usable cosignature"

UNUSABLE: dict[str, tuple[Answer, str]] = {
    "nothing": ((200, {}, b""), NO_COSIGNATURE),
    "no line": ((200, {}, b"hello\n"), NO_COSIGNATURE),
    "no newline": ((200, {}, cosigned()[:-1]), NO_COSIGNATURE),
    "only a stranger's": ((200, {}, STRANGER), NO_COSIGNATURE),
    "a broken one": ((200, {}, BROKEN), NO_COSIGNATURE),
    "a broken one beside a good one": ((200, {}, cosigned() + BROKEN), NO_COSIGNATURE),
    "on another checkpoint": ((200, {}, cosigned(TEXT.replace("5", "6"))), NO_COSIGNATURE),
    "from the future": ((200, {}, cosigned(timestamp_s=NOW_S + 61)), "61 s in the future"),
    "an old one": ((200, {}, cosigned(timestamp_s=NOW_S - 301)), "301 s old"),
    "a note inside": ((200, {}, b"\n\nother text\n\n" + cosigned()), NO_COSIGNATURE),
    "too much": ((200, {}, b"x" * (MAX_RESPONSE_BYTES + 1)), "more than 65536 bytes"),
    "a redirect": ((307, {"Location": "http://127.0.0.1:1/"}, b""), "answered 307"),
    "not found": ((404, {}, "жоқ\n\x1b[31m".encode()), r"answered 404: жоқ\?+\[31m"),
    "a conflict without type": ((409, {}, b"3\n"), "the conflict is of type"),
    "a conflict without size": ((409, CONFLICT, b"\n"), "names no size"),
    "a conflict with odd digits": ((409, CONFLICT, "٣\n".encode()), "names no size"),
    "a conflict with a negative size": ((409, CONFLICT, b"-3\n"), "names no size"),
    "a conflict with two lines": ((409, CONFLICT, b"3\n3\n"), "names no size"),
    "a conflict without end": ((409, CONFLICT, b"3\n"), "size kept changing"),
    "a conflict beyond all sizes": ((409, CONFLICT, b"9" * 30), "names no size"),
}


@pytest.mark.parametrize(("answer", "message"), UNUSABLE.values(), ids=UNUSABLE)
def test_unusable_answers(answer: Answer, message: str) -> None:
    paths: list[str] = []
    with (
        answering(lambda _: answer, paths) as address,
        pytest.raises(WitnessClientError, match=message) as caught,
    ):
        ask(endpoint(address))
    assert caught.value.place == endpoint(address).url
    assert len(paths) <= MAX_ATTEMPTS


def test_signatures_of_strangers_in_an_answer_are_dropped() -> None:
    with answering(lambda _: (200, {}, STRANGER + cosigned() + STRANGER)) as address:
        assert [signature.name for signature in ask(endpoint(address))] == [COSIGNER.name]


def test_a_dripping_witness_is_left_in_time() -> None:
    stopped = threading.Event()

    class Drip(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.send_response(200)
            self.end_headers()
            try:
                while not stopped.wait(0.05):
                    self.wfile.write(b"x")
                    self.wfile.flush()
            except OSError:
                pass

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    server = HTTPServer(("127.0.0.1", 0), Drip)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    with pytest.raises(WitnessClientError):
        ask(endpoint(("127.0.0.1", server.server_port)), timeout_s=0.5)
    stopped.set()
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_witness_that_is_not_there() -> None:
    with answering(lambda _: (500, {}, b"")) as address:
        pass
    with pytest.raises(WitnessClientError, match="no answer from the witness: ConnectionRefused"):
        ask(endpoint(address))


@pytest.mark.parametrize(
    "url",
    [
        "",
        "witness.example",
        "ftp://witness.example",
        "file:///etc/passwd",
        "http://",
        "http://w.example:port",
        "http://w.example:99999",
        "http://w.example/?q=1",
        "http://w.example/#f",
        "http://[::1",
        "http://w.example/a b",
        "http://w.example/\r\nX: y",
    ],
)
def test_what_is_no_witnesss_url(url: str) -> None:
    with pytest.raises(WitnessClientError):
        ask(WitnessEndpoint(url=url, verifiers=()), timeout_s=0.2)


def test_what_is_no_checkpoint_is_not_sent() -> None:
    witness = WitnessEndpoint(url="http://127.0.0.1:1", verifiers=())

    def prove(_: int) -> Sequence[bytes]:
        return ()

    with pytest.raises(NoteError):
        request_cosignature(witness, note=b"x", old_size=0, prove=prove, now_s=lambda: NOW_S)
    note = format_note(sign_note("hello\n", [LOG.signer]))
    with pytest.raises(CheckpointError):
        request_cosignature(witness, note=note, old_size=0, prove=prove, now_s=lambda: NOW_S)
