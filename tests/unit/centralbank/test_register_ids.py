# SPDX-License-Identifier: Apache-2.0
"""Derived ids: the same for the same, another for anything else, and never a document's."""

from kerege.centralbank.register_ids import system_wallet


def test_system_wallets_have_fixed_ids() -> None:
    assert system_wallet("redemption") == system_wallet("redemption")
    assert system_wallet("redemption") != system_wallet("fees")
    assert system_wallet("fees").startswith("wal_fffffe")
