# SPDX-License-Identifier: Apache-2.0
"""Claims of value-added tax that wait for their answer, as they travel. Pure."""

from msgspec import Struct

from kerege.payments.vat_documents import VatAnswer

__all__ = ["OpenClaim", "OpenClaims"]


class OpenClaim(Struct, frozen=True):
    """A claim nobody has answered, and what the check of its chains suggests."""

    wallet: str
    amount: int
    at_us: int
    suggested: VatAnswer


class OpenClaims(Struct, frozen=True):
    """Open claims, the oldest first. `is_complete`: no order was left unread, no claim untold."""

    claims: tuple[OpenClaim, ...]
    is_complete: bool = True
