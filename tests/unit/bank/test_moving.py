# SPDX-License-Identifier: Apache-2.0
"""Wallets come and go with what is in them."""

from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from kerege.bank import moving as module
from kerege.bank.answer import PaymentState
from kerege.bank.customer import Customer, CustomerState
from kerege.bank.moving import Moving, NotMoving
from kerege.bank.own_wallet import OwnWallet
from kerege.bank.ownership import NothingHere, Ownership
from kerege.bank.tiers import Limits
from kerege.payments import Rehome, WalletId
from kerege.runtime import IdMaker
from tests.people import AIGERIM, open_house
from tests.two_tiers import ASSET, CEILINGS, MINUTE_US, Branch, Country, Signer


class Bank:
    """A bank with people and money."""

    def __init__(self, country: Country, name: str, folder: Path) -> None:
        folder.mkdir()
        self.signer = country.bank(name, issued=100_000)
        self.branch = Branch(country, self.signer, folder / "money")
        self.house = open_house(folder)
        self.forgotten: list[str] = []
        self.moving = Moving(
            OwnWallet(name, self.signer.wallet, self.signer.key),
            customers=self.house.customers,
            ownership=Ownership(self.house.customers),
            core=country.line(name),
            delivery=self.branch.desk.delivery,
            guardians=self.branch.desk.guardian_limits,
            clock=country.clock,
            ids=IdMaker(country.clock, country.randomness),
            forget=lambda wallet: self.forgotten.append(wallet),
        )
        self.branch.desk.incoming.let_leave(self.moving.left)
        self.aru: Customer = self.house.add(AIGERIM, tier="phone")

    def close(self) -> None:
        self.branch.close()
        self.house.tables.close()


@pytest.fixture
def banks(country: Country, tmp_path: Path) -> Any:
    old, new = (Bank(country, name, tmp_path / name) for name in ("altyn-bank", "qala-bank"))
    yield old, new
    old.close()
    new.close()


def customer_with_money(old: Bank) -> Signer:
    """Aru's wallet at the old bank, with some money and a past."""
    signer = old.branch.customer(old.aru.id, deposit=5_000)
    old.house.customers.attach_wallet(old.aru.id, WalletId(signer.wallet), custody=False)
    assert old.branch.fund(signer, 5_000).state is PaymentState.ACCEPTED
    return signer


def word(signer: Signer, bank: str, **more: Any) -> bytes:
    country = signer.country
    document = Rehome(
        id=country.order_id(),
        wallet=signer.wallet,
        until_us=country.clock.now_us() + MINUTE_US,
        bank=bank,
        **more,
    )
    return signer.sign(document)


def test_a_wallet_moves_with_what_is_in_it(country: Country, banks: tuple[Bank, Bank]) -> None:
    old, new = banks
    signer = customer_with_money(old)
    text = word(signer, "qala-bank", overflow=True)
    for _ in range(2):
        assert new.moving.arrive(new.aru.id, text).accepted
    signer.bank = "qala-bank"
    assert country.balance(signer) == 5_000
    view = country.line("qala-bank").wallet(signer.wallet)
    assert view is not None
    # The new bank has its customer in another tier, and told the core so.
    assert (view.bank, view.tier, view.overflow) == ("qala-bank", "phone", True)
    assert new.house.customers.customer_of_wallet(WalletId(signer.wallet)) == new.aru.id
    old.moving.leave(old.aru.id, signer.wallet)
    assert old.house.customers.customer_of_wallet(WalletId(signer.wallet)) is None
    with pytest.raises(NothingHere):
        old.moving.leave(old.aru.id, signer.wallet)


def test_the_old_bank_hears_of_it_and_forgets(country: Country, banks: tuple[Bank, Bank]) -> None:
    old, new = banks
    signer = customer_with_money(old)
    assert not old.moving.left(WalletId(signer.wallet))
    assert new.moving.arrive(new.aru.id, word(signer, "qala-bank")).accepted
    for _ in range(2):
        old.branch.read_events()
    assert old.house.customers.customer_of_wallet(WalletId(signer.wallet)) is None
    assert old.forgotten == [signer.wallet]
    new.branch.read_events()
    assert new.forgotten == []
    # Who came back before the old bank heard of the leaving stays.
    signer.bank = "qala-bank"
    assert old.moving.arrive(old.aru.id, word(signer, "altyn-bank")).accepted
    old.branch.read_events()
    assert old.house.customers.customer_of_wallet(WalletId(signer.wallet)) == old.aru.id


def test_more_than_the_tier_may_hold_keeps_the_old_tier(
    country: Country, banks: tuple[Bank, Bank]
) -> None:
    old, new = banks
    signer = customer_with_money(old)
    rich = CEILINGS["phone"] + 1
    assert country.send(old.signer, old.signer.pay(signer.wallet, rich)).accepted
    assert new.moving.arrive(new.aru.id, word(signer, "qala-bank")).accepted
    view = country.line("qala-bank").wallet(signer.wallet)
    assert view is not None
    assert view.tier == "full"


def test_what_a_bank_knows_goes_along(
    banks: tuple[Bank, Bank], monkeypatch: pytest.MonkeyPatch
) -> None:
    old, _ = banks
    signer = customer_with_money(old)
    monkeypatch.setattr(module, "_PAGE", 2)
    limits = Limits(day=500)
    old.branch.desk.guardian_limits.set(
        guardian="cus", wallet=signer.wallet, asset=ASSET, limits=limits
    )
    for _ in range(3):
        old.branch.submit(signer, signer.pay(old.signer.wallet, 10))
    found = old.moving.departure(old.aru.id, signer.wallet)
    assert [(p.kind, p.amount) for p in found.payments].count(("pay", 10)) == 3
    assert {p.kind for p in found.payments} == {"pay", "funding"}
    assert (found.open_orders, found.guardian_limits) == ((), {ASSET: limits})
    monkeypatch.setattr(module, "MAX_TAKEN_ALONG", 2)
    assert len(old.moving.departure(old.aru.id, signer.wallet).payments) == 2


def test_what_does_not_move(country: Country, banks: tuple[Bank, Bank]) -> None:
    old, new = banks
    signer = customer_with_money(old)
    with pytest.raises(NotMoving, match="keeps the wallet"):
        old.moving.leave(old.aru.id, signer.wallet)
    with pytest.raises(NothingHere):
        new.moving.departure(new.aru.id, signer.wallet)
    for text in (word(signer, "altyn-bank"), signer.pay(old.signer.wallet, 1)):
        with pytest.raises(NotMoving, match="this bank"):
            new.moving.arrive(new.aru.id, text)
    other = new.house.add(replace(AIGERIM, phone="+77015550009", tax_number="920202450002"))
    with pytest.raises(NothingHere):
        new.moving.arrive(new.aru.id, word(signer, "qala-bank"), owner=other.id)
    firm = country.person("altyn-bank", owner_kind="firm")
    with pytest.raises(NotMoving, match="kind of owner"):
        new.moving.arrive(new.aru.id, word(firm, "qala-bank"))
    assert new.moving.arrive(new.aru.id, word(signer, "qala-bank")).accepted
    with pytest.raises(NotMoving, match="not given"):
        new.moving.arrive(other.id, word(signer, "qala-bank"))
    new.house.customers.set_state(other.id, CustomerState.BLOCKED)
    with pytest.raises(NothingHere):
        new.moving.arrive(other.id, word(signer, "qala-bank"))
