# SPDX-License-Identifier: Apache-2.0
"""A fund that rewards walking: an app and a watch attest steps, an inspector looks.

walks = Walks(town)
town.must(walks.reward(walks.person, 20, "the park on Monday"))
"""

import hashlib
from typing import Any, Final

from msgspec.structs import replace

from kerege.keys import encode_base64url
from kerege.payments.reward_documents import Reward
from kerege.programmes import OutcomeTerms, Source
from tests.programmes import cap, condition, route
from tests.towns import DAY_S, Town

__all__ = ["HOLD_S", "Walks", "claim_of"]

HOLD_S: Final = 2 * DAY_S


def claim_of(what: str) -> str:
    """The digest of what is attested."""
    return encode_base64url(hashlib.sha256(what.encode()).digest())


class Walks:
    """The fund has 1 000 marked; a step is worth 2, at most 50 of them at once."""

    def __init__(self, town: Town, **terms: Any) -> None:
        self.town = town
        self.fund = town.wallet(10_000, owner_kind="agency")
        self.app, self.watch = town.wallet(owner_kind="firm"), town.wallet(owner_kind="firm")
        self.inspector = town.wallet(owner_kind="agency")
        self.person, self.other = town.wallet(), town.wallet()
        sources = (
            Source(wallet=self.app, cap=300, window="day"),
            Source(wallet=self.watch, cap=500, window="life"),
        )
        given = {"sources": sources, "unit_amount": 2, "max_units": 50, "hold_s": HOLD_S}
        outcome = OutcomeTerms(**{"inspector": self.inspector, **given, **terms})
        walk = route(
            "payer.is_funder && payment.channel == 'reward'",
            condition("payee.kind == 'person' && payee.tier != 'phone'", name="known"),
            name="walk",
            caps=(cap(150, name="a-day", of="payee", window="day"),),
        )
        self.programme = town.programme(walk, id="walks", funder=self.fund, outcome=outcome)
        town.must(town.fund(self.programme, 1_000))

    def reward(self, person: str, units: int, what: str, **more: Any) -> Reward:
        """What the app attests, unless `wallet` names another source."""
        pay = self.town.pay(more.pop("wallet", self.app), person, 1)
        frame: Any = {"id": pay.id, "wallet": pay.wallet, "until_us": pay.until_us}
        claim = claim_of(what)
        made = Reward(**frame, programme="walks", to=person, units=units, claim=claim)
        return replace(made, **more)

    def left(self) -> int:
        """Marked money of the fund that waits for nobody."""
        account = self.town.account(self.fund)
        return self.town.world.ledger.cells(account)[self.programme.mark].available
