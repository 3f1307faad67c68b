# SPDX-License-Identifier: Apache-2.0
import pytest

from kerege.errors import KeregeError
from kerege.qr import Fault, QrError, RuleError


@pytest.mark.parametrize(
    ("path", "place"), [("62.05", "tag 62.05, character 77"), ("", "character 77")]
)
def test_an_error_tells_the_tag_and_the_character(path: str, place: str) -> None:
    error = QrError(Fault(path, 77, "the value is empty", "leave the tag out"))
    assert isinstance(error, KeregeError)
    assert str(error) == f"{place}: the value is empty (leave the tag out)"


def test_a_rule_error_keeps_all_faults_and_shows_the_first() -> None:
    first, second = Fault("52", 1, "a", "b"), Fault("53", 9, "c", "d")
    error = RuleError((first, second))
    assert error.fault == first
    assert error.faults == (first, second)
