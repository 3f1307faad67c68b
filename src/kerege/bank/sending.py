# SPDX-License-Identifier: Apache-2.0
"""An order on its way to the core: read from its text, or from its row. Pure."""

import hashlib
from typing import Final

from msgspec import Struct

from kerege.bank.reserving import Reserve
from kerege.keys import JwsEncodingError, parse_compact
from kerege.payments.documents import (
    Amend,
    Document,
    Hold,
    MalformedDocument,
    Open,
    Pay,
    Rehome,
    TopUp,
    decode_document,
)

__all__ = ["NOT_FOR_CUSTOMERS", "UNREADABLE", "Sending", "amount_of", "read_sending", "sending_of"]

NOT_FOR_CUSTOMERS: Final = (Amend, TopUp, Open, Rehome)
"""A bank's own orders, and those that bring a wallet, which another door takes."""

UNREADABLE: Final = (JwsEncodingError, MalformedDocument)
"""What `read_sending` raises."""


class Sending(Struct, frozen=True, kw_only=True):
    """An order that goes, or went, to the core. Times in microseconds, amounts in minor units.

    `wallet` and `customer` are whose order it is, `kind` its document's kind, or `funding`.
    `digest` is SHA-256 of what the customer asked for: the signing input, so that a signature
    made anew (ES256) is the same order. `text` is what is sent; of a top-up the bank's own text.
    """

    id: str
    wallet: str
    customer: str
    kind: str
    digest: bytes
    text: bytes
    until_us: int
    asset: str = ""
    amount: int = 0
    reserves: tuple[Reserve, ...] = ()
    made_us: int = 0
    sent_us: int = 0
    tries: int = 1


def read_sending(text: bytes, *, customer: str, now_us: int) -> tuple[Sending, Document]:
    """Read a customer's signed order; its signature is the core's to check.

    Raises `JwsEncodingError` or `MalformedDocument`.
    """
    jws = parse_compact(text)
    document = decode_document(jws.payload)
    digest = hashlib.sha256(jws.signing_input).digest()
    return sending_of(text, document, digest=digest, customer=customer, now_us=now_us), document


def sending_of(
    text: bytes, document: Document, *, digest: bytes, customer: str, now_us: int
) -> Sending:
    """The sending of a document in its signed text."""
    asset, amount = amount_of(document)
    return Sending(
        id=document.id,
        wallet=document.wallet,
        customer=customer,
        kind=str(document.__struct_config__.tag),
        digest=digest,
        text=text,
        until_us=document.until_us,
        asset=asset,
        amount=amount,
        made_us=now_us,
        sent_us=now_us,
    )


def amount_of(document: Document, *, besides: frozenset[str] = frozenset()) -> tuple[str, int]:
    """Asset and minor units that the signer spends or reserves, but for payments to `besides`."""
    match document:
        case Pay():
            legs = (leg.amount for leg in document.legs if leg.to not in besides)
            return document.asset, sum(legs)
        case Hold():
            return document.asset, 0 if document.to in besides else document.amount
    return "", 0
