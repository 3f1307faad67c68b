# SPDX-License-Identifier: Apache-2.0
"""What each refusal of a document says in English: why, with which figures, what would satisfy."""

from collections.abc import Mapping
from typing import Final

from kerege.payments.refusal import Refusal as _R  # noqa: N814

__all__ = ["TEXTS", "UNKNOWN"]

UNKNOWN: Final = (
    "The order was refused for a reason this program does not know: $code.",
    "Update the program, or ask the institution that keeps the wallet.",
)
"""For a code newer than this program."""

TEXTS: Final[Mapping[_R, tuple[str, str, str]]] = {
    _R.ORDER_TEXT_INVALID: (
        "The order cannot be read.",
        "",
        "Send it as the wallet signed it; the format is in docs/formats/order-documents.md.",
    ),
    _R.PARTICIPANT_SUSPENDED: (
        "The institution that sent the order may not send any at present.",
        "",
        "Ask the institution, or move the wallet to another one.",
    ),
    _R.RATE_EXCEEDED: (
        "More orders came at once than were agreed.",
        "",
        "Send the same order again in a moment.",
    ),
    _R.KEY_UNKNOWN: (
        "The key that signed the order belongs to no wallet.",
        "",
        "Sign with the wallet's own key.",
    ),
    _R.KEY_REVOKED: (
        "The key that signed the order has been revoked.",
        "",
        "Sign with the wallet's present key, or recover the wallet.",
    ),
    _R.SIGNER_IS_NOT_WALLET: (
        "The order names one wallet and is signed by another.",
        "",
        "Sign with the key of the wallet the order names.",
    ),
    _R.SIGNATURE_INVALID: (
        "The order's signature does not fit its text.",
        "",
        "Send the order exactly as it was signed.",
    ),
    _R.WALLET_UNKNOWN: (
        "The paying wallet does not exist.",
        "",
        "Check the wallet's number, or open a wallet first.",
    ),
    _R.WALLET_KEPT_ELSEWHERE: (
        "The wallet is kept by another institution.",
        "",
        "Send the order through the institution that keeps the wallet.",
    ),
    _R.WALLET_SUSPENDED: (
        "The wallet is suspended.",
        "",
        "Ask the institution that keeps the wallet.",
    ),
    _R.TOO_LONG_VALID: (
        "The order would stay valid for too long.",
        "",
        "Sign it anew, valid for at most 24 hours.",
    ),
    _R.ASSET_NOT_HELD: (
        "The wallet does not hold this asset.",
        "",
        "Choose an asset the wallet holds.",
    ),
    _R.PAYEE_UNKNOWN: (
        "There is no such payee.",
        "",
        "Check whom the payment goes to.",
    ),
    _R.PAYEE_DOES_NOT_HOLD_ASSET: (
        "The payee does not hold this asset.",
        "",
        "Pay in an asset that the payee holds.",
    ),
    _R.PAYEE_IS_PAYER: (
        "Payer and payee are the same wallet.",
        "",
        "Name another payee.",
    ),
    _R.DECIDER_UNKNOWN: (
        "The wallet that is to decide about the reservation does not exist.",
        "",
        "Check the number of the wallet that decides.",
    ),
    _R.FEE_ABOVE_GRANTED: (
        "The fee is higher than the payer agreed to.",
        "It is $found, and $limit was agreed.",
        "Look at the fee and sign again, granting at least as much.",
    ),
    _R.REQUEST_INVALID: (
        "The request to pay is not genuine.",
        "",
        "Ask the payee for a new request.",
    ),
    _R.REQUEST_EXPIRED: (
        "The request to pay has expired.",
        "It was valid until $limit.",
        "Ask the payee for a new request.",
    ),
    _R.REQUEST_MISMATCH: (
        "The payment is not what the request asks for.",
        "",
        "Pay the payee, amount, asset and purpose the request names.",
    ),
    _R.REQUEST_ALREADY_PAID: (
        "The request has been paid already.",
        "Of it $limit is still open, and this payment is for $found.",
        "Pay at most what is still open; if nothing is, there is nothing left to pay.",
    ),
    _R.ORDER_NOT_FOUND: (
        "The order that this one refers to was not accepted or is of another kind.",
        "",
        "Check the number of the hold, mandate or payment; wait until it is accepted.",
    ),
    _R.NOT_YOURS: (
        "This wallet may not do this with that order.",
        "",
        "Only a wallet that the order names for this may.",
    ),
    _R.HOLD_PARTS_MISMATCH: (
        "The parts named are not of one reservation.",
        "",
        "Name a hold and its raises, each once; a raise keeps its hold's rules.",
    ),
    _R.EXCEEDS_HOLD: (
        "The amount is more than what is reserved.",
        "It is $found, and $limit is reserved.",
        "Take at most what is reserved, or ask the payer to raise the hold.",
    ),
    _R.PREIMAGE_WRONG: (
        "The secret does not open the lock.",
        "",
        "Give the 32 bytes whose SHA-256 is the lock.",
    ),
    _R.EXCEEDS_REFUNDABLE: (
        "More would be paid back than was paid.",
        "The refund is for $found, and $limit can still be paid back.",
        "Refund at most what has not been paid back yet.",
    ),
    _R.MANDATE_ENDED: (
        "The mandate has ended or was cancelled.",
        "",
        "Ask the payer for a new mandate.",
    ),
    _R.MANDATE_EXCEEDS_EACH: (
        "The amount is more than the mandate allows at once.",
        "It is $found, and $limit is allowed at once.",
        "Take at most what is allowed at once.",
    ),
    _R.MANDATE_USED_UP: (
        "The mandate is used up.",
        "$found was asked for, and $limit is left of it at present.",
        "Take at most what is left, wait until its period has passed, or ask for a new one.",
    ),
    _R.MANDATE_HOLDS_NOT_GRANTED: (
        "The mandate does not allow reservations.",
        "",
        "Take the money at once, or ask the payer for a mandate that allows reservations.",
    ),
    _R.SPONSOR_USED_UP: (
        "What the sponsor pays was used up at this very moment.",
        "",
        "Make the payment anew; it will go without the sponsor.",
    ),
    _R.PROGRAMME_UNKNOWN: (
        "There is no programme of this name.",
        "",
        "Name one of the programmes whose money the wallet holds.",
    ),
    _R.PROGRAMME_SUSPENDED: (
        "The programme's money rests at present.",
        "",
        "Pay with other money, or wait until the programme goes on.",
    ),
    _R.PROGRAMME_OVER: (
        "The programme is over.",
        "",
        "Its money has returned to its funder; pay with other money.",
    ),
    _R.PROGRAMME_RULE: (
        "A rule of the money's programme does not allow this.",
        "Of $found, $limit would have passed.",
        "Pay what passes, add other money, or do what the rule asks for.",
    ),
    _R.PROGRAMME_BUDGET: (
        "The programme's budget does not have as much left.",
        "$found was asked for, $limit is left.",
        "Mark less, or have the budget raised.",
    ),
    _R.CONTRACT_MISMATCH: (
        "The contract does not fit the one above it, or its programme.",
        "",
        (
            "Keep the programme, asset and end of the contract above, and name a supplier "
            "who is not a buyer in it."
        ),
    ),
    _R.CONTRACT_OVER: (
        "The contract is over.",
        "It ended at $limit.",
        "Pay with other money, or register a new contract.",
    ),
    _R.CONTRACT_NEEDS_ACCEPTANCE: (
        "The contract is paid only after its acceptor has accepted the work.",
        "",
        "Reserve the money and name the contract's acceptor as the one who decides.",
    ),
    _R.CONTRACT_PART_UNKNOWN: (
        "The contract has no such milestone or obligation, or its milestone is not named.",
        "",
        "Name a milestone or an obligation as the contract has it.",
    ),
    _R.CONTRACT_OBLIGATION_UNMET: (
        "An obligation of the contract's supplier is not met.",
        "",
        "Have the obligation met, and have the one who attests it say so.",
    ),
    _R.CONTRACT_USED_UP: (
        "The contract does not leave as much.",
        "$found was asked for, $limit is left of it.",
        "Pay or pass on at most what is left, or register another contract.",
    ),
    _R.MILESTONE_USED_UP: (
        "The contract's milestone does not leave as much.",
        "$found was asked for, $limit is left of it.",
        "Pay at most what is left, or pay for another milestone.",
    ),
    _R.REWARD_SOURCE_UNKNOWN: (
        "The wallet is no source of what this programme rewards.",
        "",
        "Have the programme's funder register the source.",
    ),
    _R.REWARD_TOO_LARGE: (
        "One claim is rewarded with less.",
        "It comes to $found, and $limit is the most.",
        "Attest at most as many units as the programme rewards at once.",
    ),
    _R.REWARD_CLAIM_USED: (
        "What is attested was rewarded before.",
        "",
        "Nothing is left to do: each claim is rewarded once.",
    ),
    _R.REWARD_SOURCE_USED_UP: (
        "The source's attestations release no more at present.",
        "$found was asked for, and $limit is left.",
        "Wait until the source's period has passed.",
    ),
    _R.REWARD_ON_HOLD: (
        "The reward is still being looked at.",
        "It can be taken from $limit on, unless it is sent back till then.",
        "Take it after that.",
    ),
    _R.INVOICE_TOTALS_WRONG: (
        "The invoice does not add up.",
        "It says $found where $limit comes out.",
        (
            "Let each rate stand once, with its VAT rounded half up, and the total be the "
            "sum of the lines."
        ),
    ),
    _R.VAT_RATE_WRONG: (
        "A VAT rate of the invoice is not in force on its date.",
        "",
        "Use the rates of the invoice's date; a credit note has the rates of its invoice.",
    ),
    _R.VAT_NOT_REGISTERED: (
        "The wallet's owner is not registered for VAT.",
        "",
        "Register for VAT first, or invoice without VAT.",
    ),
    _R.INVOICE_DATE_WRONG: (
        "The invoice's date is too far away.",
        "It is $found; $limit is the earliest at present.",
        "Register an invoice in the days the programme grants after its date, and none before.",
    ),
    _R.INVOICE_NUMBER_USED: (
        "The supplier has used this number for another invoice or credit note.",
        "",
        "Give each a number of its own.",
    ),
    _R.INVOICE_MISMATCH: (
        "The payment does not fit the paper it is for.",
        "",
        (
            "Pay whom the invoice, credit note or declaration names, from the wallet it "
            "names, in its asset, in an order of its own."
        ),
    ),
    _R.INVOICE_ALREADY_PAID: (
        "The invoice has been paid already.",
        "Of it $limit is still open, and this payment is for $found.",
        "Pay at most what is still open; if nothing is, there is nothing left to pay.",
    ),
    _R.INVOICE_NOT_RESERVED: (
        "Money is not reserved for an invoice.",
        "",
        "Pay the invoice, in parts if need be; VAT is marked when money moves.",
    ),
    _R.INVOICE_OF_CONTRACT: (
        "The invoice is of a contract, and this payment is not under it.",
        "",
        "Pay under the contract that the invoice names, and name the invoice besides.",
    ),
    _R.INVOICE_TAKEN_ONCE: (
        "Of what is reserved for an invoice nothing can stay reserved when some is taken.",
        "",
        "Take it in one piece; the rest goes back and can be reserved again.",
    ),
    _R.CREDIT_EXCEEDS_INVOICE: (
        "The credit note takes back more than there is of the invoice.",
        "It is for $found, and $limit is left.",
        "Credit at most what has not been credited, refunded or claimed yet.",
    ),
    _R.DECLARATION_WRONG: (
        "The declaration does not agree with the papers it names.",
        "It says $found where $limit comes out.",
        (
            "Name your own papers of the period, and let the VAT be their sum, credit notes "
            "counted against it."
        ),
    ),
    _R.ALREADY_DECLARED: (
        "A paper has been declared already.",
        "",
        (
            "Declare each invoice and credit note once by each side; leave out what you "
            "declared before."
        ),
    ),
    _R.DECLARATION_ALREADY_PAID: (
        "What the declaration owes has been paid.",
        "Of it $limit is still open, and this payment is for $found.",
        (
            "Pay at most what is still open; a declaration with more VAT received than "
            "issued owes nothing."
        ),
    ),
    _R.CLAIM_MISMATCH: (
        "The claim does not agree with its declaration, or the answer with the claim.",
        "It says $found where $limit comes out.",
        "Name invoices received in the declaration, each once, and sums that add up.",
    ),
    _R.CLAIM_EXCEEDS_PAID: (
        "More VAT is claimed than was paid, or than the declaration leaves to claim.",
        "$found is claimed, and $limit is left.",
        "Claim at most the VAT paid on the invoice, and in all what the declaration says.",
    ),
    _R.CLAIM_ANSWERED: (
        "The claim has been answered already.",
        "",
        "Leave it out of the run; refused lines come again in a new claim.",
    ),
    _R.TOPUP_MISMATCH: (
        "The top-up and the payment it is for do not fit together.",
        "",
        "Top up the payment under its own number, in its asset, within its time and amount.",
    ),
    _R.TIER_UNKNOWN: (
        "There is no such tier for this kind of owner.",
        "",
        "Use a tier of the country's published parameters.",
    ),
    _R.WALLET_EXISTS: (
        "A wallet with this number exists already.",
        "",
        "Draw a new number for the wallet.",
    ),
    _R.KEY_IN_USE: (
        "The key is or was a wallet's already.",
        "",
        "Make a new key for this wallet.",
    ),
    _R.NOT_ALLOWED_FOR_KIND: (
        "A wallet of this kind, or this institution, may not do this.",
        "",
        "Ask the institution that keeps the wallet what is possible.",
    ),
}
