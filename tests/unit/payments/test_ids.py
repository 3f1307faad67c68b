# SPDX-License-Identifier: Apache-2.0
"""Names of wallets, institutions and requests."""

import pytest

from kerege.payments.ids import (
    MalformedName,
    format_request_id,
    format_wallet_id,
    parse_participant_id,
    parse_request_id,
    parse_wallet_id,
)


def test_names_read_back_as_written() -> None:
    drawn = bytes(range(16))
    assert parse_wallet_id(format_wallet_id(drawn)) == "wal_000102030405060708090a0b0c0d0e0f"
    assert parse_request_id(format_request_id(drawn)).startswith("req_0001")
    assert parse_participant_id("altyn-bank") == "altyn-bank"


@pytest.mark.parametrize(
    "text",
    ["", "wal_", "wal_" + "0" * 31, "wal_" + "0" * 33, "wal_" + "A" * 32, "wal_" + "0" * 32 + "\n"],
)
def test_what_is_no_wallet_id(text: str) -> None:
    with pytest.raises(MalformedName):
        parse_wallet_id(text)
    with pytest.raises(MalformedName):
        parse_request_id(text.replace("wal_", "req_"))


@pytest.mark.parametrize(
    "text", ["", "-a", "a-", "a--b", "1a", "A", "a b", "аltyn", "a" * 33, "a\n", "а", "a_b"]
)
def test_what_is_no_institutions_name(text: str) -> None:
    with pytest.raises(MalformedName):
        parse_participant_id(text)


def test_an_id_is_made_of_sixteen_bytes() -> None:
    for size in (0, 15, 17):
        with pytest.raises(MalformedName):
            format_wallet_id(bytes(size))
