# SPDX-License-Identifier: Apache-2.0
"""The twin's register: openings and changes, once each."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from kerege.keys import Algorithm, PrivateKey, format_jwk
from kerege.ledger import Role
from kerege.payments.documents import Amend, Rekey
from kerege.payments.ids import ParticipantId, WalletId
from kerege.payments.refusal import Refusal
from tests.two_tiers import ASSET, CEILINGS, START_US, Country

BANK = ParticipantId("altyn-bank")
ORDER = "ord_" + "1" * 32


@pytest.fixture
def country(tmp_path: Path) -> Iterator[Country]:
    country = Country(tmp_path)
    yield country
    country.close()


def test_people_have_ceilings_and_firms_do_not(country: Country) -> None:
    register, ledger = country.core.register, country.core.ledger
    kinds = [country.person(BANK), country.person(BANK, owner_kind="firm")]
    wallets = [register.wallets[WalletId(signer.wallet)] for signer in kinds]
    accounts = [ledger.account(wallet.accounts[ASSET]).account for wallet in wallets]
    assert [(account.role, account.ceiling) for account in accounts] == [
        (Role.HOLDER, CEILINGS["full"]),
        (Role.COLLECTOR, None),
    ]


def test_changes_happen_once(country: Country) -> None:
    register = country.core.register
    aru = country.person(BANK)
    keys = [PrivateKey.generate(Algorithm.ED25519).public_key for _ in range(2)]
    first, other = (
        Rekey(id=ORDER, wallet=aru.wallet, until_us=START_US, key=format_jwk(key).decode())
        for key in keys
    )
    assert register.rekey(first, b"a.b.c", BANK).accepted
    assert register.rekey(first, b"a.b.other-signature", BANK).replayed
    assert register.rekey(other, b"a.x.c", BANK).code == "id_has_other_content"
    assert len(register.keys_of(WalletId(aru.wallet))) == 1


def test_faulty_changes_are_refused(country: Country) -> None:
    register = country.core.register
    aru = country.person(BANK)
    nobody = "wal_" + "2" * 32
    amend = Amend(id=ORDER, wallet=aru.wallet, until_us=START_US, subject=nobody, tier="full")
    assert register.amend(amend, b"", BANK).code == Refusal.WALLET_UNKNOWN
    for number, key in enumerate(("{}", "\ud800")):
        order = f"ord_{number:032x}"
        rekey = Rekey(id=order, wallet=aru.wallet, until_us=START_US, key=key)
        assert register.rekey(rekey, b"", BANK).code == Refusal.ORDER_TEXT_INVALID
    late = Rekey(
        id="ord_" + "3" * 32,
        wallet=aru.wallet,
        until_us=START_US - 1,
        key=format_jwk(aru.key.public_key).decode(),
    )
    assert register.rekey(late, b"", BANK).code == "expired"


def test_a_suspended_institution_is_not_heard(country: Country) -> None:
    bank = country.bank(BANK, issued=100)
    aru = country.person(BANK)
    country.core.register.suspended.add(BANK)
    assert country.send(bank, bank.pay(aru.wallet, 1)).code == Refusal.PARTICIPANT_SUSPENDED
