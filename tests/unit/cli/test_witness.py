# SPDX-License-Identifier: Apache-2.0
"""`kerege log witness`: keys, and what `run` refuses before it listens."""

import socket
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kerege.cli import main
from kerege.keys import NamedPublicKey, SignatureType, load_note_key

LOG_KEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"


def kerege(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, ["log", "witness", *map(str, arguments)])


def init(path: Path, *more: str) -> str:
    result = kerege("init", "--name", "witness.example/w1", "--key", path, *more)
    assert result.exit_code == 0, result.output
    return result.output.strip()


@pytest.mark.parametrize(
    ("more", "signature_type"),
    [
        ((), SignatureType.COSIGNATURE_ED25519),
        (("--type", "ml-dsa-44"), SignatureType.COSIGNATURE_ML_DSA_44),
    ],
)
def test_a_new_key_is_kept_and_its_public_half_printed(
    tmp_path: Path, more: tuple[str, ...], signature_type: SignatureType
) -> None:
    vkey = init(tmp_path / "w1.key", *more)
    assert NamedPublicKey.from_vkey(vkey).signature_type is signature_type
    assert load_note_key(tmp_path / "w1.key").public.to_vkey() == vkey
    assert kerege("vkey", "--key", tmp_path / "w1.key").output.strip() == vkey


def test_a_key_is_not_made_twice(tmp_path: Path) -> None:
    init(tmp_path / "w1.key")
    result = kerege("init", "--name", "w", "--key", tmp_path / "w1.key")
    assert result.exit_code == 1
    assert "keys are never overwritten" in result.output


@pytest.mark.parametrize("name", ["", "a b", "a+b"])
def test_names_that_no_note_can_hold(tmp_path: Path, name: str) -> None:
    result = kerege("init", "--name", name, "--key", tmp_path / "w1.key")
    assert result.exit_code == 1
    assert "a key name" in result.output
    assert not (tmp_path / "w1.key").exists()


def run(tmp_path: Path, **changes: str) -> Result:
    settings = {
        "key": str(tmp_path / "w1.key"),
        "log-key": LOG_KEY,
        "state": str(tmp_path / "witness.db"),
        "listen": "127.0.0.1:0",
    }
    arguments = [f"--{name}={value}" for name, value in (settings | changes).items()]
    return kerege("run", *arguments)


def test_run_refuses_what_it_cannot_serve(tmp_path: Path) -> None:
    init(tmp_path / "w1.key")
    (tmp_path / "text").write_text("hello" * 1000)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        for changes, message in [
            ({"key": str(tmp_path / "none")}, "cannot be read"),
            ({"log-key": LOG_KEY[:-4]}, "--log-key 1: an ed25519 public key has 32 bytes"),
            ({"state": str(tmp_path / "text")}, "cannot be used"),
            ({"listen": "127.0.0.1"}, "an address is host:port"),
            ({"listen": "127.0.0.1:http"}, "an address is host:port"),
            ({"listen": "127.0.0.1:65536"}, "an address is host:port"),
            ({"listen": f"127.0.0.1:{port}"}, "cannot listen on"),
            ({"listen": "no.such.host.invalid:1"}, "cannot listen on"),
        ]:
            result = run(tmp_path, **changes)
            assert (result.exit_code, message in result.output) == (1, True), result.output
            assert "Traceback" not in result.output


def test_a_key_others_can_read_is_refused(tmp_path: Path) -> None:
    init(tmp_path / "w1.key")
    (tmp_path / "w1.key").chmod(0o644)
    result = run(tmp_path)
    assert result.exit_code == 1
    assert "what to do: chmod 600" in result.output
