# SPDX-License-Identifier: Apache-2.0
"""Why an order document is refused before, or instead of, the ledger's own refusals. Pure.

What the ledger refuses keeps the ledger's name (`exceeds_balance`); the two sets share no name.
"""

from enum import StrEnum, unique
from typing import Final

__all__ = ["NOT_PLANNED", "Refusal"]


@unique
class Refusal(StrEnum):
    """Expected refusals, declared in order of precedence (first match wins)."""

    ORDER_TEXT_INVALID = "order_text_invalid"
    """Not a compact JWS, or its payload no order document."""
    PARTICIPANT_SUSPENDED = "participant_suspended"
    RATE_EXCEEDED = "rate_exceeded"
    KEY_UNKNOWN = "key_unknown"
    KEY_REVOKED = "key_revoked"
    SIGNER_IS_NOT_WALLET = "signer_is_not_wallet"
    """The key belongs to another wallet than the one the document names."""
    SIGNATURE_INVALID = "signature_invalid"
    WALLET_UNKNOWN = "wallet_unknown"
    WALLET_KEPT_ELSEWHERE = "wallet_kept_elsewhere"
    """Submitted by an institution that does not keep the signing wallet."""
    WALLET_SUSPENDED = "wallet_suspended"
    TOO_LONG_VALID = "too_long_valid"
    """`until_us` lies further ahead than orders may live."""
    ASSET_NOT_HELD = "asset_not_held"
    PAYEE_UNKNOWN = "payee_unknown"
    PAYEE_DOES_NOT_HOLD_ASSET = "payee_does_not_hold_asset"
    PAYEE_IS_PAYER = "payee_is_payer"
    DECIDER_UNKNOWN = "decider_unknown"
    FEE_ABOVE_GRANTED = "fee_above_granted"
    REQUEST_INVALID = "request_invalid"
    REQUEST_EXPIRED = "request_expired"
    REQUEST_MISMATCH = "request_mismatch"
    REQUEST_ALREADY_PAID = "request_already_paid"
    ORDER_NOT_FOUND = "order_not_found"
    """The hold, mandate or payment an order refers to was never accepted, or is another kind."""
    NOT_YOURS = "not_yours"
    """The signer is not the one who may do this to the order it refers to."""
    HOLD_PARTS_MISMATCH = "hold_parts_mismatch"
    EXCEEDS_HOLD = "exceeds_hold"
    PREIMAGE_WRONG = "preimage_wrong"
    EXCEEDS_REFUNDABLE = "exceeds_refundable"
    MANDATE_ENDED = "mandate_ended"
    MANDATE_EXCEEDS_EACH = "mandate_exceeds_each"
    MANDATE_USED_UP = "mandate_used_up"
    MANDATE_HOLDS_NOT_GRANTED = "mandate_holds_not_granted"
    SPONSOR_USED_UP = "sponsor_used_up"
    """Others used up what a sponsor pays between planning and the ledger: rare, and passing."""
    PROGRAMME_UNKNOWN = "programme_unknown"
    PROGRAMME_SUSPENDED = "programme_suspended"
    PROGRAMME_OVER = "programme_over"
    PROGRAMME_RULE = "programme_rule"
    """A rule of a programme keeps its money from this, and other money does not suffice."""
    PROGRAMME_BUDGET = "programme_budget"
    """More than the programme's budget has left would be marked."""
    CONTRACT_MISMATCH = "contract_mismatch"
    """A contract does not fit the one above it, or its programme."""
    CONTRACT_OVER = "contract_over"
    CONTRACT_NEEDS_ACCEPTANCE = "contract_needs_acceptance"
    """The contract is paid by holds only, which its acceptor decides about."""
    CONTRACT_PART_UNKNOWN = "contract_part_unknown"
    """The contract has no such milestone or obligation, or a milestone is to be named."""
    CONTRACT_OBLIGATION_UNMET = "contract_obligation_unmet"
    CONTRACT_USED_UP = "contract_used_up"
    MILESTONE_USED_UP = "milestone_used_up"
    REWARD_SOURCE_UNKNOWN = "reward_source_unknown"
    """The signer is no source of what the programme rewards."""
    REWARD_TOO_LARGE = "reward_too_large"
    REWARD_CLAIM_USED = "reward_claim_used"
    REWARD_SOURCE_USED_UP = "reward_source_used_up"
    REWARD_ON_HOLD = "reward_on_hold"
    """The time in which a reward may still be sent back has not passed."""
    INVOICE_TOTALS_WRONG = "invoice_totals_wrong"
    """Lines, VAT and total of an invoice or credit note do not add up."""
    VAT_RATE_WRONG = "vat_rate_wrong"
    """A rate that is not in force on the invoice's date, or not the invoice's."""
    VAT_NOT_REGISTERED = "vat_not_registered"
    INVOICE_DATE_WRONG = "invoice_date_wrong"
    INVOICE_NUMBER_USED = "invoice_number_used"
    INVOICE_MISMATCH = "invoice_mismatch"
    """Not the invoice's buyer, supplier or asset, or more than one payee."""
    INVOICE_ALREADY_PAID = "invoice_already_paid"
    INVOICE_NOT_RESERVED = "invoice_not_reserved"
    INVOICE_OF_CONTRACT = "invoice_of_contract"
    """The invoice is of a contract: it is paid under that contract and no other."""
    INVOICE_TAKEN_ONCE = "invoice_taken_once"
    """Of what is reserved for an invoice nothing stays reserved when some is taken."""
    CREDIT_EXCEEDS_INVOICE = "credit_exceeds_invoice"
    DECLARATION_WRONG = "declaration_wrong"
    """Papers of others or of another period, or VAT that is not theirs."""
    ALREADY_DECLARED = "already_declared"
    DECLARATION_ALREADY_PAID = "declaration_already_paid"
    CLAIM_MISMATCH = "claim_mismatch"
    """Lines that the declaration does not have, or an answer that is not to the claim's lines."""
    CLAIM_EXCEEDS_PAID = "claim_exceeds_paid"
    CLAIM_ANSWERED = "claim_answered"
    TOPUP_MISMATCH = "topup_mismatch"
    """A top-up and the payment it is for disagree on id, asset, wallet or time."""
    TIER_UNKNOWN = "tier_unknown"
    WALLET_EXISTS = "wallet_exists"
    KEY_IN_USE = "key_in_use"
    """The key is, or was, a wallet's already: each wallet has keys of its own."""
    NOT_ALLOWED_FOR_KIND = "not_allowed_for_kind"
    """A wallet of this kind of owner, or this institution, may not do this."""


NOT_PLANNED: Final = frozenset(
    {
        Refusal.ORDER_TEXT_INVALID,
        Refusal.PARTICIPANT_SUSPENDED,
        Refusal.RATE_EXCEEDED,
        Refusal.KEY_UNKNOWN,
        Refusal.KEY_REVOKED,
        Refusal.SIGNER_IS_NOT_WALLET,
        Refusal.SIGNATURE_INVALID,
        Refusal.TOO_LONG_VALID,
        Refusal.TIER_UNKNOWN,
        Refusal.WALLET_EXISTS,
        Refusal.KEY_IN_USE,
    }
)
"""What the core says at its door or when it registers wallets: not remembered, so the same order
may be sent again. All others come from planning, and are its outcome for good."""
