# SPDX-License-Identifier: Apache-2.0
"""Orders of made-up people that have to be accepted, counted beside a town's shopping."""

from collections.abc import Sequence

from kerege.errors import KeregeError
from kerege.payments import Document, Leg
from kerege.sandbox.inhabitant import Inhabitant
from kerege.sandbox.town import Town
from kerege.wallet.signing import SignedOrder
from kerege.wallet.wire import Answer

__all__ = ["Deeds", "joined"]


class Deeds:
    """What inhabitants of `town` do under programmes."""

    def __init__(self, town: Town) -> None:
        self.town = town

    async def must(self, signer: Inhabitant, kind: type[Document], **members: object) -> str:
        """Hand in an order; returns its id. Raises `KeregeError` if it is refused, and as
        `Inhabitant.hand_in` does."""
        return await self._hand_in(signer, signer.order(kind, **members), kind.__name__)

    async def pay(self, payer: Inhabitant, *legs: Leg, **more: object) -> str:
        """A payment that has to be accepted; returns its id. Raises as `must`."""
        return await self._hand_in(payer, payer.payment(*legs, **more), "a payment")

    def count(self, answer: Answer, what: str) -> None:
        """Count what was accepted. Raises `KeregeError` for a refusal of `what`."""
        verdict = answer.verdict
        if not verdict.accepted:
            raise KeregeError(f"{what}: {verdict.code} {verdict.rule}".rstrip())
        self.town.count()

    async def _hand_in(self, signer: Inhabitant, order: SignedOrder, what: str) -> str:
        self.count(await signer.hand_in(order), what)
        return order.id


def joined(everyone: Sequence[Inhabitant]) -> list[Inhabitant]:
    """Those who have a wallet by now."""
    return [one for one in everyone if one.joined]
