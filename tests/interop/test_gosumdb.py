# SPDX-License-Identifier: Apache-2.0
"""Go's own checksum-database verifier reads our logs and finds what was changed in them."""

import os
import shutil
import subprocess
from pathlib import Path, PurePosixPath

import pytest

from kerege.translog.files import DiskFiles
from tests.house.tree import ROOT, SourceFile
from tests.logs import VKEY, ListSource, entries, integrator
from tests.test_docs import run_blocks

SOURCE = Path(__file__).parent / "gosumdb/main.go"
PAGE = "docs/check-the-log.md"
MARK = "<!-- not run: needs Go; tests/interop/test_gosumdb.py runs it where Go is installed -->"
GO_CODE = Path(os.environ.get("KEREGE_GOPATH", "/usr/share/gocode"))
"""Where Debian's golang-golang-x-mod-dev puts the library."""

pytestmark = pytest.mark.slow


def _need_go() -> None:
    if shutil.which("go") is None or not (GO_CODE / "src/golang.org/x/mod/sumdb/tlog").is_dir():
        pytest.skip("NOT CHECKED BY GO: apt install golang-go golang-golang-x-mod-dev")


@pytest.fixture(scope="session")
def gosumdb(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Go program, built once."""
    _need_go()
    folder = tmp_path_factory.mktemp("go")
    program = folder / "gosumdb"
    variables = {
        **os.environ,
        "GO111MODULE": "off",
        "GOPATH": str(GO_CODE),
        "GOCACHE": str(folder / "cache"),
    }
    subprocess.run(
        ["go", "build", "-o", str(program), str(SOURCE)], check=True, env=variables, timeout=300
    )
    return program


def _run(program: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(program), *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def _write_log(folder: Path, sizes: list[int]) -> list[Path]:
    """A log on disk; returns a copy of each checkpoint."""
    source = ListSource(entries(sizes[-1]))
    writer = integrator(
        DiskFiles(folder / "log"), DiskFiles(folder / "state"), source, flush_threads=4
    )
    copies = []
    for size in sizes:
        source.released = size
        writer.run_once()
        copies.append(folder / f"checkpoint.{size}")
        shutil.copy(folder / "log/checkpoint", copies[-1])
    return copies


def test_go_proves_every_leaf_and_every_step(gosumdb: Path, tmp_path: Path) -> None:
    sizes = [1, 2, 100, 255, 256, 257, 600, 1025]
    for old, size in zip(_write_log(tmp_path, sizes), sizes, strict=True):
        done = _run(gosumdb, VKEY, tmp_path / "log", old)
        assert done.stderr == ""
        assert "1025 leaves, each of them" in done.stdout
        assert f"the first {size} of them are the tree signed before" in done.stdout


def test_go_checks_a_log_of_two_levels_of_tiles(gosumdb: Path, tmp_path: Path) -> None:
    _write_log(tmp_path, [65536, 65537])
    done = _run(gosumdb, VKEY, tmp_path / "log")
    assert done.stderr == ""
    assert "65537 leaves" in done.stdout


@pytest.mark.parametrize("path", ["tile/0/000", "tile/entries/001.p/44", "checkpoint"])
def test_go_finds_one_changed_bit(gosumdb: Path, tmp_path: Path, path: str) -> None:
    _write_log(tmp_path, [300])
    file = tmp_path / "log" / path
    data = bytearray(file.read_bytes())
    data[40] ^= 1
    file.write_bytes(data)
    done = _run(gosumdb, VKEY, tmp_path / "log")
    assert done.returncode == 1
    assert done.stderr.startswith("gosumdb: ")


def test_the_page_about_checking_a_log_runs_with_go_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _need_go()
    text = (ROOT / PAGE).read_text(encoding="utf-8")
    assert MARK in text
    (tmp_path / "kerege").symlink_to(ROOT)
    monkeypatch.chdir(tmp_path)
    page = SourceFile(PurePosixPath(PAGE), text.replace(MARK, ""))
    assert run_blocks(page, tmp_path) == []
