# SPDX-License-Identifier: Apache-2.0
"""What is told of an answer is what was signed."""

from kerege.payments.vat_documents import RefusedLine, VatAnswer
from kerege.sandbox.accounting.wire import AnswerLine, AnswerView

CLAIM, BILL = "ord_" + "1" * 32, "ord_" + "2" * 32


def test_an_answer_as_it_was_signed() -> None:
    signed = VatAnswer(CLAIM, 5, (RefusedLine(BILL, "vat-not-paid"),))
    told = AnswerView(claim=CLAIM, amount=5, refused=(AnswerLine(BILL, "vat-not-paid"),))
    assert AnswerView.of(signed) == told
