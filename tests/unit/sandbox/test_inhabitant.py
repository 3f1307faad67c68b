# SPDX-License-Identifier: Apache-2.0
import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
import pytest

from kerege.bank.card_payments import MAX_SHOWN_S
from kerege.bank.requests import read_request
from kerege.keys import RootSecret, parse_compact
from kerege.payments import Leg, Open, Pay, Refund, Verdict, decode_document
from kerege.payments.holdings import Balance
from kerege.runtime import IdMaker, ManualClock, SeededRandomness
from kerege.sandbox import inhabitant as module
from kerege.sandbox.customer_line import BankSaidNo, CustomerLine
from kerege.sandbox.inhabitant import Inhabitant, Unanswered
from kerege.sandbox.inhabitants import Firm, Person, populate
from kerege.sandbox.lane import Lane, NoAnswer
from kerege.sandbox.made_up_keys import MadeUpKeys
from kerege.sandbox.profile_reading import load_profile
from kerege.wallet.wire import Answer

CLOCK = ManualClock(1_800_000_000_000_000)
IDS = IdMaker(CLOCK, SeededRandomness(1))
POPULATION = populate(load_profile("kz"), people=3, seed=1)
ACCEPTED = Answer(verdict=Verdict(order="o", code="accepted"))
REFUSED = Answer(verdict=Verdict(order="o", code="exceeds_balance"), text="Too little.")
SENT = Answer(verdict=Verdict(order="o", code="sent"))


class Bank(CustomerLine):
    """Says what a test wants, and remembers what it was handed."""

    def __init__(self, *says: Answer | Exception) -> None:
        async def no_code(_phone: str) -> str:
            return ""

        super().__init__(
            Lane("http://127.0.0.1:9"),
            phone="",
            language="ru",
            code_for=no_code,
            randomness=SeededRandomness(1),
        )
        self.says = list(says)
        self.handed: list[bytes] = []
        self.wallets: list[dict[str, Any]] = []

    async def get(self, path: str, kind: Any) -> Any:
        return msgspec.convert({"wallets": self.wallets}, kind)

    async def open_wallet(self, opening: bytes) -> Answer:
        return self._take(opening)

    async def pay(self, order: bytes) -> Answer:
        return self._take(order)

    def _take(self, text: bytes) -> Answer:
        self.handed.append(text)
        said = self.says.pop(0)
        if isinstance(said, Exception):
            raise said
        return said


def made(bank: Bank, who: Person | Firm = POPULATION.people[0]) -> Inhabitant:
    return Inhabitant(
        who,
        bank,
        asset="KZT",
        keys=MadeUpKeys(RootSecret(bytes(32))),
        clock=CLOCK,
        ids=IDS,
    )


def document(text: bytes) -> Any:
    return decode_document(parse_compact(text).payload)


def run(act: Callable[[], Awaitable[Any]]) -> Any:
    async def inside() -> Any:
        return await act()

    return asyncio.run(inside())


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_FIRST_PAUSE_S", 0.0)


@pytest.mark.parametrize("who", [POPULATION.people[0], POPULATION.shops[0]])
def test_somebody_new_opens_a_wallet_that_says_what_they_are(who: Person | Firm) -> None:
    bank = Bank(ACCEPTED)
    one = made(bank, who)
    run(one.settle_in)
    assert one.joined
    opening = document(bank.handed[0])
    assert isinstance(opening, Open)
    assert (opening.wallet, opening.bank, opening.tier) == (one.wallet, who.bank, who.tier)
    assert opening.owner_kind == ("firm" if isinstance(who, Firm) else "person")
    assert opening.overflow == isinstance(who, Person)


def test_somebody_with_a_wallet_sees_what_is_in_it() -> None:
    bank = Bank()
    one = made(bank)
    balances = [Balance("KZT", 500, held=100), Balance("XAU-G", 7)]
    bank.wallets = [
        {"wallet": "wal_other", "balances": []},
        {"wallet": one.wallet, "balances": msgspec.to_builtins(balances)},
    ]
    run(one.settle_in)
    assert (one.joined, one.money, bank.handed) == (True, 400, [])


def test_a_wallet_that_is_not_opened_is_told() -> None:
    one = made(Bank(REFUSED))
    with pytest.raises(BankSaidNo, match="Too little"):
        run(one.settle_in)
    assert not one.joined


def test_the_same_order_is_handed_in_until_there_is_a_verdict() -> None:
    later = BankSaidNo("busy", code="unavailable", status=503, place="")
    bank = Bank(NoAnswer("gone"), later, SENT, ACCEPTED)
    one = made(bank)
    order = one.payment(Leg(to=made(Bank(), POPULATION.shops[0]).wallet, amount=5))
    assert run(lambda: one.hand_in(order)) == ACCEPTED
    assert bank.handed == [order.text] * 4
    assert isinstance(document(order.text), Pay)


def test_a_bank_that_says_no_is_not_asked_again() -> None:
    no = BankSaidNo("not yours", code="not_allowed", status=403, place="")
    bank = Bank(no)
    one = made(bank)
    order = one.refund("ord_" + "0" * 32, 5)
    with pytest.raises(BankSaidNo, match="not yours"):
        run(lambda: one.hand_in(order))
    assert isinstance(document(order.text), Refund)
    assert len(bank.handed) == 1


def test_patience_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_PATIENCE", 3)
    bank = Bank(SENT, SENT, SENT)
    one = made(bank)
    with pytest.raises(Unanswered):
        run(lambda: one.hand_in(one.refund("ord_" + "0" * 32, 5)))


def test_a_card_is_charged_with_one_request_until_there_is_a_verdict() -> None:
    says: list[Answer | Exception] = [NoAnswer("gone"), SENT, ACCEPTED]
    asked: list[tuple[str, Any]] = []

    class Till(Bank):
        async def post(self, path: str, body: object, kind: Any, *, key: str = "") -> Any:
            asked.append((path, body))
            said = says.pop(0)
            if isinstance(said, Exception):
                raise said
            return said

    shop = made(Till(), POPULATION.shops[0])
    assert run(lambda: shop.charge("transit-9643108000000001", 700_00)) == ACCEPTED
    assert [path for path, _ in asked] == ["/v1/card-payments"] * 3
    assert asked[0] == asked[1] == asked[2]
    request = read_request(asked[0][1]["request"])
    assert (request.wallet, request.amount) == (shop.wallet, 700_00)
    assert 0 < request.until_us - CLOCK.now_us() < MAX_SHOWN_S * 1_000_000
