# SPDX-License-Identifier: Apache-2.0
"""`--qr` takes a payload or a picture of one code."""

import builtins
from pathlib import Path
from typing import Any

import pytest

from kerege.cli.qr_reading import payload_of
from kerege.errors import KeregeError


def test_a_payload_is_itself() -> None:
    assert payload_of("000201...") == "000201..."


def test_a_picture_without_a_code_is_told(tmp_path: Path) -> None:
    image = pytest.importorskip("PIL.Image", reason="makes pictures")
    pytest.importorskip("zxingcpp", reason="reads pictures of codes")
    image.new("L", (50, 50), 255).save(tmp_path / "white.png")
    with pytest.raises(KeregeError, match="0 codes"):
        payload_of(str(tmp_path / "white.png"))


def test_what_is_no_picture_is_told(tmp_path: Path) -> None:
    (tmp_path / "x.png").write_bytes(b"not a picture")
    with pytest.raises(KeregeError):
        payload_of(str(tmp_path / "x.png"))
    with pytest.raises(KeregeError):
        payload_of(str(tmp_path / "none.png"))


def test_without_a_scanner_the_payload_is_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = builtins.__import__

    def without(name: str, *rest: Any, **named: Any) -> Any:
        if name == "zxingcpp":
            raise ImportError(name)
        return real(name, *rest, **named)

    (tmp_path / "x.png").write_bytes(b"")
    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(KeregeError, match="cannot be read here"):
        payload_of(str(tmp_path / "x.png"))
