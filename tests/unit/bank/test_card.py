# SPDX-License-Identifier: Apache-2.0
"""Names of cards."""

import pytest

from kerege.bank.card import format_card_id, is_card_id


def test_a_card_has_a_name() -> None:
    assert is_card_id(format_card_id(bytes(16)))


@pytest.mark.parametrize(
    "text", ["", "crd_", "crd_" + "0" * 31, "crd_" + "G" * 32, "wal_" + "0" * 32]
)
def test_other_texts_are_none(text: str) -> None:
    assert not is_card_id(text)
    assert not is_card_id("crd_" + "0" * 32 + "\n")
