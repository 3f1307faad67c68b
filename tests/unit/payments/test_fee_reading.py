# SPDX-License-Identifier: Apache-2.0
"""A schedule is read whole or every fault in it is told with its place."""

import json
from typing import Any

import msgspec
import pytest

from kerege.payments.fee_reading import MAX_SCHEDULE_BYTES, MalformedSchedule, read_schedule
from kerege.payments.fees import MAX_FEE_RULES

RULE: dict[str, Any] = {
    "name": "merchant",
    "asset": "KZT",
    "paid_by": "payee",
    "collector": "wal_" + "0" * 32,
    "texts": {"kk": "Саудагер ақысы", "ru": "Комиссия торговца", "en": "Merchant fee"},
    "basis_points": 50,
}
SPONSORED = {"paid_by": "sponsor", "mandate": "ord_" + "1" * 32}


def _faults(*rules: Any, **more: Any) -> dict[str, str]:
    text = json.dumps({"version": 1, "rules": list(rules), **more}).encode()
    with pytest.raises(MalformedSchedule) as caught:
        read_schedule(text)
    return {fault.place: fault.what for fault in caught.value.faults}


def test_a_schedule_is_read() -> None:
    rules = [RULE, {**RULE, **SPONSORED, "name": "cashback", "rewards": "payer"}]
    schedule = read_schedule(json.dumps({"version": 7, "rules": rules}).encode())
    assert schedule.version == 7
    assert [rule.name for rule in schedule.rules] == ["merchant", "cashback"]
    assert read_schedule(msgspec.json.encode(schedule)) == schedule


def test_all_faults_are_told_with_their_places() -> None:
    wrong = {"basis_points": 10_001, "paid_by": "nobody", "categories": ["54"], "vip": 1}
    bad = {**RULE, "name": "bad", **wrong}
    del bad["collector"]
    faults = _faults(RULE, bad, 5, version=-1)
    assert list(faults) == [
        "$.version",
        "$.rules[1].collector",
        "$.rules[1].paid_by",
        "$.rules[1].basis_points",
        "$.rules[1].categories[0]",
        "$.rules[1].vip",
        "$.rules[2]",
    ]


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"minimum": 6, "maximum": 5}, "minimum"),
        ({"basis_points": 0}, "basis_points"),
        ({"paid_by": "sponsor"}, "mandate"),
        ({"mandate": SPONSORED["mandate"]}, "mandate"),
        ({"rewards": "payer"}, "rewards"),
        ({"paid_by": "payer"}, "kinds"),
        ({"paid_by": "payer", "kinds": ["pay", "pull"]}, "kinds"),
        ({"texts": {"kk": "а", "ru": " "}}, "texts.ru"),
        ({"texts": {"kk": "а", "ru": "б", "en": ""}}, "texts"),
        ({"texts": {"fr": "à"}}, "texts"),
    ],
)
def test_members_agree_with_each_other(change: dict[str, Any], place: str) -> None:
    assert any(found.startswith(f"$.rules[0].{place}") for found in _faults({**RULE, **change}))


def test_rules_have_names_of_their_own_and_are_few() -> None:
    assert list(_faults(RULE, RULE)) == ["$.rules[1].name"]
    many = [{**RULE, "name": f"rule-{number}"} for number in range(MAX_FEE_RULES + 1)]
    assert list(_faults(*many)) == ["$.rules"]


@pytest.mark.parametrize(
    "text",
    [b"", b"[]", b"{", b"\xff", b"[" * 9000, b'{"rules":5}', b" " * (MAX_SCHEDULE_BYTES + 1)],
)
def test_what_is_no_schedule_raises_our_own_error(text: bytes) -> None:
    with pytest.raises(MalformedSchedule):
        read_schedule(text)


def test_faults_are_told_up_to_a_hundred() -> None:
    rules = [dict.fromkeys(map(str, range(50)), 1) for _ in range(MAX_FEE_RULES)]
    assert len(_faults(*rules)) == 100
