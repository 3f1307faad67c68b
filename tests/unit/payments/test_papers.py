# SPDX-License-Identifier: Apache-2.0
"""What a payment is about must be registered."""

from kerege.payments.papers import find_paper
from kerege.payments.refusal import Refusal
from tests.towns import Town


def test_about_nothing_there_is_no_paper(town: Town) -> None:
    pay = town.pay(town.wallet(1), town.wallet(), 1)
    assert find_paper(pay, town.scene) is None


def test_about_what_is_not_registered_there_is_a_refusal(town: Town) -> None:
    pay = town.pay(town.wallet(1), town.wallet(), 1, about=town.next_id())
    assert find_paper(pay, town.scene) is Refusal.ORDER_NOT_FOUND
