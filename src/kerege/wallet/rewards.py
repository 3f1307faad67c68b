# SPDX-License-Identifier: Apache-2.0
"""Rewards as a source attests them, a person takes them and an inspector stops them."""

import hashlib

from kerege.keys import encode_base64url
from kerege.payments import Reward
from kerege.wallet.wallet import Wallet
from kerege.wallet.wire import Answer

__all__ = ["Rewards", "claim_of"]


def claim_of(deed: str) -> str:
    """The digest of what was done, for `Rewards.attest`: the programme says how to write it."""
    return encode_base64url(hashlib.sha256(deed.encode()).digest())


class Rewards:
    """One wallet's rewards, whichever its part in them."""

    def __init__(self, wallet: Wallet) -> None:
        self._wallet = wallet

    def attest(self, programme: str, to: str, units: int, *, claim: str) -> Answer:
        """Attest `units` done by whoever `to` (an alias or wallet) names; `claim` once for all
        sources. `verdict.order` is what is taken or stopped. Raises `PayeeUnknown`."""
        person = self._wallet.payee(to).wallet
        head = self._wallet.head()
        return self._wallet.send(
            Reward(**head, programme=programme, to=person, units=units, claim=claim)
        )

    def take(self, reward: str, amount: int) -> Answer:
        """Have a reward of `amount` minor units, once it is free."""
        return self._wallet.capture([reward], amount)

    def stop(self, reward: str) -> Answer:
        """Send a reward back to its fund: the inspector's, while it waits."""
        return self._wallet.release([reward])
