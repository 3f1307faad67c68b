# SPDX-License-Identifier: Apache-2.0
"""Balances as they travel."""

import msgspec

from kerege.payments.holdings import Balance


def test_what_is_held_cannot_be_spent() -> None:
    assert Balance("KZT", 500, held=120, coming=70).available == 380


def test_what_is_usual_is_left_out() -> None:
    assert msgspec.json.encode(Balance("KZT", 5)) == b'{"asset":"KZT","balance":5}'
