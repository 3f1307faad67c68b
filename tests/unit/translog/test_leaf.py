# SPDX-License-Identifier: Apache-2.0
import re

import pytest

from kerege.errors import InvariantViolation
from kerege.translog.leaf import commit_record, salt_for
from tests.house.tree import ROOT

PAGE = (ROOT / "docs/formats/leaf.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| `([0-9a-f]+)` \| (?:`([0-9a-f]+)`|\(empty\)) \| `([0-9a-f]+)` \|$", re.M)


def test_the_published_vectors_hold() -> None:
    rows = [tuple(bytes.fromhex(cell or "") for cell in row) for row in ROW.findall(PAGE)]
    commitments = [row for row in rows if len(row[2]) == 32]
    salts = [row for row in rows if len(row[2]) == 16]
    assert (len(commitments), len(salts)) == (3, 2)
    for salt, record, entry in commitments:
        assert commit_record(record, salt=salt) == entry
    for salt_key, order_id, salt in salts:
        assert salt_for(salt_key, order_id) == salt


def test_salt_and_record_cannot_be_shifted_into_each_other() -> None:
    assert commit_record(b"a", salt=bytes(16)) != commit_record(b"\0a", salt=bytes(16))
    for salt in (bytes(15), bytes(17)):
        with pytest.raises(InvariantViolation):
            commit_record(b"a", salt=salt)


def test_a_salt_key_has_32_bytes() -> None:
    with pytest.raises(InvariantViolation):
        salt_for(bytes(16), b"order")
