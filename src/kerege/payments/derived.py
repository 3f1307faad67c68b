# SPDX-License-Identifier: Apache-2.0
"""Order ids that follow from what the order is for, so that everyone derives the same. Pure.

Repeats of a derived order are then harmless wherever they come from: two threads that first use
one allowance, a bank that credits a deposit for a core event it reads twice.

>>> from kerege.ledger.ids import format_order_id
>>> format_order_id(derived_order_id("refundable", "ord_0190a3c4d5e67f8091a2b3c4d5e6f708", "0"))
'ord_fffffe...'
"""

import hashlib
from typing import Final

from kerege.errors import InvariantViolation
from kerege.ledger.ids import ORDER_ID_BYTES, OrderId

__all__ = ["RESERVED", "derived_order_id"]

RESERVED: Final = b"\xff\xff\xfe"
"""First bytes of derived ids. Documents may not use them: who could choose a derived id beforehand
would keep its order from ever happening. The ledger's own ids lie above."""

_MAGIC: Final = "kerege-derived/v1"


def derived_order_id(label: str, *parts: str) -> OrderId:
    """The id of the order that does `label` for `parts` (ids, numbers in decimal; no line breaks).

    `RESERVED`, then the first 13 bytes of SHA-256 over the lines `kerege-derived/v1`, label and
    parts, each ended by a line feed. Everything the order says must follow from label and parts:
    then an id never stands for two contents.
    """
    lines = (_MAGIC, label, *parts)
    if any("\n" in line for line in lines):
        raise InvariantViolation("a part of a derived id has a line break")
    text = "".join(f"{line}\n" for line in lines)
    digest = hashlib.sha256(text.encode()).digest()
    return OrderId(RESERVED + digest[: ORDER_ID_BYTES - len(RESERVED)])
