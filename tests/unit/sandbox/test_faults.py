# SPDX-License-Identifier: Apache-2.0
from typing import Annotated, Any

import pytest
from msgspec import Meta, Struct

from kerege.sandbox.faults import faults_of


class Town(Struct, forbid_unknown_fields=True):
    name: str
    people: Annotated[int, Meta(ge=0)] = 0


class Country(Struct, forbid_unknown_fields=True):
    capital: Town
    towns: Annotated[tuple[Town, ...], Meta(min_length=1)]
    by_code: dict[Annotated[str, Meta(max_length=2)], Town] = {}
    twin: Town | None = None


GOOD: dict[str, Any] = {"capital": {"name": "A"}, "towns": [{"name": "B"}]}


@pytest.mark.parametrize(
    ("changes", "faults"),
    [
        ({}, []),
        ({"twin": None}, []),
        ({"capital": {}}, [("capital.name", "is missing")]),
        ({"more": 1}, [("more", "no such member")]),
        ({"capital": 5}, [("capital", "Expected `object`, got `int`")]),
        ({"towns": []}, [("towns", "Expected `array` of length >= 1")]),
        ({"twin": {"name": "T", "people": -1}}, [("twin.people", "Expected `int` >= 0")]),
        ({"by_code": {"x": {"name": 1}}}, [("by_code.x.name", "Expected `str`, got `int`")]),
        (
            {"capital": {"name": 1}, "towns": [{"name": "B"}, {"name": 2, "mayor": "C"}]},
            [
                ("capital.name", "Expected `str`, got `int`"),
                ("towns[1].mayor", "no such member"),
                ("towns[1].name", "Expected `str`, got `int`"),
            ],
        ),
    ],
)
def test_every_fault_is_told_with_its_place(
    changes: dict[str, object], faults: list[tuple[str, str]]
) -> None:
    assert faults_of({**GOOD, **changes}, Country) == faults


def test_limits_of_a_whole_are_told_when_its_parts_are_sound() -> None:
    faults = faults_of({**GOOD, "by_code": {"long": {"name": "A"}}}, Country)
    assert len(faults) == 1
    assert "length" in faults[0][1]


def test_no_more_than_a_page_of_faults_is_told() -> None:
    towns = [{"name": number} for number in range(1000)]
    assert len(faults_of({**GOOD, "towns": towns}, Country)) == 100
