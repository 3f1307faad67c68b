# SPDX-License-Identifier: Apache-2.0
"""Mandates as a purse keeps them: refused ones are none, ended ones are told."""

from kerege.wallet.mandates import granted_mandates
from tests.banks import Person


def test_granted_refused_cancelled_and_over(aru: Person) -> None:
    tea, shop = aru.wallet("tea"), aru.wallet("shop")
    now_us = aru.clock.now_us()

    def grant(to: str, ends_us: int = 0) -> str:
        answer = tea.mandate(to, asset="KZT", each=1, total=2, ends_us=ends_us)
        return answer.verdict.order

    orders = [grant(shop.id), grant(shop.id), grant(shop.id, now_us + 5_000_000)]
    grant(tea.id)
    assert tea.cancel_mandate(orders[1]).verdict.accepted
    found = granted_mandates(aru.purse.store, tea.id, now_us=now_us)
    assert [each.document.id for each in found] == orders
    assert [each.document.to for each in found] == [shop.id] * 3
    assert [each.ended for each in found] == [False, True, False]
    later = granted_mandates(aru.purse.store, tea.id, now_us=now_us + 5_000_000)
    assert [each.ended for each in later] == [False, True, True]
    assert granted_mandates(aru.purse.store, shop.id, now_us=now_us) == []
