# SPDX-License-Identifier: Apache-2.0
"""Signature lines: C2SP's example, and each way to spoil one."""

import pytest

from kerege.translog.signature_line import NoteError, NoteSignature, find_forbidden_character

LINE = (
    "— example.com/foo "
    "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM="
)


def test_the_example_of_signed_note() -> None:
    signature = NoteSignature.from_line(LINE)
    assert signature.name == "example.com/foo"
    assert signature.key_id.hex() == "530d903a"
    assert len(signature.signature) == 64
    assert signature.to_line() == f"{LINE}\n"


SPOILT_LINES = {
    "": "starts with an em dash",
    "-- a AAAAAAA=": "starts with an em dash",
    "—a AAAAAAA=": "starts with an em dash",
    " — a AAAAAAA=": "starts with an em dash",
    "— ": "a key name, a space and base64",
    "— a": "a key name, a space and base64",
    "—  AAAAAAA=": "must not be empty",
    "— a+b AAAAAAA=": "must not contain spaces",
    "— a\u2003b AAAAAAA=": "must not contain spaces",
    "— a  AAAAAAA=": "the signature is not base64",
    "— a b AAAAAAA=": "the signature is not base64",
    "— a AAAAAAA= ": "the signature is not base64",
    "— a AAAAAAA": "the signature is not base64",
    "— a AAAAAAB=": "not canonical",
    "— a ": "a key ID has 4 bytes, not 0",
    "— a AAAA": "a key ID has 4 bytes, not 3",
    "— a AAAAAA==": "must not be empty",
}


@pytest.mark.parametrize(("line", "message"), SPOILT_LINES.items())
def test_spoilt_lines_are_refused(line: str, message: str) -> None:
    with pytest.raises(NoteError, match=message):
        NoteSignature.from_line(line)


@pytest.mark.parametrize(
    ("text", "index"), [("a\nb", None), ("a\tb", 1), ("a\x7f\x80", None), ("\ud800", 0)]
)
def test_forbidden_characters_are_found(text: str, index: int | None) -> None:
    assert find_forbidden_character(text) == index
