# SPDX-License-Identifier: Apache-2.0
"""Cases are read strictly; names in them stand for what earlier steps were answered."""

import pytest

from kerege.sandbox.accounting.case import MalformedCase, decode_case, resolve

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
