# SPDX-License-Identifier: Apache-2.0
"""Who pays in a load: people with money, signed in apart from their usual programs; and whom."""

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import cycle
from random import Random
from typing import Final

import msgspec

from kerege.errors import KeregeError
from kerege.payments import Leg
from kerege.sandbox.inhabitant import Inhabitant
from kerege.sandbox.lane import Answer
from kerege.sandbox.loading import Shot
from kerege.wallet.signing import SignedOrder
from kerege.wallet.wire import Answer as Decided

__all__ = ["KINDS", "MalformedMix", "parse_mix", "settled", "shots"]

KINDS: Final = ("pay", "request", "hold", "refund", "mandate", "poor")
"""What a load is made of: payments to shops, payments of requests that shops signed, money set
aside and then captured, bringing back what was bought, mandates and then pulls under them, and
payments of more than anybody has, which must be refused."""

_PRICE_MINOR: Final = 100
"""What a purchase of a load costs: little, so that money lasts."""

_TOO_MUCH_MINOR: Final = 10**15
_MOST_WEIGHT: Final = 1_000
_MOST_REMEMBERED: Final = 10_000
"""Purchases and holds remembered, to be brought back or captured."""
_HELD_S: Final = 3_600
_PULLS: Final = 1_000_000
"""How often a shop may pull under one mandate of a load."""

_SENT: Final = "sent"
_LATER: Final = frozenset({202, 408, 425, 429, 500, 502, 503, 504})
_DECODER: Final = msgspec.json.Decoder(Decided)


class MalformedMix(KeregeError):
    """A text that is no mix of payments."""


class _Problem(msgspec.Struct):
    code: str = "unknown"


def parse_mix(text: str) -> dict[str, int]:
    """Read a mix such as `pay:18,refund:1,poor:1`. Raises `MalformedMix`."""
    mix: dict[str, int] = {}
    for part in text.split(","):
        kind, _, weight = part.strip().partition(":")
        number = weight or "1"
        if kind not in KINDS or kind in mix or not (number.isascii() and number.isdigit()):
            raise MalformedMix(
                f"{part[:40]!r} is no part of a mix",
                place="--mix",
                remedy=f"write kinds ({', '.join(KINDS)}) and weights, such as pay:18,refund:1",
            )
        mix[kind] = min(int(number[:9]), _MOST_WEIGHT)
    if not any(mix.values()):
        raise MalformedMix("a mix of nothing", place="--mix")
    return mix


def settled(answer: Answer) -> str:
    """What an answer to a payment means; "" if the same is to be sent again."""
    if answer.status in _LATER:
        return ""
    try:
        if answer.status == 200:
            code = _DECODER.decode(answer.body).verdict.code
            return "" if code == _SENT else code
        return f"problem {msgspec.json.decode(answer.body, type=_Problem).code}"
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return f"unreadable answer {answer.status}"


def shots(
    payers: Sequence[Inhabitant],
    shops: Sequence[Inhabitant],
    *,
    headers: Mapping[str, dict[str, str]],
    urls: Mapping[str, tuple[str, ...]],
    mix: Mapping[str, int],
    chance: Random,
) -> Iterator[Shot]:
    """Orders without end. `headers` by who sends, `urls` by bank."""
    kinds, weights = list(mix), list(mix.values())
    round_ = _Round(payers, shops, headers, urls, chance)
    while True:
        (kind,) = chance.choices(kinds, weights)
        yield round_.next(kind)


class _Round:
    """Whose turn it is, and what earlier orders left to be done."""

    def __init__(
        self,
        payers: Sequence[Inhabitant],
        shops: Sequence[Inhabitant],
        headers: Mapping[str, dict[str, str]],
        urls: Mapping[str, tuple[str, ...]],
        chance: Random,
    ) -> None:
        self._turns = cycle(payers)
        self._shops = shops
        self._headers = headers
        self._urls = urls
        self._chance = chance
        self._bought = deque[_Left](maxlen=_MOST_REMEMBERED)
        self._held = deque[_Left](maxlen=_MOST_REMEMBERED)
        self._granted: dict[str, _Left] = {}

    def next(self, kind: str) -> Shot:
        """One order of a kind, or the one that has to come before it."""
        payer, shop = next(self._turns), self._chance.choice(self._shops)
        match kind:
            case "refund" if self._bought:
                seller, order = self._bought.popleft()
                return self._shot("refund", seller, seller.refund(order, _PRICE_MINOR))
            case "hold":
                return self._hold(payer, shop)
            case "mandate":
                return self._mandate(payer, shop)
            case "poor":
                order_of_poor = payer.payment(Leg(to=shop.wallet, amount=_TOO_MUCH_MINOR))
                return self._shot("poor", payer, order_of_poor)
        request = shop.request(_PRICE_MINOR) if kind == "request" else ""
        signed = payer.payment(Leg(to=shop.wallet, amount=_PRICE_MINOR), request=request)
        told = "request" if request else "pay"
        return self._shot(told, payer, signed, self._bought.append, (shop, signed.id))

    def _hold(self, payer: Inhabitant, shop: Inhabitant) -> Shot:
        if self._held:
            seller, order = self._held.popleft()
            return self._shot("capture", seller, seller.capture(order, _PRICE_MINOR))
        signed = payer.hold(shop.wallet, _PRICE_MINOR, seconds=_HELD_S)
        return self._shot("hold", payer, signed, self._held.append, (shop, signed.id))

    def _mandate(self, payer: Inhabitant, shop: Inhabitant) -> Shot:
        key = payer.who.key
        if key in self._granted:
            seller, order = self._granted[key]
            return self._shot("pull", seller, seller.pull(order, _PRICE_MINOR))
        signed = payer.mandate(shop.wallet, each=_PRICE_MINOR, total=_PRICE_MINOR * _PULLS)

        def granted(left: _Left) -> None:
            self._granted.setdefault(key, left)

        return self._shot("mandate", payer, signed, granted, (shop, signed.id))

    def _shot(
        self,
        kind: str,
        who: Inhabitant,
        order: SignedOrder,
        after: Callable[["_Left"], None] | None = None,
        left: "_Left | None" = None,
    ) -> Shot:
        """`after` hears of what an accepted order has `left` to be done."""

        def meaning(answer: Answer) -> str:
            outcome = settled(answer)
            if outcome == "accepted" and after is not None and left is not None:
                after(left)
            return outcome

        return Shot(
            kind=kind,
            urls=self._urls[who.who.bank],
            path="/v1/payments",
            headers=self._headers[who.who.key],
            body=b'{"order":"' + order.text + b'"}',
            settled=meaning,
        )


_Left = tuple[Inhabitant, str]
"""A shop, and the order it may go on from."""
