# SPDX-License-Identifier: Apache-2.0
"""A card bound to a wallet in custody: a transit card, a student's pass, whatever has a number that
a terminal reads. Pure.

The bank keeps the token as a keyed tag, the directory the same tag, and its owner sees its last
characters. Whoever knows the token can do no more than a shop: ask for a payment to that shop.
"""

import re
from enum import StrEnum, unique
from typing import Final

from msgspec import Struct

from kerege.bank.customer import CustomerId
from kerege.errors import KeregeError

__all__ = ["Card", "CardState", "CardUnfit", "format_card_id", "is_card_id"]

_ID: Final = re.compile(r"crd_[0-9a-f]{32}", re.ASCII)


@unique
class CardState(StrEnum):
    """Whether a card pays."""

    ACTIVE = "active"
    BLOCKED = "blocked"
    """Lost, or taken away by a guardian: to a shop it looks like a card nobody knows."""


class Card(Struct, frozen=True, kw_only=True):
    """A card; `tag` is the directory's, times are microseconds since 1970 UTC."""

    id: str
    tag: str
    customer: CustomerId
    wallet: str
    state: CardState
    bound_us: int
    changed_us: int


class CardUnfit(KeregeError):
    """A card that is not bound, or not let pay again, like this; `place` is what is at fault."""


def format_card_id(drawn: bytes) -> str:
    """`crd_` and the 32 hexadecimal digits of 16 drawn bytes."""
    return f"crd_{drawn.hex()}"


def is_card_id(text: str) -> bool:
    """Whether a text could be a card's id."""
    return _ID.fullmatch(text) is not None
