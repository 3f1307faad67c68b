# SPDX-License-Identifier: Apache-2.0
"""Names the core gives itself: fixed, and never a wallet's own choice."""

import pytest

from kerege.centralbank.register_ids import opened_by, owner_of, system_wallet
from kerege.errors import InvariantViolation
from kerege.ledger import OpenAccount, Role


def test_system_wallets_have_fixed_ids() -> None:
    assert system_wallet("redemption") == system_wallet("redemption")
    assert system_wallet("redemption") != system_wallet("fees")
    assert system_wallet("fees").startswith("wal_fffffe")


def test_an_owner_says_what_the_account_is_for() -> None:
    owner = owner_of("quota", "KZT", "altyn")
    opened = opened_by([OpenAccount("KZT", Role.HOLDER, owner)], [7])
    assert opened.places == {("quota", "KZT", "altyn"): 7}
    with pytest.raises(InvariantViolation):
        opened_by([OpenAccount("KZT", Role.HOLDER, "somebody")], [7])
