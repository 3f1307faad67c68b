# SPDX-License-Identifier: Apache-2.0
"""Tiers as a profile gives them: read whole or refused with the place."""

import tomllib

import pytest

from kerege.bank.tiers import MAX_TIERS, Limits, MalformedTiers, TierBook, UnknownTier

PROFILE = """
[[tiers]]
name = "phone"
owner_kind = "person"
requires = ["phone"]
limits.KZT = { holding = 100_000_00, payment = 50_000_00, day = 100_000_00, month = 300_000_00 }

[[tiers]]
name = "full"
owner_kind = "firm"
requires = ["name", "tax_number"]
[tiers.limits]
KZT = {}
"""


def test_a_profile_is_read() -> None:
    book = TierBook.read(tomllib.loads(PROFILE))
    phone = book.find("person", "phone")
    assert phone.limits_in("KZT") == Limits(
        holding=100_000_00, payment=50_000_00, day=100_000_00, month=300_000_00
    )
    assert phone.limits_in("USD") is None
    assert book.find("firm", "full").limits_in("KZT") == Limits()


@pytest.mark.parametrize(("kind", "name"), [("firm", "phone"), ("alien", "phone"), ("person", "")])
def test_a_tier_nobody_knows(kind: str, name: str) -> None:
    with pytest.raises(UnknownTier):
        TierBook.read(tomllib.loads(PROFILE)).find(kind, name)


GOOD = {"name": "phone", "owner_kind": "person"}


@pytest.mark.parametrize(
    ("tiers", "place"),
    [
        (None, "tiers"),
        ([], "tiers"),
        ("phone", "tiers"),
        ([GOOD] * 2, "tiers"),
        ([GOOD | {"name": f"t{number}"} for number in range(MAX_TIERS + 1)], "tiers"),
        ([GOOD, GOOD | {"owner_kind": "alien"}], "tiers[1].owner_kind"),
        ([GOOD | {"name": "Two words"}], "tiers[0].name"),
        ([GOOD | {"name": "phone\n"}], "tiers[0].name"),
        ([GOOD | {"requires": ["shoe size"]}], "tiers[0].requires"),
        ([GOOD | {"colour": "red"}], "tiers[0]"),
        ([GOOD | {"limits": {"KZT": {"day": 0}}}], "tiers[0].limits[...].day"),
        ([GOOD | {"limits": {"KZT": {"day": 2**63}}}], "tiers[0].limits[...].day"),
        ([GOOD | {"limits": {"KZT": {"day": 1.5}}}], "tiers[0].limits[...].day"),
        ([GOOD | {"limits": {"KZT": {"day": 5, "month": 4}}}], "tiers[0].limits.KZT"),
        ([GOOD | {"limits": {"KZT": {"payment": 5, "month": 4}}}], "tiers[0].limits.KZT"),
        ([GOOD | {"limits": {"kzt": {}}}], "tiers[0].limits"),
    ],
)
def test_a_fault_is_named_with_its_place(tiers: object, place: str) -> None:
    with pytest.raises(MalformedTiers) as caught:
        TierBook.read({"tiers": tiers})
    assert caught.value.place.startswith(place)


def test_no_tiers_at_all() -> None:
    with pytest.raises(MalformedTiers):
        TierBook.read({})
