# SPDX-License-Identifier: Apache-2.0
"""The register: wallets, keys and participants as the acceptance asks for them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.registers import Country


@pytest.fixture
def country(tmp_path: Path) -> Iterator[Country]:
    country = Country(tmp_path)
    yield country
    country.close()


def test_an_opened_wallet_is_known_with_its_key_and_accounts(country: Country) -> None:
    bank = country.bank("altyn-bank")
    aru = country.person(bank)
    facts = country.register.wallet(aru.id)
    assert facts is not None
    assert (facts.bank, facts.owner_kind, facts.tier) == ("altyn-bank", "person", "phone")
    assert country.register.wallet_of_account(facts.accounts["KZT"]) == aru.id
    assert country.ledger.account(facts.accounts["KZT"]).account.ceiling == 50_000_00
