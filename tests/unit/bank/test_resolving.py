# SPDX-License-Identifier: Apache-2.0
"""Resolving asks the core, other banks and codes, and is told the same where nobody may know."""

from pathlib import Path

import pytest

from kerege.bank.resolving import Found, Resolving
from kerege.money import Amount
from kerege.qr import (
    PROFILES,
    MerchantCode,
    account_object,
    terms_object,
    write_merchant_code,
)
from tests.two_tiers import Country, Signer

KZ = PROFILES["KZ"]


class Nearby:
    """Other banks in a dictionary."""

    def __init__(self) -> None:
        self.aliases: dict[str, Found] = {}
        self.requests: dict[str, str] = {}

    def find_alias(self, alias: str) -> Found | None:
        return self.aliases.get(alias)

    def name_of(self, wallet: str, bank: str) -> str:
        return f"at {bank}"

    def find_request(self, request: str, bank: str) -> str | None:
        return self.requests.get(request)


class Town:
    def __init__(self, folder: Path) -> None:
        self.country = Country(folder)
        self.country.bank("altyn-bank")
        self.shop: Signer = self.country.person("altyn-bank")
        self.nearby = Nearby()
        self.resolving = Resolving(
            self.country.line("altyn-bank"), self.nearby, KZ, self.country.clock
        )

    def code(self, payee: str, request: str | None = None) -> str:
        others = () if request is None else (terms_object(KZ, request_id=request),)
        return (
            write_merchant_code(
                MerchantCode(
                    accounts=(account_object(KZ, payee),),
                    category="5462",
                    currency=KZ.currency,
                    country="KZ",
                    name="Bakery",
                    city="Almaty",
                    amount=Amount(450_00, KZ.currency),
                    others=others,
                )
            )
        ).write()


@pytest.fixture
def town(tmp_path: Path) -> Town:
    return Town(tmp_path)


def test_a_wallet_is_found_with_its_banks_name_for_it(town: Town) -> None:
    found = town.resolving.resolve(f"  {town.shop.wallet} ", "en")
    assert (found.wallet, found.bank, found.name) == (
        town.shop.wallet,
        "altyn-bank",
        "at altyn-bank",
    )


def test_an_alias_leads_to_a_wallet_also_in_a_code(town: Town) -> None:
    town.nearby.aliases["@bakery"] = Found(town.shop.wallet, "post", "А*** Қ.")
    assert town.resolving.resolve("@bakery", "en").name == "А*** Қ."
    found = town.resolving.resolve(town.code("@bakery"), "en")
    assert (found.bank, found.amount) == ("post", 450_00)


@pytest.mark.parametrize("request_id", ["req_" + "1" * 32, "not-a-request"])
def test_a_code_for_a_request_nobody_has_is_over(town: Town, request_id: str) -> None:
    found = town.resolving.resolve(town.code(town.shop.wallet, request_id), "en")
    assert (found.wallet, found.text) == ("", "This code's time is over.")


def test_another_payees_request_does_not_count(town: Town) -> None:
    """Else a code could show one payee and carry the request of another."""
    request = "req_" + "1" * 32
    town.nearby.requests[request] = "a.b.c"
    found = town.resolving.resolve(town.code(town.shop.wallet, request), "en")
    assert found.wallet == ""


@pytest.mark.parametrize("language", ["kk", "ru", "en", "de"])
def test_nobody_is_told_in_every_language(town: Town, language: str) -> None:
    assert town.resolving.resolve("@nobody", language).text
