# SPDX-License-Identifier: Apache-2.0
"""Effects are only written of what was planned."""

import pytest
from sqlalchemy import delete

from kerege.centralbank.actions import DeclareMoney, SetKeys
from kerege.centralbank.actions_effects import Done, apply_action
from kerege.centralbank.register_parameters import MoneyAsset
from kerege.centralbank.stores.schema import PARAMETERS
from kerege.errors import InvariantViolation
from tests.registers import Country


def test_what_could_not_be_planned_is_our_fault(country: Country) -> None:
    gold = DeclareMoney(money=MoneyAsset(code="GOLD", reserve="GOLD-R"))
    keys = SetKeys(participant="staff-aru", keys=("{}",))
    with country.register._tables.begin() as connection:
        with pytest.raises(InvariantViolation):
            apply_action(connection, Done("prp_1", "ord_1", keys, (), ()))
        connection.execute(delete(PARAMETERS))
        with pytest.raises(InvariantViolation):
            apply_action(connection, Done("prp_1", "ord_1", gold, (), ()))


def test_twice_is_as_once(country: Country) -> None:
    money = MoneyAsset(code="GOLD", reserve="GOLD-R")
    country.act(DeclareMoney(money=money))
    with country.register._tables.begin() as connection:
        apply_action(connection, Done("prp_1", "ord_1", DeclareMoney(money=money), (), ()))
    country.register._facts.reload()
    assert [each.code for each in country.register.parameters().assets] == ["KZT", "XAU", "GOLD"]
