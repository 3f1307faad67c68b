# SPDX-License-Identifier: Apache-2.0
"""Who signs and who is paid."""

from kerege.payments.parties import find_payee, find_signer
from kerege.payments.refusal import Refusal
from tests.towns import Town

NOBODY = "wal_" + "f" * 32


def test_a_signer_exists_acts_and_holds_the_asset(town: Town) -> None:
    aru = town.wallet()
    facts = town.scene.wallets[aru]
    assert find_signer(aru, town.scene) == find_signer(aru, town.scene, asset="KZT") == facts
    assert find_signer(aru, town.scene, asset="USD") is Refusal.ASSET_NOT_HELD
    assert find_signer(NOBODY, town.scene) is Refusal.WALLET_UNKNOWN
    town.change(aru, suspended=True)
    assert find_signer(aru, town.scene, asset="USD") is Refusal.WALLET_SUSPENDED


def test_a_payee_is_another_wallet_that_holds_the_asset(town: Town) -> None:
    aru = town.wallet()
    assert find_payee(aru, town.scene, payer=NOBODY, asset="KZT") == town.scene.wallets[aru]
    assert find_payee(aru, town.scene, payer=aru, asset="KZT") is Refusal.PAYEE_IS_PAYER
    absent = find_payee(aru, town.scene, payer=aru, asset="USD")
    assert absent is Refusal.PAYEE_DOES_NOT_HOLD_ASSET
    assert find_payee(NOBODY, town.scene, payer=aru, asset="KZT") is Refusal.PAYEE_UNKNOWN
