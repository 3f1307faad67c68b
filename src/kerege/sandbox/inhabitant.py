# SPDX-License-Identifier: Apache-2.0
"""One made-up person or firm at its bank: joins, opens a wallet, signs orders and hands them in."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

from msgspec import Struct

from kerege.keys import format_jwk, key_thumbprint, sign_compact
from kerege.ledger import UNMARKED, format_order_id
from kerege.ledger.ids import OrderId
from kerege.payments import (
    Capture,
    Document,
    Hold,
    Leg,
    Mandate,
    Open,
    Pay,
    Pull,
    Refund,
    Request,
    format_request_id,
)
from kerege.payments.holdings import Balance
from kerege.runtime import Clock, IdMaker
from kerege.sandbox.customer_line import BankSaidNo, CustomerLine
from kerege.sandbox.inhabitants import Firm, Person
from kerege.sandbox.lane import NoAnswer
from kerege.sandbox.made_up_keys import MadeUpKeys
from kerege.wallet.signing import SignedOrder, Signer
from kerege.wallet.wire import Answer

__all__ = ["Inhabitant", "Unanswered"]

_LIFE_US: Final = 3600 * 1_000_000
_SHOWN_US: Final = 300 * 1_000_000
"""How long a till waits for a card's bank; ten minutes are what banks allow."""
_PATIENCE: Final = 60
"""How often the same order is handed in before we call it unanswered: half a minute and more."""
_FIRST_PAUSE_S: Final = 0.1
_LONGEST_PAUSE_S: Final = 1.0
_SENT: Final = "sent"


class Unanswered(Exception):
    """An order was handed in again and again, and nobody said what became of it."""


class _Wallet(Struct):
    wallet: str
    balances: tuple[Balance, ...] = ()


class _Wallets(Struct):
    wallets: list[_Wallet]


class Inhabitant:
    """Somebody with a wallet. `who` is what the population says of them."""

    def __init__(
        self,
        who: Person | Firm,
        line: CustomerLine,
        *,
        asset: str,
        keys: MadeUpKeys,
        clock: Clock,
        ids: IdMaker,
    ) -> None:
        self.who = who
        self.line = line
        self.wallet = keys.wallet(who.key)
        self.joined = False
        self.money = 0
        """What we believe is there, minor units; only the bank knows."""
        self.marked: dict[int, int] = {}
        """The same of programmes' money, by mark."""
        self._asset = asset
        self._key = keys.key(who.key)
        self._signer = Signer(self.wallet, self._key)
        self._clock = clock
        self._ids = ids

    async def settle_in(self) -> None:
        """Have a wallet at the bank, opened now if need be. Raises `BankSaidNo`, `NoAnswer`."""
        if not await self.is_settled():
            answer = await self.line.open_wallet(self._opening().text)
            if not answer.verdict.accepted:
                raise BankSaidNo(
                    answer.text or answer.verdict.code,
                    code=answer.verdict.code,
                    status=200,
                    place="/v1/wallets",
                )
        self.joined = True

    async def is_settled(self) -> bool:
        """Whether there is a wallet at the bank already; sees what is in it. Raises alike."""
        mine = await self.line.get("/v1/wallets", _Wallets)
        found = [each for each in mine.wallets if each.wallet == self.wallet]
        balances = [one for each in found for one in each.balances if one.asset == self._asset]
        self.money = sum(one.available for one in balances if one.mark == UNMARKED)
        self.marked = {one.mark: one.available for one in balances if one.mark != UNMARKED}
        return bool(found)

    def _opening(self) -> SignedOrder:
        who = self.who
        firm = isinstance(who, Firm)
        document = Open(
            id=self._new_id(),
            wallet=self.wallet,
            until_us=self._clock.now_us() + _LIFE_US,
            bank=who.bank,
            key=format_jwk(self._key.public_key).decode(),
            assets=(self._asset,),
            owner_kind=who.owner_kind if isinstance(who, Firm) else "person",
            tier=who.tier,
            category=who.category if isinstance(who, Firm) else "",
            vat=isinstance(who, Firm) and who.vat,
            region=who.region,
            overflow=not firm,
        )
        return self._signer.order(document)

    def payment(self, *legs: Leg, **more: object) -> SignedOrder:
        """An order that pays every leg."""
        return self.order(Pay, asset=self._asset, legs=legs, **more)

    def refund(self, order: str, amount: int) -> SignedOrder:
        """An order that pays back `amount` of an order's first leg."""
        return self.order(Refund, order=order, leg=0, amount=amount)

    def hold(self, to: str, amount: int, *, seconds: int) -> SignedOrder:
        """An order that sets `amount` aside for the wallet `to`."""
        return self.order(Hold, asset=self._asset, to=to, amount=amount, seconds=seconds)

    def capture(self, hold: str, amount: int) -> SignedOrder:
        """An order that takes `amount` of what was set aside for this one."""
        return self.order(Capture, holds=(hold,), amount=amount)

    def mandate(self, to: str, *, each: int, total: int) -> SignedOrder:
        """An order that lets the wallet `to` take money."""
        return self.order(Mandate, asset=self._asset, to=to, each=each, total=total)

    def pull(self, mandate: str, amount: int) -> SignedOrder:
        """An order that takes `amount` under a mandate granted to this one."""
        return self.order(Pull, mandate=mandate, amount=amount)

    def request(self, amount: int, *, life_us: int = _LIFE_US) -> str:
        """A signed request to be paid `amount`."""
        document = Request(
            id=format_request_id(self._ids.make()),
            wallet=self.wallet,
            asset=self._asset,
            amount=amount,
            until_us=self._clock.now_us() + life_us,
        )
        return self._signer.request(document).decode()

    def sign(self, payload: bytes, typ: str) -> str:
        """Something else in this wallet's name, as a compact JWS."""
        kid = key_thumbprint(self._key.public_key)
        return sign_compact(payload, self._key, kid=kid, typ=typ).decode()

    def order(self, kind: type[Document], **members: object) -> SignedOrder:
        """An order of any kind, with an id of its own, good for an hour."""
        until_us = self._clock.now_us() + _LIFE_US
        return self._signer.order(
            kind(id=self._new_id(), wallet=self.wallet, until_us=until_us, **members)  # type: ignore[arg-type]  # each caller names the members of its kind
        )

    async def hand_in(self, order: SignedOrder) -> Answer:
        """Hand in the same order until there is a verdict. Raises `BankSaidNo`, `Unanswered`."""
        return await self._until_answered(lambda: self.line.pay(order.text), order.id)

    async def charge(self, token: str, amount: int) -> Answer:
        """As a shop, be paid by a card that is shown. Raises alike."""
        body = {"token": token, "request": self.request(amount, life_us=_SHOWN_US)}
        return await self._until_answered(
            lambda: self.line.post("/v1/card-payments", body, Answer), f"a card at {self.wallet}"
        )

    async def _until_answered(self, ask: Callable[[], Awaitable[Answer]], what: str) -> Answer:
        pause_s = _FIRST_PAUSE_S
        for _ in range(_PATIENCE):
            try:
                answer = await ask()
                if answer.verdict.code != _SENT:
                    return answer
            except NoAnswer:
                pass
            except BankSaidNo as no:
                if not no.again:
                    raise
            await asyncio.sleep(pause_s)
            pause_s = min(pause_s * 2, _LONGEST_PAUSE_S)
        raise Unanswered(what)

    def _new_id(self) -> str:
        return format_order_id(OrderId(self._ids.make()))
