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

KINDS: Final = ("pay", "refund", "poor")
"""What a load is made of: payments to shops, bringing back what was bought, and payments of more
than anybody has, which must be refused."""

_PRICE_MINOR: Final = 100
"""What a purchase of a load costs: little, so that money lasts."""

_TOO_MUCH_MINOR: Final = 10**15
_MOST_WEIGHT: Final = 1_000
_MOST_BOUGHT: Final = 10_000
"""Purchases remembered, to be brought back."""

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
    """Payments without end. `headers` by who sends, `urls` by bank."""
    kinds, weights = list(mix), list(mix.values())
    turns = cycle(payers)
    bought: deque[tuple[Inhabitant, str]] = deque(maxlen=_MOST_BOUGHT)

    def shot(kind: str, who: Inhabitant, order: SignedOrder, after: Callable[[], None]) -> Shot:
        def meaning(answer: Answer) -> str:
            outcome = settled(answer)
            if outcome == "accepted":
                after()
            return outcome

        return Shot(
            kind=kind,
            urls=urls[who.who.bank],
            path="/v1/payments",
            headers=headers[who.who.key],
            body=b'{"order":"' + order.text + b'"}',
            settled=meaning,
        )

    while True:
        (kind,) = chance.choices(kinds, weights)
        if kind == "refund" and bought:
            shop, order_id = bought.popleft()
            yield shot(kind, shop, shop.refund(order_id, _PRICE_MINOR), _nothing)
            continue
        payer, shop = next(turns), chance.choice(shops)
        amount = _TOO_MUCH_MINOR if kind == "poor" else _PRICE_MINOR
        order = payer.payment(Leg(to=shop.wallet, amount=amount))
        paid = (shop, order.id)
        told = kind if kind == "poor" else "pay"
        yield shot(told, payer, order, lambda paid=paid: bought.append(paid))  # type: ignore[misc]


def _nothing() -> None:
    """A refund leaves nothing to be brought back."""
