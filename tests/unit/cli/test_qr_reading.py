# SPDX-License-Identifier: Apache-2.0
"""A picture is as untrusted as any text: one code, or a plain refusal."""

import struct
import zlib
from pathlib import Path

import pytest

from kerege.cli.qr_reading import payload_of
from kerege.errors import KeregeError

_PAYLOAD = "00020101021152044900"


def png(width: int, height: int, grey: bytes = b"") -> bytes:
    """A grey picture, a byte a pixel; what is missing of it is cut off."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    rows = b"".join(b"\0" + grey[at : at + width] for at in range(0, len(grey), width))
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    body = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def drawn(*payloads: str) -> bytes:
    """A picture of codes side by side."""
    segno = pytest.importorskip("segno")
    codes = [
        [list(row) for row in segno.make(each, error="m", version=4).matrix_iter(6, border=8)]
        for each in payloads
    ]
    rows = [[bit for code in codes for bit in code[y]] for y in range(len(codes[0]))]
    grey = b"".join(bytes(0 if bit else 255 for bit in row) for row in rows)
    return png(len(rows[0]), len(rows), grey)


@pytest.fixture(autouse=True)
def _scanner() -> None:
    pytest.importorskip("zxingcpp")
    pytest.importorskip("PIL")


def fault_of(path: Path, content: bytes) -> str:
    path.write_bytes(content)
    with pytest.raises(KeregeError) as fault:
        payload_of(str(path))
    assert fault.value.place == str(path)
    return fault.value.message


def test_a_payload_is_itself() -> None:
    assert payload_of(_PAYLOAD) == _PAYLOAD


@pytest.mark.parametrize("name", ["code.png", "CODE.PNG"])
def test_a_picture_shows_its_payload(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(drawn(_PAYLOAD))
    assert payload_of(str(tmp_path / name)) == _PAYLOAD


def test_of_two_codes_none_is_chosen(tmp_path: Path) -> None:
    assert "shows 2 codes" in fault_of(tmp_path / "two.png", drawn(_PAYLOAD, "other"))
    assert "shows 0 codes" in fault_of(tmp_path / "none.png", png(9, 9, bytes(81)))


def test_what_is_no_picture_is_told(tmp_path: Path) -> None:
    whole = drawn(_PAYLOAD)
    for cut in (0, 8, 20, 33, 40, len(whole) // 2):
        assert "not a picture" in fault_of(tmp_path / "cut.png", whole[:cut])
    wrong_sum = bytearray(whole)
    wrong_sum[30] ^= 1
    assert "not a picture" in fault_of(tmp_path / "sum.png", bytes(wrong_sum))
    assert "not a picture" in fault_of(tmp_path / "gif.png", b"GIF89a" + bytes(20))
    with pytest.raises(KeregeError):
        payload_of(str(tmp_path / "missing.png"))


@pytest.mark.parametrize("side", [8_000, 12_000, 60_000])
def test_a_picture_that_unpacks_to_gigabytes_is_not_unpacked(tmp_path: Path, side: int) -> None:
    message = fault_of(tmp_path / "bomb.png", png(side, side))
    assert "too large" in message or "bomb" in message
