# SPDX-License-Identifier: Apache-2.0
"""One process integrates, another takes over when it is gone."""

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from kerege.centralbank.integrating import Integrating
from kerege.keys import Algorithm, NamedPrivateKey, PrivateKey, SignatureType
from kerege.translog.files import DiskFiles
from tests.doors import Door

KEY = NamedPrivateKey(
    "core.test/ledger", SignatureType.ED25519, PrivateKey(Algorithm.ED25519, bytes(32))
)


def integrating(door: Door, folder: Path) -> Integrating:
    return Integrating(
        store=door.country.ledger._store,
        clock=door.country.clock,
        files=DiskFiles(folder / "log"),
        signed=DiskFiles(folder / "signed"),
        key=KEY,
        salt_key=bytes(32),
        witnesses=[],
    )


def test_taking_over(tmp_path: Path) -> None:
    door = Door(tmp_path)
    first, second = integrating(door, tmp_path), integrating(door, tmp_path)
    first.chore.start()
    eventually(lambda: first.published_size() > 0)
    second.chore.start()
    threading.Event().wait(0.4)
    assert (first.is_active, second.is_active) == (True, False)
    before = second.published_size()

    first.close()
    door.send(door.altyn, door.pay(door.aru, door.bek.id, 5), door.aru.key)
    eventually(lambda: second.published_size() > before)
    assert second.is_active
    second.close()
    door.close()


def test_no_log_yet(tmp_path: Path) -> None:
    door = Door(tmp_path)
    assert integrating(door, tmp_path).published_size() == 0
    door.close()


def eventually(holds: Callable[[], bool]) -> None:
    pause = threading.Event()
    for _ in range(500):
        if holds():
            return
        pause.wait(0.01)
    pytest.fail("it never came")
