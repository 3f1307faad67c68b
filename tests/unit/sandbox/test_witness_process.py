# SPDX-License-Identifier: Apache-2.0
import signal
from pathlib import Path

import pytest

from kerege.errors import KeregeError
from kerege.keys import PrivateKey, SignatureType
from kerege.keys.note_key import NamedPrivateKey
from kerege.sandbox.witness_process import WitnessProcess


def log_vkey() -> str:
    private = PrivateKey(SignatureType.ED25519.algorithm, bytes(32))
    return NamedPrivateKey("log.example", SignatureType.ED25519, private).public.to_vkey()


def test_it_keeps_its_key_and_listens_on_loopback(tmp_path: Path) -> None:
    with WitnessProcess(tmp_path, name="w.example") as witness:
        endpoint = witness.start(log_vkey())
        assert endpoint.url.startswith("http://127.0.0.1:")
    assert WitnessProcess(tmp_path, name="w.example").vkey == witness.vkey


def test_one_that_does_not_start_says_so(tmp_path: Path) -> None:
    with (
        WitnessProcess(tmp_path, name="w.example") as witness,
        pytest.raises(KeregeError, match="did not start"),
    ):
        witness.start("no key")


def test_a_key_that_cannot_be_read_is_told_in_the_commands_own_words(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("no key")
    (tmp_path / "key").chmod(0o600)
    with pytest.raises(KeregeError, match="key"):
        WitnessProcess(tmp_path, name="w.example")


def test_one_that_does_not_hear_is_ended_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kerege.sandbox.witness_process._STOP_TIMEOUT_S", 0.1)
    witness = WitnessProcess(tmp_path, name="w.example")
    witness.start(log_vkey())
    process = witness._process
    assert process is not None
    process.send_signal(signal.SIGSTOP)
    witness.stop()
    # By SIGTERM where it had not yet said what to do on one.
    assert process.returncode in (-signal.SIGKILL, -signal.SIGTERM)
