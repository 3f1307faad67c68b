# SPDX-License-Identifier: Apache-2.0
"""What a firm declares and claims is the sum of its papers."""

from pathlib import Path

import pytest

from kerege.payments.documents import CreditNote, Invoice, Pay, VatClaim, VatClaimRun
from kerege.payments.documents import VatDeclaration as Declaration
from kerege.payments.vat_documents import InvoiceLine, VatAnswer
from kerege.wallet.vat import Vat, vat_of
from tests.signed_papers import signed
from tests.wallets import Pocket

ONE, TWO, THREE = ("ord_" + digit * 32 for digit in "123")
WALLET = "wal_" + "a" * 32


@pytest.fixture
def pocket(tmp_path: Path) -> Pocket:
    return Pocket(tmp_path)


def _paper(order: str, net: int, *, about: str = "") -> Invoice | CreditNote:
    lines = (InvoiceLine(1_600, net, net * 16 // 100),)
    frame = {"id": order, "wallet": WALLET, "until_us": 1, "number": "7", "date_us": 1}
    rest = {"lines": lines, "total": net * 116 // 100}
    if about:
        return CreditNote(**frame, **rest, invoice=about)  # type: ignore[arg-type]
    return Invoice(**frame, **rest, asset="KZT")  # type: ignore[arg-type]


def test_credit_notes_count_against_it() -> None:
    assert vat_of([_paper(ONE, 100), _paper(TWO, 50, about=ONE)]) == 8


def test_a_declaration_names_and_adds_up(pocket: Pocket) -> None:
    vat = Vat(pocket.wallet(), "digital-vat")
    answer = vat.declare(from_us=1, to_us=9, issued=[_paper(ONE, 100)], received=[_paper(TWO, 200)])
    made = signed(pocket, answer)
    assert isinstance(made, Declaration)
    assert (made.issued, made.received, made.programme) == ((ONE,), (TWO,), "digital-vat")
    assert (made.vat_issued, made.vat_received, made.from_us, made.to_us) == (16, 32, 1, 9)


def test_what_is_owed_is_paid_and_what_was_paid_claimed(pocket: Pocket) -> None:
    vat = Vat(pocket.wallet(), "digital-vat")
    authority = pocket.bank.make_wallet()
    pay = signed(pocket, vat.remit(ONE, 16, authority=authority, asset="KZT"))
    assert isinstance(pay, Pay)
    assert (pay.about, pay.legs[0].to, pay.legs[0].amount) == (ONE, authority, 16)
    claim = signed(pocket, vat.claim(ONE, {TWO: 5, THREE: 6}))
    assert isinstance(claim, VatClaim)
    assert (claim.amount, [line.vat for line in claim.lines]) == (11, [5, 6])
    run = signed(pocket, vat.answer([VatAnswer(ONE, 11)]))
    assert isinstance(run, VatClaimRun)
    assert (run.programme, run.answers) == ("digital-vat", (VatAnswer(ONE, 11),))
