# SPDX-License-Identifier: Apache-2.0
"""Two processes of the core and of every bank on PostgreSQL; some are killed while people pay.

No payment that was answered "accepted" is lost, none takes effect twice, and those who pay only
ever hand in the same order again.
"""

import asyncio
import os
import signal
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from kerege.ledger import parse_order_id
from kerege.ledger.stores.opening import view_store
from kerege.payments import Leg
from kerege.runtime import SystemClock
from kerege.sandbox.configuring import database_names
from kerege.sandbox.country import Country
from kerege.sandbox.inhabitant import Inhabitant
from kerege.sandbox.run_file import read_run
from kerege.sandbox.settlement import Settlement
from kerege.sandbox.store_databases import database_of
from tests.postgres import Server
from tests.small_country import small_profile, start_up, wait_open

VICTIMS = ("core", "komuz-bank-2", "core-2", "shyrdak-bank")
PAYMENTS_EACH = 25


async def pay_and_kill(country: Country) -> tuple[list[str], int]:
    """Everybody with money pays again and again while processes are killed: accepted orders."""
    settlement = Settlement(country, SystemClock(), sessions="killed.json")
    try:
        payers: list[Inhabitant] = []
        while len(payers) < 4:
            payers = [one for one in settlement.people if await one.is_settled() and one.money]
            await asyncio.sleep(0.2)
        shop = settlement.shops[0].wallet
        accepted: list[str] = []
        paying = [asyncio.create_task(pay(one, shop, accepted)) for one in payers]
        for victim in VICTIMS:
            await asyncio.sleep(1.0)
            (process,) = [p for p in read_run(country.folder).processes if p.name == victim]
            os.kill(process.pid, signal.SIGKILL)
        await asyncio.gather(*paying)
        return accepted, len(payers) * PAYMENTS_EACH
    finally:
        settlement.close()


async def pay(one: Inhabitant, shop: str, accepted: list[str]) -> None:
    for _ in range(PAYMENTS_EACH):
        order = one.payment(Leg(to=shop, amount=1))
        answer = await one.hand_in(order)
        assert answer.verdict.accepted, answer
        accepted.append(order.id)
        await asyncio.sleep(0.1)


@pytest.mark.slow
def test_no_acknowledged_payment_is_lost(pg_server: Server, tmp_path: Path) -> None:
    folder = tmp_path / "country"
    with pg_server.fresh_database() as url:
        options = ["--database", url, "--core-processes", "2", "--bank-processes", "2"]
        process = start_up(folder, small_profile(tmp_path), *options, "--pace", "1")
        try:
            wait_open(folder, process)
            country = Country.find(folder)
            accepted, wanted = asyncio.run(pay_and_kill(country))
            assert len(accepted) == len(set(accepted)) == wanted
            with closing(view_store(database_of(url, "core-ledger"))) as store:
                lost = [each for each in accepted if store.accepted(parse_order_id(each)) is None]
            assert lost == []
            proven = subprocess.run(
                [sys.executable, "-m", "kerege", "supply", "--folder", str(folder)],
                capture_output=True,
                text=True,
                check=False,
            )
            assert proven.returncode == 0, proven.stderr
            deadline = time.monotonic() + 20
            while any(p.stage != "ready" for p in read_run(folder).processes):
                assert time.monotonic() < deadline, read_run(folder)
                time.sleep(0.1)
            restarts = {p.name: p.restarts for p in read_run(folder).processes}
            assert all(restarts[victim] >= 1 for victim in VICTIMS)
        finally:
            process.terminate()
            told, _ = process.communicate(timeout=60)
            for name in database_names(Country.find(folder)):
                made = psycopg.conninfo.conninfo_to_dict(database_of(url, name))["dbname"]
                pg_server.drop_database(str(made))
        assert process.returncode == 0, told
