# SPDX-License-Identifier: Apache-2.0
"""Ids and states of customers."""

import pytest

from kerege.bank.customer import (
    CustomerState,
    UnknownCustomer,
    format_customer_id,
    may_become,
    parse_customer_id,
)


def test_an_id_there_and_back() -> None:
    made = format_customer_id(bytes(range(16)))
    assert parse_customer_id(made) == made == "cus_000102030405060708090a0b0c0d0e0f"


@pytest.mark.parametrize(
    "text", ["", "cus_", "wal_" + "0" * 32, "cus_" + "A" * 32, "cus_" + "0" * 32 + "\n", "0" * 32]
)
def test_what_is_no_id_sounds_like_one_nobody_has(text: str) -> None:
    with pytest.raises(UnknownCustomer) as caught:
        parse_customer_id(text)
    assert str(caught.value) == str(UnknownCustomer())


def test_a_draw_has_16_bytes() -> None:
    with pytest.raises(UnknownCustomer):
        format_customer_id(b"short")


def test_only_the_closed_are_forgotten_and_nobody_comes_back_from_there() -> None:
    assert [state for state in CustomerState if may_become(state, CustomerState.FORGOTTEN)] == [
        CustomerState.CLOSED
    ]
    assert not any(may_become(CustomerState.FORGOTTEN, state) for state in CustomerState)
    assert not may_become(CustomerState.CLOSED, CustomerState.ACTIVE)
