# SPDX-License-Identifier: Apache-2.0
"""Codes of made-up shops: of their country, with or without a price."""

from pathlib import Path

import pytest

from kerege.keys import RootSecret, save_root_secret
from kerege.qr import PROFILES, Payable, parse, read_payable
from kerege.sandbox.country import Country, Settings
from kerege.sandbox.made_up_keys import MadeUpKeys
from kerege.sandbox.shop_codes import shop_codes

SEED = RootSecret(bytes(32))


@pytest.mark.parametrize("name", ["kz", "kg"])
@pytest.mark.parametrize("amount", [0, 1, 123_456_78])
def test_a_code_leads_to_the_shops_wallet(tmp_path: Path, name: str, amount: int) -> None:
    country = Country.make(tmp_path / name, name, Settings(people=60))
    country.people.mkdir()
    save_root_secret(country.people / "seed", SEED)
    codes = shop_codes(country, amount_minor=amount)
    assert len(codes) == len(country.inhabitants().shops)
    for one in codes:
        payable = read_payable(parse(one.code.write()), PROFILES[country.profile.qr.country])
        assert isinstance(payable, Payable)
        assert payable.payee == one.wallet == MadeUpKeys(SEED).wallet(one.key)
        assert payable.code.category == one.category
        found = payable.code.amount
        assert (found.minor if found else 0) == amount
        assert not payable.code.dynamic
