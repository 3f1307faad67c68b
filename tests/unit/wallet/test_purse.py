# SPDX-License-Identifier: Apache-2.0
"""A purse holds several wallets, finds them by name, and remembers how far it has read."""

from pathlib import Path

import pytest

from kerege.keys import Algorithm, PrivateKey
from kerege.wallet import Purse, WalletFileError
from tests.wallets import ADDRESS, Pocket


@pytest.fixture
def pocket(tmp_path: Path) -> Pocket:
    return Pocket(tmp_path)


def test_the_only_wallet_needs_no_name(pocket: Pocket) -> None:
    wallet = pocket.wallet("tea")
    assert pocket.purse.open().id == wallet.id == pocket.purse.open(wallet.id).id


def test_of_several_one_must_be_named(pocket: Pocket) -> None:
    pocket.wallet("tea")
    pocket.wallet("rent")
    with pytest.raises(WalletFileError, match="several") as caught:
        pocket.purse.open()
    assert "tea, rent" in caught.value.remedy
    assert pocket.purse.open("rent").known.name == "rent"


def test_a_wallet_that_is_not_there_is_told(pocket: Pocket) -> None:
    with pytest.raises(WalletFileError, match="no wallet here yet"):
        pocket.purse.open()
    pocket.wallet("tea")
    with pytest.raises(WalletFileError, match="no wallet 'rent'"):
        pocket.purse.open("rent")


def test_a_sealed_wallet_asks_for_its_passphrase(tmp_path: Path) -> None:
    bank = Pocket(tmp_path / "other").bank
    with Purse(tmp_path / "purse", lambda _: bank.line("aru")) as purse:
        made = purse.create("tea", bank=ADDRESS, passphrase="four plain words here")
        with pytest.raises(WalletFileError, match="sealed"):
            purse.open("tea")
        assert purse.open("tea", passphrase="four plain words here").id == made.id


def test_notices_are_read_once_and_a_broken_off_one_again(pocket: Pocket) -> None:
    wallet, shop = pocket.wallet(), pocket.bank.make_wallet()
    wallet.pay(shop, 5, asset="KZT")
    watching = pocket.purse.watch(ADDRESS)
    first = next(watching)
    watching.close()
    assert next(pocket.purse.watch(ADDRESS)) == first
    assert [each.id for each in pocket.purse.watch(ADDRESS)] == [1, 2]
    assert list(pocket.purse.watch(ADDRESS)) == []


def test_a_lost_key_is_replaced_with_the_recovery_key(pocket: Pocket, tmp_path: Path) -> None:
    kept_apart = PrivateKey.generate(Algorithm.ED25519)
    tea = pocket.purse.create("tea", bank=ADDRESS)
    opened = tea.open(
        bank="altyn-bank",
        assets=["KZT"],
        owner_kind="person",
        tier="basic",
        recovery=kept_apart,
    )
    assert opened.verdict.accepted
    pocket.bank.give(tea.id, 500)
    with Purse(
        tmp_path / "new phone", lambda _: pocket.bank.line("aru"), clock=pocket.clock
    ) as purse:
        answer = purse.recover("tea", wallet=tea.id, bank=ADDRESS, recovery=kept_apart)
        assert answer.verdict.accepted, answer
        shop = pocket.bank.make_wallet()
        assert purse.open("tea").pay(shop, 400, asset="KZT").verdict.accepted
    assert not tea.pay(shop, 100, asset="KZT").verdict.accepted


def test_a_wallet_that_moved_is_asked_for_at_its_new_bank(pocket: Pocket) -> None:
    pocket.wallet("tea")
    pocket.purse.moved("tea", "http://other.example/")
    assert pocket.purse.find("tea").bank == "http://other.example"
