# SPDX-License-Identifier: Apache-2.0
"""The add-checkpoint body: the document's example, and a row for each way to spoil one."""

import pytest

from kerege.translog.witness.request import (
    MAX_REQUEST_BYTES,
    MAX_SUBMITTED_NOTE_BYTES,
    RequestError,
    format_request,
    parse_request,
)
from tests.model_log import ModelLog

# C2SP tlog-witness, "add-checkpoint".
EXAMPLE = """old 20852014
PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=
jrJZDmY8Y7SyJE0MWLpLozkIVMSMZcD5kvuKxPC3swk=
5+pKlUdi2LeF/BcMHBn+Ku6yhPGNCswZZD1X/6QgPd8=
/6WVhPs2CwSsb5rYBH5cjHV/wSmA79abXAwhXw3Kj/0=

example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
— example.com/behind-the-sofa opLqBQsREYCgu6xQkYQwJr9fo45a62DN9EdmHXnZdXNqlcVGlCum2Wks+49/V6267UEjw6QUXTS5Rovnzv++qbSzm9Q=
""".encode()  # noqa: E501 - the document's own lines

HASH = "PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=\n"
NOTE = ModelLog().checkpoint(3).decode()


def test_the_example_of_tlog_witness() -> None:
    request = parse_request(EXAMPLE)
    assert request.old_size == 20852014
    assert [value[:2].hex() for value in request.proof] == ["3e54", "8eb2", "e7ea", "ffa5"]
    assert request.checkpoint.size == 20852163
    body = format_request(old_size=request.old_size, proof=request.proof, note=request.note)
    assert body == EXAMPLE


def test_as_many_proof_lines_as_allowed() -> None:
    assert len(parse_request(f"old 1\n{HASH * 63}\n{NOTE}".encode()).proof) == 63


SPOILT = {
    "nothing": ("", "an empty line stands"),
    "only an old size": ("old 0\n", "an empty line stands"),
    "no checkpoint": ("old 0\n\n", "a note has a blank line"),
    "no empty line": (f"old 0\n{NOTE}", "a hash has 32 bytes|not base64"),
    "no old size": (f"\n{NOTE}", "line 1: the first line"),
    "another word": (f"size 0\n\n{NOTE}", "line 1: the first line"),
    "capitals": (f"OLD 0\n\n{NOTE}", "line 1: the first line"),
    "two spaces": (f"old  0\n\n{NOTE}", "line 1: the first line"),
    "no number": (f"old \n\n{NOTE}", "line 1: the first line"),
    "a negative size": (f"old -1\n\n{NOTE}", "line 1: the first line"),
    "a leading zero": (f"old 00\n\n{NOTE}", "old size: a tree size is in decimal"),
    "other digits": (f"old \u0661\n\n{NOTE}", "only ASCII"),
    "2**63": (f"old {2**63}\n\n{NOTE}", "old size: a tree size is at most"),
    "endless digits": (f"old {'9' * 9999}\n\n{NOTE}", "old size: a tree size is at most"),
    "a carriage return": (f"old 0\r\n\n{NOTE}", "line 1: the first line"),
    "no base64": (f"old 1\n!\n\n{NOTE}", "proof line 1: the hash is not base64"),
    "a short hash": (f"old 1\n{HASH}AAAA\n\n{NOTE}", "proof line 2: a hash has 32 bytes, not 3"),
    "stray bits": (f"old 1\n{HASH[:-3]}x=\n\n{NOTE}", "proof line 1: the hash is base64 that is"),
    "too many lines": (f"old 1\n{HASH * 64}\n{NOTE}", "at most 63 lines"),
    "not a note": (f"old 0\n\n{NOTE[:-1]}", "checkpoint: a note ends"),
    "not a checkpoint": ("old 0\n\nhello\n\n— a AAAAAAA=\n", "checkpoint: a checkpoint has"),
    "an odd size": ("old 0\n\no\n01\nAAAA\n\n— a AAAAAAA=\n", "checkpoint, size: a tree size"),
    "a long checkpoint": (
        f"old 0\n\n{'x' * MAX_SUBMITTED_NOTE_BYTES}{NOTE}",
        "a checkpoint has at most 500000 bytes|a request has at most",
    ),
    "too long": ("x" * (MAX_REQUEST_BYTES + 1), "a request has at most"),
}


@pytest.mark.parametrize(("body", "message"), SPOILT.values(), ids=SPOILT)
def test_spoilt_requests_are_refused_with_their_place(body: str, message: str) -> None:
    with pytest.raises(RequestError, match=message):
        parse_request(body.encode())


def test_bytes_that_are_not_text_are_refused() -> None:
    with pytest.raises(RequestError, match="only ASCII"):
        parse_request(b"old 1\n\xff\n\n" + NOTE.encode())
    with pytest.raises(RequestError, match="valid UTF-8"):
        parse_request(b"old 1\n\n\xff" + NOTE.encode())
