# SPDX-License-Identifier: Apache-2.0
"""The search finds what is planted: else finding nothing would mean nothing."""

import base64
import hashlib
import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.e2e.cast import SECRETS
from tests.e2e.leaks import Leaks, written

LEAKS = Leaks(SECRETS)
PHONE = SECRETS["Aru's phone"]
NAME = SECRETS["Berik's name"]
NOISE = bytes(range(256))


@pytest.mark.parametrize("what", SECRETS)
def test_every_secret_is_found_in_every_writing(what: str) -> None:
    ways = list(written(SECRETS[what]))
    leaks = Leaks({what: SECRETS[what]})
    assert len(ways) > 40
    for how, needle in ways:
        assert leaks.found_in(NOISE + needle + NOISE), (what, how)


@pytest.mark.parametrize(
    "kept",
    [
        PHONE.removeprefix("+").encode(),
        PHONE.removeprefix("+7").encode("utf-16"),
        json.dumps({"to": NAME}).encode(),
        base64.b64encode(f'{{"a":1,"name":"{NAME}"}}'.encode()),
        base64.urlsafe_b64encode(f'{{"ab":1,"name":"{NAME}"}}'.encode()),
        base64.urlsafe_b64encode(f'{{"abc":1,"name":"{NAME}"}}'.encode()),
        f"x{NAME.split()[1]}x".encode().hex().encode(),
        hashlib.sha256(PHONE.removeprefix("+").encode()).digest(),
        hashlib.sha256(PHONE.encode()).hexdigest().encode(),
        f"GET /v1/aliases/{PHONE.replace('+', '%2B')} 200".encode(),
        NAME.upper().encode(),
    ],
)
def test_what_somebody_might_have_kept_is_found(kept: bytes) -> None:
    assert LEAKS.found_in(NOISE + kept + NOISE)


def test_what_is_only_in_a_databases_journal_is_found(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "a.db")) as database:
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("CREATE TABLE note (text)")
        database.execute("INSERT INTO note VALUES (?)", (NAME,))
        database.commit()
        found = {path.name: LEAKS.found_in(path.read_bytes()) for path in tmp_path.iterdir()}
    assert found["a.db-wal"]


def test_noise_is_not_taken_for_a_leak() -> None:
    assert not LEAKS.found_in(NOISE)
    assert not LEAKS.found_in(hashlib.shake_256(b"noise").digest(1 << 20).hex().encode())
