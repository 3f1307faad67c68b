# SPDX-License-Identifier: Apache-2.0
"""Answers are kept as they were told."""

from kerege.bank.answer import Answer, PaymentState, decode_answer, encode_answer, refused
from kerege.bank.limits import Exceeded
from kerege.bank.refusal import BankRefusal
from kerege.payments.verdict import Verdict

ORDER = "ord_" + "1" * 32


def test_what_is_kept_comes_back() -> None:
    accepted = Answer(PaymentState.ACCEPTED, Verdict(ORDER, "accepted", amounts=(3, 4)))
    short = refused(
        ORDER, BankRefusal.LIMIT_DAY, exceeded=Exceeded(BankRefusal.LIMIT_DAY, 9, 4, 10, 77)
    )
    for answer in (accepted, short):
        assert decode_answer(encode_answer(answer)) == answer


def test_a_refusal_gives_the_figures() -> None:
    answer = refused(
        ORDER, BankRefusal.LIMIT_DAY, exceeded=Exceeded(BankRefusal.LIMIT_DAY, 9, 4, 10)
    )
    assert (answer.verdict.found, answer.verdict.limit) == (9, 4)
    assert answer.exceeded is not None
    assert answer.exceeded.used == 6
    assert answer.is_final
    assert not Answer(PaymentState.SENT, Verdict(ORDER, "sent")).is_final
