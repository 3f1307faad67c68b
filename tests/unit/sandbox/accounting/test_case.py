# SPDX-License-Identifier: Apache-2.0
"""Cases are read strictly; names in them stand for what earlier steps were answered."""

import pytest

from kerege.sandbox.accounting.case import MalformedCase, decode_case, resolve
from kerege.sandbox.accounting.cases import case_names, read_case, read_cases

KNOWN = {"bill": {"id": "ord_1", "vat": 5}}


def test_names_are_replaced_wherever_they_stand() -> None:
    found = resolve({"a": "$bill", "b": [{"c": "$bill.vat"}], "d": "costs $5", "e": 1}, KNOWN)
    assert found == {"a": "ord_1", "b": [{"c": 5}], "d": "costs $5", "e": 1}


@pytest.mark.parametrize("text", ["$other", "$bill.net"])
def test_a_name_nobody_gave(text: str) -> None:
    with pytest.raises(MalformedCase, match="no step"):
        resolve([text], KNOWN)


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"{}",
        b"\xff",
        b"[" * 10_000,
        b'{"name": "a", "title": "", "shows": "", "books": {}, "steps": [{"do": "steal"}]}',
        b" " * (256 * 1024 + 1),
    ],
)
def test_what_is_no_case(text: bytes) -> None:
    with pytest.raises(MalformedCase):
        decode_case(text)


def test_the_published_cases_have_their_files_name_and_reasons() -> None:
    for case in read_cases():
        assert case.name in case_names()
        assert read_case(case.name) == case
        assert case.title
        assert case.shows
        assert all(step.why for step in case.steps)
    with pytest.raises(MalformedCase):
        read_case("../case")
