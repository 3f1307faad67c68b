# SPDX-License-Identifier: Apache-2.0
import pytest

from kerege.money import ISO4217, MAX_MINOR, MAX_PARTS, Amount, AmountError, RatioError, allocate

KZT = ISO4217.by_code("KZT")


@pytest.mark.parametrize(
    ("minor", "ratios", "parts"),
    [
        (100, [1, 1, 1], [34, 33, 33]),
        (101, [1, 1, 1], [34, 34, 33]),
        (5, [3, 7], [2, 3]),  # 1.5 and 3.5 lose alike: the earlier gains
        (10, [1, 2, 4], [1, 3, 6]),  # 1.43, 2.86, 5.71
        (1, [0, 1, 1, 0], [0, 1, 0, 0]),
        (0, [1, 2], [0, 0]),
        (MAX_MINOR, [MAX_MINOR, MAX_MINOR], [MAX_MINOR // 2 + 1, MAX_MINOR // 2]),
    ],
)
def test_allocate(minor: int, ratios: list[int], parts: list[int]) -> None:
    assert [part.minor for part in allocate(Amount(minor, KZT), ratios)] == parts


@pytest.mark.parametrize(
    ("ratios", "fault"),
    [
        ([], "no ratio is above zero"),
        ([0, 0], "no ratio is above zero"),
        ([1, -1], "ratio at position 1"),
        ([0.5], "ratio at position 0"),
        ([True], "ratio at position 0"),
        ([1] * (MAX_PARTS + 1), "more than"),
    ],
)
def test_malformed_ratios(ratios: list[int], fault: str) -> None:
    with pytest.raises(RatioError, match=fault):
        allocate(Amount(100, KZT), ratios)


def test_a_negative_amount_is_not_allocated() -> None:
    with pytest.raises(AmountError, match="negative"):
        allocate(Amount(-1, KZT), [1])


def test_as_many_parts_as_allowed() -> None:
    parts = allocate(Amount(MAX_PARTS + 1, KZT), [1] * MAX_PARTS)
    assert parts[:2] == (Amount(2, KZT), Amount(1, KZT))
