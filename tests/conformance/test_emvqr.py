# SPDX-License-Identifier: Apache-2.0
"""Payloads quoted by six other libraries, of five countries, marked whether their CRC fits."""

import json
from collections.abc import Iterator

import pytest

from kerege.qr import PROFILES, Foreign, QrError, find_faults, parse, read_payable
from tests.conformance_files import find_conformance_files

SCHEMES_OF = {
    "dtinth/promptpay-qr": {"promptpay"},
    "maythiwat/promptparse": {"promptpay"},
    "bsthen/bakong-khqr": {"bakong"},
    "thalesog/pix-utils": {"pix"},
    "xuannghia/vietnam-qr-pay": {"vietqr", "vnpay"},
    "mercari/go-emv-code": {"jpqr"},
}


def payloads(*, crc_ok: bool) -> Iterator[tuple[str, str]]:
    """Source and text of each payload with that mark, in all files of the folder."""
    for file in find_conformance_files("emvqr/*.json"):
        for row in json.loads(file.read_text(encoding="utf-8")):
            if row["crc_ok"] is crc_ok:
                yield row["source"], row["payload"]


def test_payloads_marked_good_are_read_and_kept_to_the_character() -> None:
    good = list(payloads(crc_ok=True))
    assert good
    for source, text in good:
        assert parse(text).write() == text, source


def test_payloads_marked_bad_are_refused_with_the_place() -> None:
    for source, text in payloads(crc_ok=False):
        with pytest.raises(QrError) as caught:
            parse(text)
        assert 0 < caught.value.fault.offset <= len(text), source


def test_every_fault_has_a_place_inside_the_payload() -> None:
    for source, text in payloads(crc_ok=True):
        for fault in find_faults(parse(text)):
            assert 0 < fault.offset <= len(text), (source, fault)


def test_the_payer_hears_whose_code_it_is() -> None:
    for source, text in payloads(crc_ok=True):
        answer = read_payable(parse(text), PROFILES["KZ"])
        assert isinstance(answer, Foreign)
        assert {scheme.id for scheme in answer.schemes} <= SCHEMES_OF[source], (source, text)
