# SPDX-License-Identifier: Apache-2.0
"""A pupil at its guardian's bank: settled once, found again after a crash."""

import asyncio
from typing import Any

import msgspec
import pytest

from kerege.payments import Verdict
from kerege.payments.holdings import Balance
from kerege.sandbox.customer_line import BankSaidNo
from kerege.sandbox.family import DAY_LIMIT, Family
from kerege.sandbox.inhabitants import Pupil, populate
from kerege.sandbox.profile_reading import load_profile
from kerege.wallet.wire import Answer, CardList, CardView, ChildMoney, CustomerView, Me
from tests.unit.sandbox.test_inhabitant import Bank, made

POPULATION = populate(load_profile("kz"), people=7, seed=1)
(PUPIL,) = POPULATION.pupils
WALLET = "wal_" + "7" * 32
MONEY = ChildMoney(
    wallet=WALLET,
    asset="KZT",
    balances=(
        Balance("KZT", 300_00),
        Balance("KZT", 900_00, held=100_00, mark=1, programme="school-meals"),
        Balance("KGS", 5),
    ),
    limits={},
    moves=(),
    next=0,
    refused=(),
)


class PostOffice(Bank):
    """A guardian's line to a bank that remembers; `opens` says what becomes of a wallet."""

    def __init__(self) -> None:
        super().__init__()
        self.wards: list[CustomerView] = []
        self.cards: list[CardView] = []
        self.asked: list[tuple[str, str, Any]] = []
        self.opens = "accepted"

    async def get(self, path: str, kind: Any) -> Any:
        guardian = CustomerView("cus_g", "person", "identified", "active", "kk")
        me = Me(guardian, "А*** К.", "+7", tuple(self.wards), "dala-post")
        return {"/v1/me": me, "/v1/cards": CardList(tuple(self.cards))}.get(path, MONEY)

    async def post(self, path: str, body: object, kind: Any, *, key: str = "") -> Any:
        self.asked.append((path, key, msgspec.to_builtins(body)))
        if path == "/v1/cards":
            card = CardView(card="crd_1", ending="****7000", wallet=WALLET, state="active")
            self.cards.append(card)
            return card
        return Answer(verdict=Verdict(order="o", code=self.opens), wallet=WALLET)

    async def put(self, path: str, body: object) -> None:
        self.asked.append((path, "", body))

    # What staff does.

    def open_pupil(self, pupil: Pupil, guardian: str) -> None:
        self.asked.append(("staff", guardian, pupil))
        child = CustomerView("cus_c", "person", "phone", "active", "kk", guardian="cus_g")
        self.wards.append(child)


def family(bank: PostOffice) -> Family:
    guardian = made(bank, POPULATION.people[PUPIL.guardian])
    return Family(PUPIL, guardian, bank, asset="KZT")


def test_a_child_a_wallet_in_custody_a_card_and_a_limit() -> None:
    bank = PostOffice()
    one = family(bank)
    asyncio.run(one.settle_in())
    staff, wallet, card, limit = bank.asked
    assert staff == ("staff", "cus_g", PUPIL)
    assert (wallet[0], wallet[2]["owner"], wallet[2]["custody"]) == ("/v1/wallets", "cus_c", True)
    assert wallet[2]["region"] == PUPIL.region
    assert 16 <= len(wallet[1]) <= 64
    assert card == ("/v1/cards", "", {"token": PUPIL.card, "wallet": WALLET})
    assert limit == (f"/v1/wallets/{WALLET}/limits/KZT", "", {"day": DAY_LIMIT})
    assert (one.wallet, one.own, one.marked) == (WALLET, 300_00, {"school-meals": 800_00})


def test_who_comes_back_finds_what_there_is() -> None:
    bank = PostOffice()
    for _ in range(2):
        asyncio.run(family(bank).settle_in())
    paths = [path for path, _, _ in bank.asked]
    assert (paths.count("staff"), paths.count("/v1/cards")) == (1, 1)
    keys = {key for path, key, _ in bank.asked if path == "/v1/wallets"}
    assert len(keys) == 1


def test_a_wallet_that_is_not_opened_is_told() -> None:
    bank = PostOffice()
    bank.opens = "tier_unknown"
    one = family(bank)
    with pytest.raises(BankSaidNo, match="tier_unknown"):
        asyncio.run(one.settle_in())
    assert one.wallet == ""
