# SPDX-License-Identifier: Apache-2.0
"""Aliases over a real bank's HTTP."""

from kerege.wallet.names import Names
from tests.banks import Person


def test_claimed_listed_shown_and_given_up(aru: Person) -> None:
    tea, names = aru.wallet(), Names(aru.bank)
    claimed = names.claim(aru.phone, tea.id)
    assert (claimed.alias, claimed.wallet, claimed.state) == (aru.phone, tea.id, "listed")
    assert names.listed() == [claimed]
    names.show("nothing")
    assert aru.bank.resolve(aru.phone).name == ""
    names.release(aru.phone)
    assert names.listed() == []
