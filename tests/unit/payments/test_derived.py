# SPDX-License-Identifier: Apache-2.0
"""Derived ids: the same for everyone, in a range of their own, never two contents under one."""

import hashlib

import pytest

from kerege.errors import InvariantViolation
from kerege.ledger.ids import is_own_id
from kerege.payments.derived import RESERVED, derived_order_id
from kerege.payments.documents import MalformedDocument, decode_document, encode_document
from tests.towns import Town


def test_an_id_is_the_specified_digest() -> None:
    text = b"kerege-derived/v1\nrequest\nwal_1\nreq_2\n"
    expected = b"\xff\xff\xfe" + hashlib.sha256(text).digest()[:13]
    assert derived_order_id("request", "wal_1", "req_2") == expected


def test_parts_do_not_run_into_each_other() -> None:
    assert derived_order_id("a", "bc") != derived_order_id("ab", "c") != derived_order_id("abc")
    with pytest.raises(InvariantViolation):
        derived_order_id("a", "b\nc")


def test_no_document_takes_a_derived_id_nor_one_of_the_ledgers(town: Town) -> None:
    derived = derived_order_id("request", "x")
    assert not is_own_id(derived)
    pay = town.pay(town.wallet(), town.wallet(), 1)
    for taken in (derived.hex(), "ff" * 16, RESERVED.hex() + "0" * 26, "ffffff" + "0" * 26):
        text = encode_document(pay).replace(pay.id.encode(), f"ord_{taken}".encode())
        with pytest.raises(MalformedDocument):
            decode_document(text)
    free = encode_document(pay).replace(pay.id.encode(), b"ord_fffffd" + b"f" * 26)
    assert decode_document(free).id.startswith("ord_fffffd")
