# SPDX-License-Identifier: Apache-2.0
"""What members of documents may be is read as strictly wherever it stands."""

import msgspec
import pytest

from kerege.payments.document_fields import (
    OrderOrNone,
    Signed,
    SlugOrNone,
    WalletOrNone,
    check_papers,
)


@pytest.mark.parametrize("kind", [OrderOrNone, WalletOrNone, SlugOrNone])
def test_what_may_be_absent_may_be_empty_and_not_anything(kind: type[str]) -> None:
    assert not msgspec.convert("", kind)
    for text in ("\n", " ", "A", "ord_", "wal_" + "g" * 32, "ord_fffffe" + "0" * 26):
        with pytest.raises(msgspec.ValidationError):
            msgspec.convert(text, kind)


def test_no_member_is_unknown_to_a_document() -> None:
    frame = {"id": "ord_" + "1" * 32, "wallet": "wal_" + "1" * 32, "until_us": 1}
    assert msgspec.convert({**frame, "kind": "Signed"}, Signed).after_us == 0
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({**frame, "kind": "Signed", "more": 1}, Signed)


def test_a_milestone_and_an_invoice_besides_are_of_a_contract() -> None:
    contract, invoice = "ord_" + "1" * 32, "ord_" + "2" * 32
    check_papers("", "", "")
    check_papers(contract, "roof", invoice)
    with pytest.raises(ValueError, match="about"):
        check_papers("", "roof", "")
    with pytest.raises(ValueError, match="about"):
        check_papers("", "", invoice)
