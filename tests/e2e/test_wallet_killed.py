# SPDX-License-Identifier: Apache-2.0
"""A wallet's process is killed around sending a payment: the next run finds out, and pays once."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from kerege.runtime import SystemClock
from kerege.wallet import HttpBank, Purse, Session, Stage
from tests.banks import House, running_bank
from tests.house.tree import ROOT

PAY = """
import os, signal, sys
from pathlib import Path
from kerege.runtime import SystemClock
from kerege.wallet import HttpBank, Purse, Session

url, folder, shop, when = sys.argv[1:5]

class Killed(HttpBank):
    def submit(self, order):
        if when == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        answer = super().submit(order)
        os.kill(os.getpid(), signal.SIGKILL)
        return answer

folder = Path(folder)
clock = SystemClock()
purse = Purse(folder, lambda address: line)
session = Session(purse.store, url, clock=clock, lock=folder / "lock", client_id="tests")
line = Killed(url, session)
purse.open().pay(shop, 45_00, asset="KZT")
"""


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    start_us = SystemClock().now_us()
    with running_bank(tmp_path_factory.mktemp("bank"), start_us=start_us) as made:
        yield made


@pytest.mark.parametrize(("when", "paid_before_resuming"), [("before", 0), ("after", 45_00)])
def test_killed_and_paid_once(
    house: House, tmp_path: Path, when: str, paid_before_resuming: int
) -> None:
    aru = house.person(tmp_path / "aru")
    beket = house.person(tmp_path / "beket", name="Бекет Сериков")
    tea, shop = aru.wallet(money=100_00), beket.wallet()
    killed = subprocess.run(
        [sys.executable, "-c", PAY, house.url, str(tmp_path / "aru"), shop.id, when],
        env={"PYTHONPATH": str(ROOT / "src")},
        timeout=60,
        check=False,
    )
    assert killed.returncode == -signal.SIGKILL
    assert shop.state().balances[0].balance == paid_before_resuming

    clock = SystemClock()
    with Purse(tmp_path / "aru", lambda _: line) as purse:
        session = Session(
            purse.store, house.url, clock=clock, lock=tmp_path / "lock", client_id="tests"
        )
        line = HttpBank(house.url, session)
        [kept] = purse.store.unanswered()
        for _ in range(2):
            answers = purse.open().resume()
        line.close()
        stored = purse.store.order(kept.order.id)
    assert answers == []
    assert stored is not None
    assert stored.stage is Stage.ACCEPTED
    assert shop.state().balances[0].balance == 45_00
    assert tea.state().balances[0].balance == 55_00
