# SPDX-License-Identifier: Apache-2.0
"""Orders the bank signs at a customer's word, with a key it keeps for them.

The customer names what is to happen and a `key` that makes repeats harmless; the bank writes the
document and signs. From there it is an order like any other: same limits, same way out.
"""

import hashlib
from concurrent.futures import Future
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from kerege.bank.answer import Answer, PaymentState
from kerege.bank.custody import Custody
from kerege.bank.funding import FUNDING_LIVES_US, funding_id
from kerege.bank.outgoing import Job, Outgoing
from kerege.keys import format_jwk, key_thumbprint
from kerege.payments.documents import Document, Leg, Open, Pay, Rekey
from kerege.runtime import Clock

__all__ = ["CustodyOrders", "Wish"]

_PAYING: Final = "kerege-custody-pay/v1"
_REKEYING: Final = "kerege-custody-rekey/v1"
_HANDING_OVER: Final = "kerege-custody-hand-over/v1"


class Wish(Struct, frozen=True, kw_only=True):
    """A payment a customer asks for, in minor units. `request` is a signed request to pay, if it
    answers one; `until_us` ends it earlier than it would end by itself. `order`: the order's id,
    where others must be able to tell it; otherwise it follows from wallet, customer and key."""

    key: str
    wallet: str
    to: str
    asset: str
    amount: int
    purpose: int = 0
    details: str = ""
    max_fee: int = 0
    request: str = ""
    until_us: int = 0
    order: str = ""


class CustodyOrders:
    """Writes and signs for wallets in custody, and sends."""

    def __init__(self, custody: Custody, outgoing: Outgoing, *, clock: Clock) -> None:
        self._custody = custody
        self._outgoing = outgoing
        self._clock = clock

    def opening(self, document: Open) -> bytes:
        """The signed opening of a new wallet in custody. Everything but the key and its time is
        given; the same wallet gets the same key, and so the same document the same text."""
        key = self._custody.draw(document.wallet)
        until_us = self._custody.drawn_us(document.wallet) + FUNDING_LIVES_US
        keyed = replace(document, key=format_jwk(key).decode(), until_us=until_us)
        return self._custody.sign(keyed)

    def pay(self, wish: Wish, *, customer: str) -> Future[Answer]:
        """Pay; the same `key` of the same wallet is the same payment. Raises `NotInCustody`, and
        as `Outgoing.submit` does."""
        until_us = self._clock.now_us() + FUNDING_LIVES_US
        document = Pay(
            id=wish.order or funding_id(wish.wallet, customer, wish.key),
            wallet=wish.wallet,
            until_us=min(until_us, wish.until_us or until_us),
            asset=wish.asset,
            legs=(Leg(wish.to, wish.amount, wish.purpose),),
            details=wish.details,
            max_fee=wish.max_fee,
            request=wish.request,
        )
        # When it ends is no part of what was asked: a repeat comes later, and is the same.
        members = (name for name in wish.__struct_fields__ if name != "until_us")
        asked = (_PAYING, *(str(getattr(wish, name)) for name in members))
        return self._outgoing.send(self._job(document, asked, customer=customer))

    def rekey(self, wallet: str, *, customer: str) -> Answer:
        """Give a wallet in custody a new key, for instance after a break-in. Blocks.

        The old key signs until the core has accepted. Where the answer is that the order is on its
        way, `tend` finishes it, or the same call again. Raises `NotInCustody`.
        """
        new = self._custody.draw_next(wallet)
        kid = key_thumbprint(new)
        document = Rekey(
            id=_rekey_id(wallet, kid),
            wallet=wallet,
            until_us=self._clock.now_us() + FUNDING_LIVES_US,
            key=format_jwk(new).decode(),
        )
        job = self._job(document, (_REKEYING, wallet, kid), customer=customer)
        answer = self._outgoing.send(job).result()
        self._conclude(wallet, kid, answer)
        return answer

    def hand_over(self, wallet: str, key: str, *, recovery: str = "", customer: str) -> Answer:
        """Give a wallet a key of its owner's own (a public JWK) in place of the bank's. Blocks.

        Once the core has accepted, the bank's key is destroyed; until then the same may be asked
        again. Raises `NotInCustody`.
        """
        asked = (_HANDING_OVER, wallet, key, recovery)
        document = Rekey(
            id=funding_id(wallet, customer, "\n".join(asked)),
            wallet=wallet,
            until_us=self._clock.now_us() + FUNDING_LIVES_US,
            key=key,
            recovery=recovery,
        )
        answer = self._outgoing.send(self._job(document, asked, customer=customer)).result()
        if answer.state is PaymentState.ACCEPTED:
            self._custody.destroy(wallet)
        return answer

    def tend(self) -> int:
        """Conclude changes of keys whose answer came late; returns how many there were."""
        concluded = 0
        for wallet, kid in self._custody.to_come():
            kept = self._outgoing.find(_rekey_id(wallet, kid))
            if kept is not None and kept.answer is not None:
                self._conclude(wallet, kid, kept.answer)
                concluded += 1
        return concluded

    def _conclude(self, wallet: str, kid: str, answer: Answer) -> None:
        if answer.state is PaymentState.ACCEPTED:
            self._custody.put_in_force(wallet, kid)
        elif answer.state is PaymentState.REFUSED:
            self._custody.give_up(wallet, kid)

    def _job(self, document: Document, asked: tuple[str, ...], *, customer: str) -> Job:
        digest = hashlib.sha256("".join(f"{part}\n" for part in asked).encode()).digest()
        text = self._custody.sign(document)
        # The text is another one each time; what was asked is not.
        return self._outgoing.job_of(text, document, digest=digest, customer=customer)


def _rekey_id(wallet: str, kid: str) -> str:
    return funding_id(wallet, "", f"rekey {kid}")
