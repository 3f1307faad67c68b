# SPDX-License-Identifier: Apache-2.0
"""What may go wrong between wallet and bank keeps apart what programs decide by."""

from kerege.wallet import BankRefused, BankUnreachable, SessionEnded


def test_unreachable_says_how_long_to_wait() -> None:
    assert BankUnreachable("gone", wait_s=2).wait_s == 2


def test_a_refusal_has_a_code_and_a_remedy() -> None:
    refused = BankRefused("no", code="not_found", status=404, remedy="look")
    assert (refused.code, refused.status, refused.remedy) == ("not_found", 404, "look")
    assert issubclass(SessionEnded, BankRefused)
