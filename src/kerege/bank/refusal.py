# SPDX-License-Identifier: Apache-2.0
"""Why a bank refuses its customer before, or instead of, the core. Pure.

The names differ from all of the core's (`payments.Refusal`, the ledger's), so that one code says
who refused.
"""

from enum import StrEnum, unique

__all__ = ["BankRefusal"]


@unique
class BankRefusal(StrEnum):
    """Expected refusals, declared in order of precedence (first match wins)."""

    TEXT_UNREADABLE = "text_unreadable"
    """Not a compact JWS, or its payload no order document."""
    NOT_FOR_CUSTOMERS = "not_for_customers"
    """A kind of order that only a bank signs, or that has a door of its own."""
    WALLET_NOT_YOURS = "wallet_not_yours"
    CUSTOMER_NOT_ACTIVE = "customer_not_active"
    ID_TAKEN = "id_taken"
    """The order's id was used for something else."""
    LIMIT_PAYMENT = "limit_payment"
    """More than the tier allows in one payment."""
    GUARDIAN_PAYMENT = "guardian_payment"
    LIMIT_DAY = "limit_day"
    """More than the tier allows in any 24 hours."""
    LIMIT_MONTH = "limit_month"
    """More than the tier allows in any 30 days."""
    GUARDIAN_DAY = "guardian_day"
    GUARDIAN_MONTH = "guardian_month"
    DEPOSIT_SHORT = "deposit_short"
    """The deposit has less than should be taken from it."""
    DEPOSIT_BLOCKED = "deposit_blocked"
    """The deposit is frozen or closed."""
    CARD_DECLINED = "card_declined"
    """To a shop: the card is unknown or blocked, or its owner may not pay. Which, is not told."""
    CARD_BLOCKED = "card_blocked"
    """To a guardian: a card that is blocked was shown. The shop hears `card_declined`."""
    CARD_OVER_LIMIT = "card_over_limit"
    """To a shop: more than the card's owner may spend now."""
    CARD_SHORT = "card_short"
    """To a shop: less is behind the card than the shop asks for."""
