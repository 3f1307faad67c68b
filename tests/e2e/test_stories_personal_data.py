# SPDX-License-Identifier: Apache-2.0
"""Nothing the central bank has, keeps, publishes or tells holds anything personal about anybody.

Everything is searched for every writing of every secret of the stories (`leaks.py`, which
`test_leaks.py` tries). The stories before this one left their traces; what is missing is done here
first, so that this one also stands by itself.
"""

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


def test_the_bank_knows_who_its_customer_is(used: Cast) -> None:
    told = used.aru.ask("GET", "/v1/me").content
    found = LEAKS.found_in(told)
    assert "Aru's name: as it is, utf-8" in found
    assert "Aru's phone: as it is, utf-8" in found


def test_the_central_banks_files_tell_nothing(used: Cast) -> None:
    folder = used.country.folder / "central-bank"
    seen = {str(path.relative_to(folder)) for path in files_of(folder)}
    assert {"ledger.db", "ledger.db-wal", "register.db", "register.db-wal"} <= seen
    assert any(path.startswith("log/tile/entries/") for path in seen)
    found = {str(path): LEAKS.found_in(path.read_bytes()) for path in files_of(folder)}
    assert not any(found.values()), {path: told for path, told in found.items() if told}


def test_the_witnesses_files_tell_nothing(used: Cast) -> None:
    folder = used.country.folder / "witnesses"
    found = {str(path): LEAKS.found_in(path.read_bytes()) for path in files_of(folder)}
    assert found
    assert not any(found.values()), found


def test_no_process_writes_anybody_into_its_log(used: Cast) -> None:
    logs = {path.name: path.read_bytes() for path in (used.country.folder / "logs").iterdir()}
    assert logs["core.log"]
    found = {name: LEAKS.found_in(text) for name, text in logs.items()}
    assert not any(found.values()), found


@pytest.mark.parametrize("bank", BANKS)
def test_events_tell_nothing(used: Cast, bank: str) -> None:
    with closing(used.country.institution(bank)) as client:
        after, pages = -1, 0
        while True:
            page = client.get_bytes("/v1/events", query={"after": after, "limit": 500})
            assert not LEAKS.found_in(page)
            told = httpx.Response(200, content=page).json()
            pages += bool(told["events"])
            if not told["events"]:
                break
            after = told["events"][-1]["cursor"]
    assert pages


@pytest.mark.parametrize(
    "path",
    ["/metrics", "/v1/supply", "/v1/access-log", "/v1/participants", "/v1/profile", "/checkpoint"],
)
def test_what_anyone_may_ask_tells_nothing(used: Cast, path: str) -> None:
    answer = used.country.http.get(f"{used.country.url('core')}{path}")
    if path == "/checkpoint" and answer.status_code == httpx.codes.NOT_FOUND:
        answer = used.country.http.get(f"{used.country.url('core')}/log{path}")
    assert answer.status_code == httpx.codes.OK, answer.text
    assert not LEAKS.found_in(answer.content)


def test_a_banks_files_tell_nothing_to_a_thief_without_its_keys(used: Cast) -> None:
    folder = used.country.folder / "institutions"
    found = {str(path): LEAKS.found_in(path.read_bytes()) for path in files_of(folder)}
    assert any(path.endswith("bank.db") for path in found)
    assert not any(found.values()), {path: told for path, told in found.items() if told}
