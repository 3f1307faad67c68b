# SPDX-License-Identifier: Apache-2.0
"""A node as a whole: it starts, is ready, ends, goes on where it was."""

import time
from pathlib import Path

import httpx
import pytest

from kerege.centralbank.core_settings import read_core_settings
from kerege.centralbank.http.wire import Balances, OrderTexts, Verdicts
from kerege.errors import KeregeError
from kerege.payments.events import Page
from tests.cores import Core, write_settings


def ready(core: Core) -> dict[str, bool]:
    for _ in range(100):
        answer = httpx.get(f"{core.url}/health/ready", trust_env=False)
        if answer.status_code == 200:
            break
        time.sleep(0.02)
    found: dict[str, bool] = answer.json()["checks"]
    return found


def test_it_is_ready_when_everything_works(tmp_path: Path) -> None:
    with Core(tmp_path) as core:
        checks = ready(core)
        assert all(checks.values())
        assert set(checks) >= {"ledger", "register", "integrator", "expiry", "news", "recall"}


def test_it_goes_on_where_it_was(tmp_path: Path) -> None:
    with Core(tmp_path) as core:
        core.bank("altyn-bank")
        aru, bek = core.open("altyn-bank"), core.open("altyn-bank")
        core.give(aru, 100)
        pay = OrderTexts((core.pay(aru, bek, 40),))
        with core.client("altyn-bank") as altyn:
            (first,) = altyn.post("/v1/orders", pay, Verdicts).verdicts
            events = altyn.get("/v1/events", Page)
    settings = read_core_settings(tmp_path / "core.toml")
    with Core(tmp_path, settings=settings) as core, core.client("altyn-bank") as altyn:
        (again,) = altyn.post("/v1/orders", pay, Verdicts).verdicts
        assert (again.number, again.replayed) == (first.number, True)
        (balance,) = altyn.get(f"/v1/wallets/{bek.id}/balances", Balances).balances
        assert balance.balance == 40
        assert altyn.get("/v1/events", Page) == events


def test_a_request_is_not_taken_twice_across_a_restart(tmp_path: Path) -> None:
    """See tests/unit/service/test_calling.py; here that the nonces are kept with the register."""
    with Core(tmp_path) as core:
        nonces = core.node._nonces
        nonces.claim(keyid="k", nonce="n", until_s=2_000_000_000, now_s=1)
    with Core(tmp_path, settings=core.settings) as core, pytest.raises(KeregeError):
        core.node._nonces.claim(keyid="k", nonce="n", until_s=2_000_000_000, now_s=1)


def test_what_is_missing_is_said(tmp_path: Path) -> None:
    path = write_settings(tmp_path)
    (tmp_path / "keys" / "salt").unlink()
    with pytest.raises(KeregeError, match="No such file"):
        Core(tmp_path, settings=read_core_settings(path))


def test_a_witness_needs_a_cosigning_key(tmp_path: Path) -> None:
    text = write_settings(tmp_path).read_text("utf-8")
    plain = "core.test/x+31a1b2c3+AQ" + "A" * 42
    text = text.replace(
        "[founding]", f'witnesses = [{{ url = "http://w", vkeys = ["{plain}"] }}]\n[founding]', 1
    )
    (tmp_path / "core.toml").write_text(text, "utf-8")
    with pytest.raises(KeregeError):
        Core(tmp_path, settings=read_core_settings(tmp_path / "core.toml"))


def test_settings_of_another_country(tmp_path: Path) -> None:
    with Core(tmp_path):
        pass
    settings = read_core_settings(tmp_path / "core.toml")
    (tmp_path / "parameters.json").write_bytes(b"{}")
    with pytest.raises(KeregeError):
        Core(tmp_path, settings=settings)
