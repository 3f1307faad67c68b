# SPDX-License-Identifier: Apache-2.0
import gzip
from contextlib import suppress
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from threading import Event

import pytest

from kerege.translog import http_files as module
from kerege.translog.http_files import FetchError, HttpFiles
from kerege.translog.tiles import MissingFileError, TileError
from tests.serving import Answer, serve_answers, serve_folder


def _send(handler: BaseHTTPRequestHandler, status: int, body: bytes, **headers: str) -> None:
    handler.send_response(status)
    headers.setdefault("Content-Length", str(len(body)))
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.end_headers()
    handler.wfile.write(body)


def _read(answer: Answer, path: str = "tile/0/000.p/1") -> bytes:
    with serve_answers(answer) as url:
        files = HttpFiles(url)
        try:
            return files.read(path)
        finally:
            files.close()


def test_files_are_read_over_one_connection(tmp_path: Path) -> None:
    (tmp_path / "log/tile/0").mkdir(parents=True)
    (tmp_path / "log/tile/0/000").write_bytes(bytes(8192))
    (tmp_path / "log/checkpoint").write_bytes(b"note")
    with serve_folder(tmp_path) as url:
        files = HttpFiles(f"{url}/log/")
        assert files.read("checkpoint") == b"note"
        with pytest.raises(MissingFileError):
            files.read("tile/0/001")
        assert files.read("tile/0/000") == bytes(8192)
        files.close()


@pytest.mark.parametrize(
    "prefix",
    [
        "",
        "log",
        "ftp://log.example/",
        "file:///etc/passwd",
        "http://",
        "http://log.example/?query",
        "http://log.example/#part",
        "http://name:password@log.example/",
        "http://log.example:port/",
        "http://log.example/\n",
        "http://log.example/é",
        "http://[::1/",
        "https://" + "a" * 3000,
    ],
)
def test_only_plain_web_addresses_are_taken(prefix: str) -> None:
    with pytest.raises(FetchError):
        HttpFiles(prefix)


def test_a_password_is_not_repeated() -> None:
    with pytest.raises(FetchError) as caught:
        HttpFiles("http://name:secret@log.example/")
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_redirects_are_refused(status: int) -> None:
    with pytest.raises(FetchError, match="redirects are not followed"):
        _read(lambda handler: _send(handler, status, b"", Location="http://other.example/"))


@pytest.mark.parametrize("status", [400, 403, 500, 503])
def test_other_answers_are_named(status: int) -> None:
    with pytest.raises(FetchError, match=f"answered {status}"):
        _read(lambda handler: _send(handler, status, b"no"))


def test_too_much_is_cut_off() -> None:
    with pytest.raises(FetchError, match="more than 8192 bytes"):
        _read(lambda handler: _send(handler, 200, bytes(8193)))


def test_too_little_is_noticed() -> None:
    def cut(handler: BaseHTTPRequestHandler) -> None:
        handler.close_connection = True
        _send(handler, 200, b"abc", Content_Length="4")

    with pytest.raises(FetchError):
        _read(cut)


@pytest.mark.parametrize("part", ["headers", "body"])
def test_a_drip_is_cut_off(monkeypatch: pytest.MonkeyPatch, part: str) -> None:
    monkeypatch.setattr(module, "REQUEST_DEADLINE_S", 0.2)
    stop = Event()

    def drip(handler: BaseHTTPRequestHandler) -> None:
        handler.close_connection = True
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
        handler.wfile.write(b"\r\n" if part == "body" else b"X-Long: ")
        with suppress(OSError):
            while not stop.wait(0.02):
                handler.wfile.write(b"x")

    try:
        with pytest.raises(FetchError, match=r"slower than 0.2 s"):
            _read(drip, "tile/entries/000")
    finally:
        stop.set()


def test_no_answer_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "REQUEST_TIMEOUT_S", 0.05)

    def silent(handler: BaseHTTPRequestHandler) -> None:
        handler.close_connection = True
        handler.rfile.read(1)

    with pytest.raises(FetchError, match="cannot be read"):
        _read(silent)


def test_nobody_there() -> None:
    with serve_answers(lambda handler: None) as url:
        pass
    with pytest.raises(FetchError, match="cannot be read"):
        HttpFiles(url).read("checkpoint")


def test_a_connection_closed_between_two_files_is_opened_again() -> None:
    def once(handler: BaseHTTPRequestHandler) -> None:
        _send(handler, 200, b"abc")
        handler.close_connection = True

    with serve_answers(once) as url:
        files = HttpFiles(url)
        assert [files.read("checkpoint") for _ in range(3)] == [b"abc"] * 3
        files.close()


def test_gzip_is_unpacked_within_the_limit() -> None:
    def zipped(data: bytes) -> Answer:
        return lambda handler: _send(handler, 200, data, Content_Encoding="gzip")

    assert _read(zipped(gzip.compress(b"abc"))) == b"abc"
    for bad in (
        gzip.compress(bytes(8193)),
        gzip.compress(b"abc")[:-1],
        gzip.compress(b"abc") + b"more",
        b"not gzip",
        b"",
    ):
        with pytest.raises(FetchError):
            _read(zipped(bad))


def test_an_encoding_nobody_asked_for_is_refused() -> None:
    with pytest.raises(FetchError, match="encoding"):
        _read(lambda handler: _send(handler, 200, b"abc", Content_Encoding="br"))


def test_only_files_of_a_log_are_asked_for() -> None:
    with pytest.raises(TileError):
        _read(lambda handler: _send(handler, 200, b"abc"), "../secret")
