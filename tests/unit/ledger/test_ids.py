# SPDX-License-Identifier: Apache-2.0
"""Ids as text and back."""

import pytest

from kerege.ledger.errors import MalformedId
from kerege.ledger.ids import (
    MAX_ACCOUNT_ID,
    MAX_MARK,
    AccountId,
    OrderId,
    format_account_id,
    format_order_id,
    is_own_id,
    own_id,
    parse_account_id,
    parse_order_id,
)


@pytest.mark.parametrize("number", [1, 42, MAX_ACCOUNT_ID])
def test_account_ids_come_back(number: int) -> None:
    assert parse_account_id(format_account_id(AccountId(number))) == number


@pytest.mark.parametrize(
    "text",
    [
        *("", "42", "acc_", "acc_0", "acc_042", "acc_-1", "acc_1 ", "acc_1\n", "acc_١", "ACC_1"),
        f"acc_{MAX_ACCOUNT_ID + 1}",
        "acc_" + "9" * 5000,
    ],
)
def test_other_texts_are_no_account_ids(text: str) -> None:
    with pytest.raises(MalformedId):
        parse_account_id(text)


def test_order_ids_come_back() -> None:
    order_id = OrderId(bytes(range(16)))
    assert format_order_id(order_id) == "ord_000102030405060708090a0b0c0d0e0f"
    assert parse_order_id(format_order_id(order_id)) == order_id


@pytest.mark.parametrize(
    "text", ["", "ord_", "ord_" + "0" * 31, "ord_" + "0" * 33, "ord_" + "A" * 32, "0" * 32]
)
def test_other_texts_are_no_order_ids(text: str) -> None:
    with pytest.raises(MalformedId):
        parse_order_id(text)


def test_an_account_and_a_mark_fit_one_signed_integer() -> None:
    assert MAX_ACCOUNT_ID * (MAX_MARK + 1) + MAX_MARK < 2**63


def test_the_ledgers_own_ids_are_above_all_others() -> None:
    assert is_own_id(own_id(0))
    assert is_own_id(own_id(2**63 - 1))
    assert not is_own_id(b"\xff" * 7 + b"\xfe" + b"\xff" * 8)
    assert len({own_id(0), own_id(1), own_id(2**62)}) == 3
