# SPDX-License-Identifier: Apache-2.0
"""Ids that follow from what they are for. Pure."""

import hashlib
from typing import Final

from kerege.ledger import OrderId
from kerege.payments.ids import WalletId, format_wallet_id

__all__ = ["derived_order_id", "system_wallet"]

_RESERVED: Final = b"\xff\xff\xfe"


def derived_order_id(label: str, *parts: str) -> OrderId:
    """The id of the order that does `label` for `parts`."""
    lines = ("kerege-derived/v1", label, *parts)
    digest = hashlib.sha256("".join(f"{line}\n" for line in lines).encode()).digest()
    return OrderId(_RESERVED + digest[:13])


def system_wallet(use: str) -> WalletId:
    """The wallet of the core itself for `use` (redemption, fees): the same in every country."""
    return format_wallet_id(derived_order_id("system-wallet", use))
