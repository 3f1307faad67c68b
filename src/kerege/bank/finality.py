# SPDX-License-Identifier: Apache-2.0
"""Which of the core's answers end the matter. Pure.

The core remembers what it decided once it knew who asks: the same text gets the same answer for
ever. What it refuses at the door (a key it does not know, an institution suspended) it does not
remember, and the same text could be accepted later. If an earlier copy of the text was sent and
never answered, that copy may still be under way, so such a refusal ends the matter only once no
copy can be.
"""

from enum import Enum, auto, unique
from typing import Final

from kerege.bank.sending import Sending
from kerege.ledger import Refusal as LedgerRefusal
from kerege.ledger.refusal import MALFORMED
from kerege.payments.refusal import Refusal
from kerege.payments.verdict import Verdict

__all__ = ["IN_FLIGHT_US", "Finality", "finality_of"]

IN_FLIGHT_US: Final = 120_000_000
"""How long a submission can be under way at most: twice what client and server wait together."""

_AT_THE_DOOR: Final = frozenset(
    {
        Refusal.ORDER_TEXT_INVALID.value,
        Refusal.PARTICIPANT_SUSPENDED.value,
        Refusal.KEY_UNKNOWN.value,
        Refusal.KEY_REVOKED.value,
        Refusal.SIGNER_IS_NOT_WALLET.value,
        Refusal.SIGNATURE_INVALID.value,
        Refusal.WALLET_UNKNOWN.value,
        Refusal.WALLET_KEPT_ELSEWHERE.value,
        Refusal.WALLET_SUSPENDED.value,
        Refusal.TOO_LONG_VALID.value,
        *(refusal.name.lower() for refusal in MALFORMED),
    }
)
"""Some of these the core does remember; then asking twice gives the same."""

_ASK_AGAIN: Final = frozenset(
    {LedgerRefusal.NOT_YET_VALID.name.lower(), Refusal.RATE_EXCEEDED.value}
)


@unique
class Finality(Enum):
    """What an answer is worth."""

    FINAL = auto()
    """It stays so, whoever asks."""
    FINAL_IF_ALONE = auto()
    """It stays so unless the text was sent once more in the meantime: that is to be ruled out."""
    OPEN = auto()
    """Send the same again later."""


def finality_of(verdict: Verdict, sending: Sending, *, now_us: int) -> Finality:
    """What `verdict` on `sending` is worth. `sending` is as it was before this attempt: of a
    repeat, `sent_us` is when the last unanswered copy left."""
    if verdict.code in _ASK_AGAIN:
        return Finality.OPEN
    if verdict.code not in _AT_THE_DOOR:
        return Finality.FINAL
    if sending.tries == 1 or now_us - sending.sent_us >= IN_FLIGHT_US:
        return Finality.FINAL_IF_ALONE
    return Finality.OPEN
