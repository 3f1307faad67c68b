# SPDX-License-Identifier: Apache-2.0
"""What each refusal says in English, and what would satisfy it."""

from collections.abc import Mapping
from typing import Final

from kerege.ledger.refusal import Refusal as _R  # noqa: N814

__all__ = ["TEXTS"]

TEXTS: Final[Mapping[_R, tuple[str, str]]] = {
    _R.ORDER_ID_INVALID: (
        "The order's id is not valid.",
        (
            "Give the order an id of 16 bytes that are not all zero and do not begin with eight"
            " bytes of 255."
        ),
    ),
    _R.STEPS_MISSING: (
        "The order asks for nothing.",
        "Give the order at least one step.",
    ),
    _R.TOO_MANY_STEPS: (
        "The order has more steps than one order may have.",
        "Split it into orders of at most 8,192 steps.",
    ),
    _R.EVIDENCE_TOO_LARGE: (
        "The document attached to the order is too large.",
        "Attach at most 64 KiB, for instance a digest in place of the whole.",
    ),
    _R.EVIDENCE_INVALID: (
        "The document attached to the order is not a string of bytes.",
        "Attach its bytes exactly as they were signed.",
    ),
    _R.TERMS_INVALID: (
        "The order's conditions are not valid.",
        "Give times that do not end before they begin, and at most 16 expected balances.",
    ),
    _R.ACCOUNT_ID_INVALID: (
        "An account number in the order is not valid.",
        "Use the number the ledger gave when the account was opened.",
    ),
    _R.MARK_INVALID: (
        "The mark of the money is not valid.",
        "Use 0 for unmarked money or the number of a programme's mark.",
    ),
    _R.CODE_INVALID: (
        "The code of the transfer is not valid.",
        "Use a whole number from 0 to 2,147,483,647.",
    ),
    _R.KIND_NOT_ALLOWED: (
        "The order has a step of a kind that cannot be ordered.",
        "Use one of the documented kinds; expiry is the ledger's own doing.",
    ),
    _R.AMOUNT_MUST_BE_POSITIVE: (
        "The amount must be a whole number above zero.",
        "Give the amount in minor units, 1 or more.",
    ),
    _R.AMOUNT_TOO_LARGE: (
        "The amount is larger than one transfer can carry.",
        "Split it into transfers of at most 18 digits; to void a reservation, give 0.",
    ),
    _R.ACCOUNTS_MUST_DIFFER: (
        "The transfer has the same account on both sides.",
        "Name two different accounts.",
    ),
    _R.TIMEOUT_INVALID: (
        "The time for which money is to be reserved is not valid.",
        "Reserve for 1 second to 400 days; other transfers take no time limit.",
    ),
    _R.PENDING_REFERENCE_INVALID: (
        "The order does not say correctly which reservation it is about.",
        "Name the order and the step that made the reservation, and only where one is resolved.",
    ),
    _R.ASSET_INVALID: (
        "The asset's code or its number of decimal places is not valid.",
        "Use 3 to 12 capital letters, digits or hyphens, a letter first, and 0 to 18 places.",
    ),
    _R.OWNER_INVALID: (
        "The owner's reference is not valid.",
        "Use a pseudonym of 1 to 64 printable ASCII characters without spaces.",
    ),
    _R.ROLE_INVALID: (
        "The account's role is not known.",
        "Open the account as holder, collector, converter or issuer.",
    ),
    _R.LIMITS_INVALID: (
        "The account's limits are not valid.",
        "Give a floor of at most 0 and a ceiling of at least 0, as the role allows.",
    ),
    _R.STATUS_INVALID: (
        "The account's new status is not valid.",
        "Freeze debits, credits, both or neither; an account is closed by an order of its own.",
    ),
    _R.ID_HAS_OTHER_CONTENT: (
        "Another order with this id was decided before.",
        "Send the first order unchanged to learn its outcome, or give this one a new id.",
    ),
    _R.NOT_YET_VALID: (
        "It is too early: it is $found now, and the order is valid from $limit.",
        "Send the same order again from $limit on.",
    ),
    _R.EXPIRED: (
        "It is too late: the order came at $found and was valid until $limit.",
        "Make a new order.",
    ),
    _R.BALANCE_NOT_AS_EXPECTED: (
        "The balance is $found, and the order expected $limit.",
        "Look at the balance again and make a new order.",
    ),
    _R.VERSION_NOT_AS_EXPECTED: (
        (
            "The balance has been changed in the meantime: it is at version $found, and the order"
            " expected version $limit."
        ),
        "Look at the balance again and make a new order.",
    ),
    _R.ASSET_EXISTS: (
        "The ledger counts this asset already.",
        "Use the asset as it is, or declare another code.",
    ),
    _R.ASSET_UNKNOWN: (
        "The ledger does not know this asset.",
        "Declare the asset first, or check its code.",
    ),
    _R.DEBIT_ACCOUNT_UNKNOWN: (
        "The account to pay from does not exist.",
        "Check the payer's account number.",
    ),
    _R.CREDIT_ACCOUNT_UNKNOWN: (
        "The account to pay to does not exist.",
        "Check the payee's account number.",
    ),
    _R.DEBIT_ACCOUNT_CLOSED: (
        "The account to pay from is closed.",
        "Pay from another account.",
    ),
    _R.CREDIT_ACCOUNT_CLOSED: (
        "The account to pay to is closed.",
        "Ask the payee for another account.",
    ),
    _R.DEBITS_FROZEN: (
        "Payments from this account are suspended.",
        "Wait until the suspension is lifted, or ask the institution that keeps the account.",
    ),
    _R.CREDITS_FROZEN: (
        "Payments to this account are suspended.",
        "Wait until the suspension is lifted, or ask the payee for another account.",
    ),
    _R.ASSETS_MUST_MATCH: (
        "The two accounts hold different assets.",
        "Name two accounts of the same asset.",
    ),
    _R.PENDING_NOT_FOUND: (
        "There is no such reservation.",
        "Check the order and the step that made the reservation.",
    ),
    _R.PENDING_IS_OF_OTHER_ACCOUNTS: (
        "The reservation is between other accounts or in another mark.",
        "Name the accounts and the mark exactly as they were reserved.",
    ),
    _R.PENDING_ALREADY_CAPTURED: (
        "The reservation has been paid out already.",
        "Nothing more can be taken from it; make a new transfer if one is due.",
    ),
    _R.PENDING_ALREADY_VOIDED: (
        "The reservation has been cancelled.",
        "Make a new reservation.",
    ),
    _R.PENDING_EXPIRED: (
        "The reservation's time has passed and the money was released.",
        "Make a new reservation.",
    ),
    _R.EXCEEDS_PENDING: (
        "$found is more than the $limit still reserved.",
        "Take at most $limit.",
    ),
    _R.EXCEEDS_BALANCE: (
        "There is not enough money: the transfer is for $found, and $limit can be spent.",
        "Pay at most what can be spent, or add money first.",
    ),
    _R.EXCEEDS_CEILING: (
        (
            "The account to pay to would hold more than it may: the transfer is for $found, and"
            " there is room for $limit."
        ),
        "Pay at most what there is room for, or make room first.",
    ),
    _R.BALANCE_OVERFLOW: (
        (
            "The balance would become larger than the ledger can count: the transfer is for $found,"
            " and at most $limit is possible."
        ),
        "Use further accounts.",
    ),
    _R.ACCOUNT_UNKNOWN: (
        "The account does not exist.",
        "Check the account number.",
    ),
    _R.ACCOUNT_CLOSED: (
        "The account is closed and stays as it is.",
        "Open a new account.",
    ),
    _R.ACCOUNT_NOT_EMPTY: (
        "The account still holds money, or money is reserved on it.",
        "Bring all balances to zero and resolve its reservations before closing it.",
    ),
    _R.LIMITS_UNSUITABLE: (
        "An account of this role cannot have these limits.",
        (
            "A holder needs a floor; a collector and a converter have the floor 0 and no ceiling;"
            " an issuer has neither."
        ),
    ),
    _R.FLOOR_ABOVE_BALANCE: (
        "The new floor $found is above the $limit that can be spent.",
        "Choose a floor of at most $limit, or add money first.",
    ),
    _R.CEILING_BELOW_HOLDING: (
        "The new ceiling $found is below the $limit held or on its way.",
        "Choose a ceiling of at least $limit, or move money out first.",
    ),
    _R.TOO_MANY_ACCOUNTS: (
        "The ledger has no account numbers left.",
        "Open accounts in another ledger.",
    ),
}
