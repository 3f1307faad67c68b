# SPDX-License-Identifier: Apache-2.0
"""Whose business an order is: that of the institutions whose wallets it moved, and of the one that
keeps the wallet which signed it."""

from kerege.centralbank.register import Register
from kerege.centralbank.telling import Teller
from kerege.errors import KeregeError
from kerege.keys import parse_compact
from kerege.ledger.stored import AcceptedAt
from kerege.payments import Open, ParticipantId, Rehome, decode_document

__all__ = ["is_party"]


def is_party(
    bank: ParticipantId, accepted: AcceptedAt, *, register: Register, teller: Teller
) -> bool:
    """Whether `bank` may see an accepted order."""
    told = teller.tell(accepted.order, cursor=accepted.leaf, at_us=accepted.at_us)
    return bank in told.events or bank == _signers_bank(accepted.order.evidence, register)


def _signers_bank(evidence: bytes, register: Register) -> str:
    try:
        document = decode_document(parse_compact(evidence).payload)
    except KeregeError:
        return ""
    if isinstance(document, Open | Rehome):
        return document.bank
    facts = register.wallet(document.wallet)
    return "" if facts is None else facts.bank
