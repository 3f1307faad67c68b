# SPDX-License-Identifier: Apache-2.0
"""Funding: money of a deposit becomes digital money in a wallet.

The bank sets the money aside on the deposit and pays it from its own wallet at the core; the core's
answer captures or gives back what was set aside. That is a `Sending` like a customer's payment, and
`Delivery` sees it through every crash.
"""

import hashlib
from concurrent.futures import Future
from typing import Final

from kerege.bank.answer import Answer
from kerege.bank.deposits import Deposits
from kerege.bank.outgoing import Job, Outgoing
from kerege.bank.own_wallet import OwnWallet
from kerege.bank.reserving import reserve_of_deposit
from kerege.bank.sending import Sending
from kerege.payments.documents import Leg, Pay
from kerege.runtime import Clock

__all__ = ["FUNDING_LIVES_US", "Funding", "funding_id"]

FUNDING_LIVES_US: Final = 60_000_000
"""How long the core may accept a funding: a customer whom nobody answers has the deposit back
after this."""

_LABEL: Final = "kerege-funding/v1"


class Funding:
    """Funds wallets from deposits of the customers who have them."""

    def __init__(
        self, outgoing: Outgoing, deposits: Deposits, own: OwnWallet, *, clock: Clock
    ) -> None:
        self._outgoing = outgoing
        self._deposits = deposits
        self._own = own
        self._clock = clock

    def fund(
        self, *, key: str, customer: str, wallet: str, asset: str, amount: int
    ) -> Future[Answer]:
        """Move `amount` minor units of `asset` from the customer's deposit to `wallet`.

        `key` makes repeats harmless: the same for the same customer is the same funding, whatever
        became of the first answer. What the wallet may not hold comes back by the waterfall if it
        has one; otherwise the core refuses. That the wallet is the customer's is for the caller to
        see. Raises `UnknownAsset`, and as `Outgoing.submit` does.
        """
        now_us = self._clock.now_us()
        order = funding_id(self._own.wallet, customer, key)
        document = Pay(
            id=order,
            wallet=self._own.wallet,
            until_us=now_us + FUNDING_LIVES_US,
            asset=asset,
            legs=(Leg(wallet, amount),),
        )
        deposit = self._deposits.account(customer, asset)
        asked = f"{_LABEL}\n{customer}\n{wallet}\n{asset}\n{amount}\n"
        sending = Sending(
            id=order,
            wallet=wallet,
            customer=customer,
            kind="funding",
            digest=hashlib.sha256(asked.encode()).digest(),
            text=self._own.sign(document),
            until_us=document.until_us,
            asset=asset,
            amount=amount,
            reserves=(reserve_of_deposit(deposit, self._deposits.position(asset), amount),),
            made_us=now_us,
            sent_us=now_us,
        )
        return self._outgoing.send(Job(sending))


def funding_id(own_wallet: str, customer: str, key: str) -> str:
    """The order id of the funding that a customer's `key` stands for.

    Its first bit is 0: ids that begin with bytes of 255 are the core's own.
    """
    digest = hashlib.sha256(f"{_LABEL}\n{own_wallet}\n{customer}\n{key}".encode()).digest()
    return f"ord_{digest[0] & 0x7F:02x}{digest[1:16].hex()}"
