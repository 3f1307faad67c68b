# SPDX-License-Identifier: Apache-2.0
"""The twin's register by itself."""

from kerege.bank.core_twin_wallets import TwinWallets
from kerege.keys import Algorithm, PrivateKey, format_jwk
from kerege.ledger import AccountId, Role
from kerege.payments.documents import Amend, Open, Rekey
from kerege.payments.refusal import Refusal

WALLET = "wal_" + "1" * 32
ORDER = "ord_" + "1" * 32


def opening(**more: str) -> Open:
    key = PrivateKey(Algorithm.ED25519, bytes(32)).public_key
    given = {"key": format_jwk(key).decode(), "owner_kind": "person", "tier": "full", **more}
    return Open(
        id=ORDER,
        wallet=WALLET,
        until_us=0,
        bank="post",
        assets=("KZT",),
        **given,  # type: ignore[arg-type]
    )


def test_people_have_ceilings_and_firms_do_not() -> None:
    wallets = TwinWallets({"full": 500})
    person = wallets.account_to_open(opening(), "KZT")
    firm = wallets.account_to_open(opening(owner_kind="firm"), "KZT")
    assert (person.role, person.ceiling) == (Role.HOLDER, 500)
    assert (firm.role, firm.ceiling) == (Role.COLLECTOR, None)


def test_a_faulty_opening_is_refused() -> None:
    wallets = TwinWallets({"full": 500})
    assert wallets.fault_of_opening(opening()) is None
    assert wallets.fault_of_opening(opening(key="{}")) is Refusal.ORDER_TEXT_INVALID
    assert wallets.fault_of_opening(opening(key="\ud800")) is Refusal.ORDER_TEXT_INVALID
    assert wallets.fault_of_opening(opening(tier="gold")) is Refusal.TIER_UNKNOWN
    wallets.add(opening(), {"KZT": AccountId(3)})
    assert wallets.fault_of_opening(opening()) is Refusal.WALLET_EXISTS


def test_faulty_changes_are_refused() -> None:
    wallets = TwinWallets({"full": 500})
    wallets.add(opening(), {"KZT": AccountId(3)})
    nobody = "wal_" + "2" * 32
    amend = Amend(id=ORDER, wallet=WALLET, until_us=0, subject=nobody, tier="full")
    assert wallets.amend(amend) is Refusal.WALLET_UNKNOWN
    rekey = Rekey(id=ORDER, wallet=WALLET, until_us=0, key="{}")
    assert wallets.rekey(rekey) is Refusal.ORDER_TEXT_INVALID
    assert len(wallets.keys_of(opening().wallet)) == 1  # type: ignore[arg-type]
