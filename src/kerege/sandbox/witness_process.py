# SPDX-License-Identifier: Apache-2.0
"""A witness as a process of its own, started and stopped by its id."""

import re
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Final

from kerege.errors import InvariantViolation, KeregeError
from kerege.translog.cosignature import CosignatureVerifier
from kerege.translog.note import parse_verifier_key
from kerege.translog.witness.client import WitnessEndpoint

__all__ = ["WitnessProcess"]

_LISTENING: Final = re.compile(r"witness listening on (?P<url>\S+)")
_STOP_TIMEOUT_S: Final = 10


class WitnessProcess:
    """Runs `kerege log witness run` with keys and state in `folder`, following one log."""

    def __init__(self, folder: Path, *, name: str) -> None:
        self._folder = folder
        self._name = name
        self._process: subprocess.Popen[str] | None = None
        folder.mkdir(parents=True, exist_ok=True)
        self._key = folder / "key"
        if not self._key.exists():
            _run("log", "witness", "init", "--name", name, "--key", str(self._key))
        self.vkey = _run("log", "witness", "vkey", "--key", str(self._key)).strip()

    def start(self, log_key: str) -> WitnessEndpoint:
        """Start following the log of `log_key`; returns where to ask for cosignatures."""
        state = self._folder / "state.db"
        arguments = ("--key", str(self._key), "--log-key", log_key, "--state", str(state))
        command = [*_KEREGE, "log", "witness", "run", *arguments, "--listen", "127.0.0.1:0"]
        self._process = subprocess.Popen(  # noqa: S603 -- our own command, no shell
            command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        first = "" if self._process.stdout is None else self._process.stdout.readline()
        match = _LISTENING.search(first)
        if match is None:
            self.stop()
            raise KeregeError(f"the witness {self._name} did not start", place=str(self._folder))
        verifier = parse_verifier_key(self.vkey)
        if not isinstance(verifier, CosignatureVerifier):
            raise InvariantViolation(f"a witness's key makes cosignatures, not {self.vkey}")
        return WitnessEndpoint(match["url"], (verifier,))

    def stop(self) -> None:
        """Ask it to end, and wait until it has."""
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.communicate(timeout=_STOP_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.communicate()
        self._process = None

    def __enter__(self) -> "WitnessProcess":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()


_KEREGE: Final = (sys.executable, "-m", "kerege")


def _run(*arguments: str) -> str:
    done = subprocess.run(  # noqa: S603 -- our own command, no shell
        [*_KEREGE, *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    if done.returncode:
        raise KeregeError(done.stderr.strip().removeprefix("kerege: "))
    return done.stdout
