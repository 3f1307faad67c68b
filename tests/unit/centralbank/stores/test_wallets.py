# SPDX-License-Identifier: Apache-2.0
"""Rows of wallets and keys, and the states a key goes through."""

from msgspec.structs import replace

from kerege.centralbank.stores import wallets
from kerege.centralbank.stores.wallets import KeyClaim, WalletRow
from kerege.ledger import AccountId
from kerege.payments import ParticipantId, WalletId
from tests.registers import Country, jwk_of, key_of, kid_of

WALLET = WalletRow(
    id=WalletId("wal_" + "1" * 32),
    opened_by="ord_" + "1" * 32,
    bank=ParticipantId("central-bank"),
    owner_kind="person",
    tier="phone",
    category="5411",
    vat=True,
    region="almaty",
    overflow=True,
    accounts={"KZT": AccountId(2**36 - 1), "XAU": AccountId(2)},
)


def test_a_wallet_comes_back(country: Country) -> None:
    with country.register._tables.begin() as connection:
        wallets.insert_wallets(connection, [WALLET, WALLET])
        assert wallets.read_wallets(connection, [WALLET.id, "wal_x"]) == {WALLET.id: WALLET}
        changed = replace(WALLET, tier="full", overflow=False)
        wallets.update_wallet(connection, changed)
        assert wallets.read_wallets(connection, [WALLET.id]) == {WALLET.id: changed}


def _claim(name: str, becomes: str, order: str) -> KeyClaim:
    key = key_of(name)
    return KeyClaim(
        kid=kid_of(key), wallet=WALLET.id, jwk=jwk_of(key), becomes=becomes, order_id=order
    )


def test_a_key_is_claimed_then_signs_then_is_revoked(country: Country) -> None:
    signing, safe = _claim("a", wallets.SIGNING, "o1"), _claim("b", wallets.RECOVERY, "o1")
    with country.register._tables.begin() as connection:
        assert wallets.claim_keys(connection, [signing, safe]) == {signing.kid, safe.kid}
        assert wallets.claim_keys(connection, [replace(signing, order_id="o2")]) == set()
        assert wallets.read_keys(connection, [signing.kid]) == {}
        wallets.activate_keys(connection, ["o1"])
        known = wallets.read_keys(connection, [signing.kid, safe.kid])
        assert [(k.kid, k.revoked, k.wallet) for k in known.values()] == [
            (signing.kid, False, WALLET.id)
        ]
        assert list(wallets.read_keys(connection, [safe.kid], recovery=True)) == [safe.kid]
        kids = wallets.wallet_keys(connection, WALLET.id, states=[wallets.SIGNING])
        assert kids == [signing.kid]
        wallets.revoke_keys(connection, kids)
        assert wallets.read_keys(connection, kids)[signing.kid].revoked
        wallets.drop_claims(connection, ["o1"])
        assert wallets.claim_keys(connection, [signing]) == set()


def test_a_dropped_claim_frees_the_key(country: Country) -> None:
    claim = _claim("a", wallets.SIGNING, "o1")
    with country.register._tables.begin() as connection:
        wallets.claim_keys(connection, [claim])
        wallets.drop_claims(connection, ["o1"])
        assert wallets.claim_keys(connection, [claim]) == {claim.kid}
