# SPDX-License-Identifier: Apache-2.0
"""Why an order is refused. Values, in order of precedence: the first that applies wins.

Three groups. *Malformed* refusals depend on the order alone and are not remembered, so
a corrected order may use the same id. *Passing* refusals depend on when or how the order
was sent and are not remembered either. *Settled* refusals depend on the ledger's state;
they are remembered, and a repeat gets the same one (promise 3).
"""

from enum import IntEnum, unique
from typing import Final

__all__ = ["MALFORMED", "PASSING", "Refusal"]


@unique
class Refusal(IntEnum):
    """Expected refusals, declared in order of precedence; numbers are stored, never reused."""

    ORDER_ID_INVALID = 1
    STEPS_MISSING = 2
    TOO_MANY_STEPS = 3
    EVIDENCE_TOO_LARGE = 4
    EVIDENCE_INVALID = 20
    TERMS_INVALID = 5
    ACCOUNT_ID_INVALID = 6
    MARK_INVALID = 7
    CODE_INVALID = 8
    KIND_NOT_ALLOWED = 14
    AMOUNT_MUST_BE_POSITIVE = 9
    AMOUNT_TOO_LARGE = 10
    ACCOUNTS_MUST_DIFFER = 11
    TIMEOUT_INVALID = 12
    PENDING_REFERENCE_INVALID = 13
    ASSET_INVALID = 15
    OWNER_INVALID = 16
    ROLE_INVALID = 19
    LIMITS_INVALID = 17
    STATUS_INVALID = 18

    ID_HAS_OTHER_CONTENT = 30
    NOT_YET_VALID = 31

    EXPIRED = 40
    BALANCE_NOT_AS_EXPECTED = 41
    VERSION_NOT_AS_EXPECTED = 42
    ASSET_EXISTS = 43
    ASSET_UNKNOWN = 44
    DEBIT_ACCOUNT_UNKNOWN = 45
    CREDIT_ACCOUNT_UNKNOWN = 46
    DEBIT_ACCOUNT_CLOSED = 47
    CREDIT_ACCOUNT_CLOSED = 48
    DEBITS_FROZEN = 49
    CREDITS_FROZEN = 50
    ASSETS_MUST_MATCH = 51
    PENDING_NOT_FOUND = 52
    PENDING_IS_OF_OTHER_ACCOUNTS = 53
    PENDING_ALREADY_CAPTURED = 54
    PENDING_ALREADY_VOIDED = 55
    PENDING_EXPIRED = 56
    EXCEEDS_PENDING = 57
    EXCEEDS_BALANCE = 58
    EXCEEDS_CEILING = 59
    BALANCE_OVERFLOW = 60
    ACCOUNT_UNKNOWN = 61
    ACCOUNT_CLOSED = 62
    ACCOUNT_NOT_EMPTY = 63
    LIMITS_UNSUITABLE = 67
    FLOOR_ABOVE_BALANCE = 64
    CEILING_BELOW_HOLDING = 65
    TOO_MANY_ACCOUNTS = 66


MALFORMED: Final = frozenset(r for r in Refusal if r < Refusal.ID_HAS_OTHER_CONTENT)
PASSING: Final = frozenset({Refusal.ID_HAS_OTHER_CONTENT, Refusal.NOT_YET_VALID})
