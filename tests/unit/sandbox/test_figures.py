# SPDX-License-Identifier: Apache-2.0
import xml.etree.ElementTree as ElementTree

import pytest

from kerege.sandbox.figures import histogram, histogram_lines, histogram_svg, percentile


@pytest.mark.parametrize(
    ("values", "percent", "expected"),
    [
        ([], 50, 0),
        ([7], 50, 7),
        ([7], 99, 7),
        ([1, 2, 3, 4], 50, 2),
        ([4, 3, 2, 1], 0, 1),
        ([4, 3, 2, 1], 100, 4),
        (list(range(1, 101)), 99, 99),
        (list(range(1, 101)), 50, 50),
    ],
)
def test_percentiles_are_values_that_occurred(
    values: list[float], percent: float, expected: float
) -> None:
    assert percentile(values, percent) == expected


def test_a_histogram_shows_the_rows_between_the_first_and_the_last_used() -> None:
    assert histogram([1.5, 1.7, 12, 12.5, 19.9]) == [
        ("1-2 ms", 2),
        ("2-5 ms", 0),
        ("5-10 ms", 0),
        ("10-20 ms", 3),
    ]
    assert histogram([]) == []
    assert histogram([-1, 0]) == [("0-1 ms", 2)]
    assert histogram([60_000]) == [("5000 ms and u", 1)]


def test_its_bars_are_as_wide_as_asked() -> None:
    lines = histogram_lines([1.5] * 1000 + [3.0], width=10)
    assert lines == ["       1-2 ms ██████████ 1000", "       2-5 ms ▏ 1"]
    assert histogram_lines([]) == []


def test_its_picture_is_well_formed_and_says_what_it_is() -> None:
    picture = ElementTree.fromstring(histogram_svg([1.5, 3.0], title="5 < 6 & more"))
    assert picture[0].text == "5 < 6 & more"
    assert histogram_svg([], title="nothing").endswith("</svg>\n")
