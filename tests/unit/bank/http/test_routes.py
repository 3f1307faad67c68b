# SPDX-License-Identifier: Apache-2.0
"""The routes of a node hang together: described, limited, healthy."""

import re
from pathlib import Path

import pytest

from kerege.bank.settings import BankSettings
from tests.banks import House, Person, running_bank
from tests.house.tree import ROOT

ELSEWHERE = ("/v1/sandbox",)


def test_a_node_says_that_it_works(house: House) -> None:
    assert house.get("/health/ready").json()["ready"] is True
    assert "kerege_http_request_seconds" in house.get("/metrics").text


def test_metrics_and_problems_name_no_customer(house: House, aru: Person) -> None:
    aru.bank.me()
    assert aru.view.customer not in house.get("/metrics").text


def test_a_customer_who_asks_too_much_is_asked_to_wait(tmp_path: Path) -> None:
    with running_bank(tmp_path, burst=5) as small:
        person = small.person(tmp_path / "aru")
        statuses = [small.http.get("/v1/me", headers=person.headers).status_code for _ in range(10)]
        assert 429 in statuses
        answer = small.http.get("/v1/me", headers=person.headers)
        assert int(answer.headers["retry-after"]) >= 1


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_problems_come_in_ones_language(aru: Person, language: str) -> None:
    headers = {**aru.headers, "accept-language": language}
    answer = aru.house.http.get("/v1/wallets/wal_" + "0" * 32, headers=headers).json()
    titles = {"kk": "Мұнда ештеңе жоқ", "ru": "Здесь ничего нет", "en": "There is nothing here"}
    assert answer["title"] == titles[language]


def test_every_address_and_setting_is_documented(house: House) -> None:
    page = (ROOT / "docs/bank-api.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`(/[^`]*)`", page))
    below = tuple(name for name in named if f"`{name}` and what is below it" in page)
    for path in house.get("/openapi.json").json()["paths"]:
        assert path in named or path.startswith(below) or path.startswith(ELSEWHERE), path
    for member in BankSettings.__struct_fields__:
        assert f"`{member}`" in page or member == "folder", member
