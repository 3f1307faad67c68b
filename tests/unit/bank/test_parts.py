# SPDX-License-Identifier: Apache-2.0
"""The parts of a node find each other, and what an earlier process left is seen through."""

from pathlib import Path

import pytest

from kerege.bank.customer import CustomerId
from kerege.bank.parts import load_keys
from kerege.keys import KeyFileError
from tests.banks import running_bank


def test_a_node_goes_on_where_it_stopped(tmp_path: Path) -> None:
    with running_bank(tmp_path) as house:
        aru = house.person(tmp_path / "aru")
        tea = aru.wallet(money=300_00)
        house.parts.check_database()
        assert house.parts.wallets.list(CustomerId(aru.view.customer))[0].wallet == tea.id
        assert house.parts.desk.recover() == 0


def test_missing_keys_are_told(tmp_path: Path) -> None:
    with running_bank(tmp_path) as house, pytest.raises(KeyFileError):
        load_keys(house.parts.settings)
