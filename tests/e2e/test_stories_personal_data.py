# SPDX-License-Identifier: Apache-2.0
"""Nothing the central bank has, keeps, publishes or tells holds anything personal about anybody.

Everything is searched for every writing of every secret of the stories (`leaks.py`, which
`test_leaks.py` tries). The stories before this one left their traces; what is missing is done here
first, so that this one also stands by itself.
"""

import base64
import json
import os
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from tests.e2e.cast import BERIK, CARD, NICKNAME, SECRETS, Cast
from tests.e2e.country import ASSET, BANKS
from tests.e2e.leaks import Leaks

pytestmark = pytest.mark.slow

LEAKS = Leaks(SECRETS)
_KEYS = "keys"


@pytest.fixture(scope="module")
def used(cast: Cast) -> Cast:
    """The country after everybody's data was used for what it is there for."""
    aru, berik, cafe = cast.aru, cast.berik, cast.cafe
    claims = (
        (aru, aru.phone),
        (berik, berik.phone),
        (berik, BERIK["tax_number"]),
        (cafe, NICKNAME),
    )
    for one, alias in claims:
        claimed = one.ask("POST", "/v1/aliases", {"alias": alias, "wallet": one.wallet_id()})
        assert claimed.status_code == 200, claimed.text
    for alias in (CARD, aru.phone, NICKNAME, SECRETS["Works's phone"]):
        assert berik.ask("POST", "/v1/resolve", {"to": alias}).status_code == 200
    berik.fund(1_000_00)
    with berik.wallet() as wallet:
        assert wallet.pay(aru.phone, 500_00, asset=ASSET).verdict.accepted
    # Somebody careless hands the core what it should not be told: it must not write it down.
    for secret in SECRETS.values():
        cast.country.http.get(f"{cast.country.url('core')}/v1/orders/{secret}")
        cast.country.http.get(f"{cast.country.url('core')}/v1/supply", params={"who": secret})
        cast.country.http.post(f"{cast.country.url('core')}/v1/orders", json={"orders": [secret]})
    time.sleep(1.5)  # The log and what is gathered for it are written within a second.
    return cast


def files_of(folder: Path) -> Iterator[Path]:
    """Every file but keys, which are random."""
    for top, names, files in os.walk(folder):
        if _KEYS in names:
            names.remove(_KEYS)
        yield from (Path(top) / file for file in files)


def leaks_in(folder: Path) -> dict[str, list[str]]:
    """What is found in each file."""
    return {
        str(path.relative_to(folder)): LEAKS.found_in(path.read_bytes())
        for path in files_of(folder)
    }


def told(found: dict[str, list[str]]) -> str:
    """Where something was found."""
    return "\n".join(f"{path}: {'; '.join(what)}" for path, what in found.items() if what)


def test_the_bank_knows_who_its_customer_is(used: Cast) -> None:
    found = LEAKS.found_in(used.aru.ask("GET", "/v1/me").content)
    assert "Aru's name: as it is, utf-8" in found
    assert "Aru's phone: as it is, utf-8" in found


def test_the_central_banks_files_tell_nothing(used: Cast) -> None:
    found = leaks_in(used.country.folder / "central-bank")
    assert {"ledger.db", "ledger.db-wal", "register.db", "register.db-wal"} <= found.keys()
    assert any(path.startswith("log/tile/entries/") for path in found)
    assert not any(found.values()), told(found)


@pytest.mark.parametrize("file", ["ledger.db", "register.db-wal", "log/checkpoint"])
def test_it_would_have_been_found_there(used: Cast, tmp_path: Path, file: str) -> None:
    planted = tmp_path / Path(file).name
    data = (used.country.folder / "central-bank" / file).read_bytes()
    order = base64.urlsafe_b64encode(b'{"kind":"pay","note":"' + BERIK["name"].encode() + b'"}')
    planted.write_bytes(data[: len(data) // 2] + order + data[len(data) // 2 :])
    assert any("Berik's name" in one for one in leaks_in(tmp_path)[planted.name])


def test_the_witnesses_files_tell_nothing(used: Cast) -> None:
    found = leaks_in(used.country.folder / "witnesses")
    assert found
    assert not any(found.values()), told(found)


def test_no_process_writes_anybody_into_its_log(used: Cast) -> None:
    folder = used.country.folder / "logs"
    assert (folder / "core.log").stat().st_size
    found = leaks_in(folder)
    assert not any(found.values()), told(found)


@pytest.mark.parametrize("bank", BANKS)
def test_events_tell_nothing(used: Cast, bank: str) -> None:
    with closing(used.country.institution(bank)) as client:
        after, pages = -1, 0
        while True:
            page = client.get_bytes("/v1/events", query={"after": after, "limit": 500})
            assert not LEAKS.found_in(page)
            events = json.loads(page)["events"]
            pages += bool(events)
            if not events:
                break
            after = events[-1]["cursor"]
    assert pages


@pytest.mark.parametrize(
    "path",
    [
        "/metrics",
        "/v1/supply",
        "/v1/access-log",
        "/v1/participants",
        "/v1/profile",
        "/log/checkpoint",
    ],
)
def test_what_anyone_may_ask_tells_nothing(used: Cast, path: str) -> None:
    answer = used.country.http.get(f"{used.country.url('core')}{path}")
    assert answer.status_code == httpx.codes.OK, answer.text
    assert not LEAKS.found_in(answer.content)


def test_a_banks_files_tell_nothing_to_a_thief_without_its_keys(used: Cast) -> None:
    found = leaks_in(used.country.folder / "institutions")
    assert any(path.endswith("bank.db") for path in found)
    assert not any(found.values()), told(found)
