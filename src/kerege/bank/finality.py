# SPDX-License-Identifier: Apache-2.0
"""Which of the core's answers end the matter. Pure.

The core remembers what its ledger decided: the same text gets the same answer for ever. What it
refuses before that (an unknown payee, a quota used up) it does not remember, and the same text
could be accepted later. If an earlier copy of the text was sent and never answered, that copy may
still be under way, so such a refusal ends the matter only once no copy can be.
"""

from enum import Enum, auto, unique
from typing import Final

from kerege.bank.sending import Sending
from kerege.ledger import Refusal as LedgerRefusal
from kerege.ledger.refusal import MALFORMED, PASSING
from kerege.payments.refusal import Refusal
from kerege.payments.verdict import Verdict

__all__ = ["IN_FLIGHT_US", "Finality", "finality_of"]

IN_FLIGHT_US: Final = 120_000_000
"""How long a submission can be under way at most: twice what client and server wait together."""

_REMEMBERED: Final = frozenset(
    refusal.name.lower() for refusal in LedgerRefusal if refusal not in MALFORMED | PASSING
) | {LedgerRefusal.ID_HAS_OTHER_CONTENT.name.lower()}
"""That the id has other content stays so: what took the id stays in the ledger."""

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
    if verdict.accepted or verdict.code in _REMEMBERED:
        return Finality.FINAL
    if verdict.code in _ASK_AGAIN:
        return Finality.OPEN
    if sending.tries == 1 or now_us - sending.sent_us >= IN_FLIGHT_US:
        return Finality.FINAL_IF_ALONE
    return Finality.OPEN
