# SPDX-License-Identifier: Apache-2.0
"""A made-up pupil and its guardian: a child at the guardian's bank, a wallet in its custody, a
transit card bound to it, a limit.

All of it is done at the guardian's word and may be done again: whoever comes back after a crash
finds what there is.
"""

import asyncio
from typing import Final, Protocol

from msgspec import Struct

from kerege.ledger import UNMARKED
from kerege.sandbox.customer_line import BankSaidNo
from kerege.sandbox.inhabitant import Inhabitant
from kerege.sandbox.inhabitants import Pupil
from kerege.wallet.wire import Answer, CardList, CardView, ChildMoney, Me

__all__ = ["DAY_LIMIT", "Family"]

DAY_LIMIT: Final = 5_000_00
"""What a guardian lets a child spend in 24 hours, minor units: lunch, and something besides."""

_WALLET: Final = "of-a-pupil-wallet"
"""What an `Idempotency-Key` ends with; a pupil's key stands before it."""


class Staff(Protocol):
    """Who opens children whose papers were seen: `bank_staff.BankStaff`."""

    def open_pupil(self, pupil: Pupil, guardian: str) -> None:
        """Open a child whom the customer `guardian` answers for; may be called again."""


class _Bound(Struct, frozen=True):
    token: str
    wallet: str


class Family:
    """One pupil, and the inhabitant who is its guardian."""

    def __init__(self, pupil: Pupil, guardian: Inhabitant, staff: Staff, *, asset: str) -> None:
        self.pupil = pupil
        self.guardian = guardian
        self.wallet = ""
        """The child's, once the family has settled in."""
        self.own = 0
        """What we believe is there of the family's own money, minor units."""
        self.marked: dict[str, int] = {}
        """The same of programmes' money, by programme."""
        self._staff = staff
        self._asset = asset

    @property
    def card(self) -> str:
        """The transit card's token, as a till reads it."""
        return self.pupil.card

    async def settle_in(self) -> None:
        """Have the child, its wallet and its card at the bank; see what is in the wallet. Raises
        `BankSaidNo`, `NoAnswer`, and as the staff does."""
        child = await self._child()
        wallet = await self._open(child)
        await self._bind(wallet)
        await self.guardian.line.put(
            f"/v1/wallets/{wallet}/limits/{self._asset}", {"day": DAY_LIMIT}
        )
        self.wallet = wallet
        await self.look()

    async def look(self) -> ChildMoney:
        """What the guardian sees now; what is believed to be there is put right by it."""
        seen = await self.guardian.line.get(f"/v1/wallets/{self.wallet}/allowance", ChildMoney)
        here = [one for one in seen.balances if one.asset == self._asset]
        self.own = sum(one.available for one in here if one.mark == UNMARKED)
        self.marked = {one.programme: one.available for one in here if one.mark != UNMARKED}
        return seen

    async def _child(self) -> str:
        """The child's id as a customer."""
        line = self.guardian.line
        me = await line.get("/v1/me", Me)
        if not me.wards:
            await asyncio.to_thread(self._staff.open_pupil, self.pupil, me.customer.customer)
            me = await line.get("/v1/me", Me)
        if not me.wards:
            raise BankSaidNo("there is no such child", code="", status=200, place="/v1/me")
        return me.wards[0].customer

    async def _open(self, child: str) -> str:
        asked = {
            "custody": True,
            "assets": [self._asset],
            "owner": child,
            "name": self.pupil.name,
            "region": self.pupil.region,
        }
        key = f"{self.pupil.key}-{_WALLET}"
        answer = await self.guardian.line.post("/v1/wallets", asked, Answer, key=key)
        if not answer.verdict.accepted:
            code = answer.verdict.code
            raise BankSaidNo(answer.text or code, code=code, status=200, place="/v1/wallets")
        return answer.wallet

    async def _bind(self, wallet: str) -> None:
        """Bind the card, unless an earlier run has: how often one may is counted."""
        line = self.guardian.line
        mine = await line.get("/v1/cards", CardList)
        if not any(card.wallet == wallet for card in mine.cards):
            await line.post("/v1/cards", _Bound(self.card, wallet), CardView)
