# SPDX-License-Identifier: Apache-2.0
"""Wallets over HTTP: facts for all, money for the bank that keeps it."""

import pytest

from kerege.centralbank.http.wire import Balances, Lines, OrderTexts, Verdicts
from kerege.payments.holdings import WalletView
from kerege.service import Refused
from tests.registers import kid_of
from tests.unit.centralbank.http.conftest import Town


def test_facts_of_ones_own(town: Town) -> None:
    view = town.altyn.get(f"/v1/wallets/{town.aru.id}", WalletView)
    assert (view.tier, view.keys) == ("full", (kid_of(town.aru.key),))


def test_facts_of_others(town: Town) -> None:
    view = town.qala.get(f"/v1/wallets/{town.aru.id}", WalletView)
    assert view == WalletView(town.aru.id, "altyn-bank", "person", ("KZT",))


def test_balances_are_for_the_bank_that_keeps_it(town: Town) -> None:
    path = f"/v1/wallets/{town.aru.id}/balances"
    (balance,) = town.altyn.get(path, Balances).balances
    assert (balance.asset, balance.ceiling) == ("KZT", 5_000_000_00)
    assert balance.available > 0
    with pytest.raises(Refused) as raised:
        town.qala.get(path, Balances)
    assert raised.value.code == "not_found"


def test_a_statement_in_pages(town: Town) -> None:
    payer = town.core.open("altyn-bank")
    town.core.give(payer, 100)
    for amount in (1, 2, 3):
        text = town.core.pay(payer, town.bek, amount)
        town.altyn.post("/v1/orders", OrderTexts((text,)), Verdicts)
    path, lines, before = f"/v1/wallets/{payer.id}/statement", [], 2**53
    while True:
        query: dict[str, str | int] = {"asset": "KZT", "limit": 2, "before": before}
        page = town.altyn.get(path, Lines, query=query).lines
        if not page:
            break
        lines += page
        before = page[-1].seq
    assert [(line.change, line.balance) for line in lines] == [
        *((-3, 94), (-2, 97), (-1, 99), (100, 100))
    ]
    assert [line.counterparty for line in lines] == [*[town.bek.id] * 3, ""]


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({}, "request_invalid"),
        ({"asset": "XAU"}, "not_found"),
        ({"asset": "kzt"}, "request_invalid"),
        ({"asset": "KZT", "limit": 0}, "request_invalid"),
        ({"asset": "KZT", "limit": 1001}, "request_invalid"),
        ({"asset": "KZT", "limit": "ten"}, "request_invalid"),
        ({"asset": "KZT", "before": -1}, "request_invalid"),
        ({"asset": "KZT", "before": 2**64}, "request_invalid"),
    ],
)
def test_questions_out_of_bounds(town: Town, query: dict[str, str | int], code: str) -> None:
    with pytest.raises(Refused) as raised:
        town.altyn.get(f"/v1/wallets/{town.aru.id}/statement", Lines, query=query)
    assert raised.value.code == code


def test_there_is_no_such_wallet(town: Town) -> None:
    with pytest.raises(Refused) as raised:
        town.altyn.get("/v1/wallets/wal_" + "0" * 32, WalletView)
    assert raised.value.code == "not_found"
