# SPDX-License-Identifier: Apache-2.0
"""Figures that contradict each other, or lack reserves, are refused by name."""

import pytest

from kerege.wallet import SupplyTold, SupplyUnsound, check_supply, supply_told
from tests.receivers import receiving

KZT = SupplyTold("KZT", 0, issued=1_000, redeemed=100, circulating=900, reserves=900)


def test_figures_that_agree() -> None:
    marked = (
        SupplyTold("XAU-G", 0, 50, 0, 50, 60),
        SupplyTold("XAU-G", 7, 10, 0, 10, 0),
    )
    assert check_supply((KZT, *marked)) == {"KZT": 900, "XAU-G": 60}
    assert check_supply(()) == {}


@pytest.mark.parametrize(
    ("told", "why"),
    [
        ((SupplyTold("KZT", 0, 1_000, 100, 901, 1_000),), "issued less redeemed"),
        ((SupplyTold("KZT", 0, 1_000, 0, 1_000, 999),), "stand behind"),
        ((SupplyTold("KZT", 0, 100, 200, -100, 0),), "stand behind"),
        ((KZT, KZT), "told twice"),
        ((KZT, SupplyTold("KZT", 3, 1, 0, 1, 0)), "stand behind"),
    ],
)
def test_figures_that_cannot_be_true(told: tuple[SupplyTold, ...], why: str) -> None:
    with pytest.raises(SupplyUnsound, match=why) as caught:
        check_supply(told)
    assert "KZT" in caught.value.place


def test_figures_are_asked_of_the_core() -> None:
    with receiving() as core:
        line = {
            "asset": "KZT",
            "mark": 0,
            "issued": 5,
            "redeemed": 0,
            "circulating": 5,
            "reserves": 5,
        }
        core.routes["GET /v1/supply"] = (200, {"supply": [line]})
        assert check_supply(supply_told(f"http://{core.authority}/")) == {"KZT": 5}
