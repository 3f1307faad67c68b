# SPDX-License-Identifier: Apache-2.0
"""Orders as they are signed: a document, once encoded, becomes one text that never changes."""

from dataclasses import dataclass

from kerege.errors import KeregeError
from kerege.keys import SigningKey, key_thumbprint, sign_compact
from kerege.payments import (
    ORDER_TYP,
    REQUEST_TYP,
    Document,
    Request,
    TopUp,
    WalletId,
    decode_document,
    encode_document,
)
from kerege.programmes.document import PROGRAMME_TYP
from kerege.programmes.reading import read_programme

__all__ = ["ForeignDocument", "SignedOrder", "Signer"]


class ForeignDocument(KeregeError):
    """A document that names another wallet than the one asked to sign it."""


@dataclass(frozen=True, slots=True)
class SignedOrder:
    """The exact bytes that are kept, sent, and sent again; `until_us` is their last instant."""

    id: str
    wallet: WalletId
    until_us: int
    text: bytes


class Signer:
    """One wallet's hand: its id and its key, wherever that lies."""

    def __init__(self, wallet: WalletId, key: SigningKey) -> None:
        """Take the key that the wallet is, or is to be, registered with."""
        self.wallet = wallet
        self._key = key
        self._kid = key_thumbprint(key.public_key)

    def order(self, document: Document) -> SignedOrder:
        """Sign an order. Raises `ForeignDocument`, `MalformedDocument` (what nobody could read, for
        it would never be answered), `JwsEncodingError` (a document too long)."""
        self._check(document)
        payload = encode_document(document)
        decode_document(payload)
        text = sign_compact(payload, self._key, kid=self._kid, typ=ORDER_TYP)
        return SignedOrder(document.id, self.wallet, document.until_us, text)

    def request(self, request: Request) -> bytes:
        """Sign a request to pay. Raises `ForeignDocument`."""
        self._check(request)
        return sign_compact(encode_document(request), self._key, kid=self._kid, typ=REQUEST_TYP)

    def programme(self, text: bytes) -> bytes:
        """Sign a programme's document as its funder or a changer, as it is.

        Raises `MalformedProgramme` for what could not be activated.
        """
        read_programme(text)
        return sign_compact(text, self._key, kid=self._kid, typ=PROGRAMME_TYP)

    def _check(self, document: Document | Request) -> None:
        if document.wallet != self.wallet and not isinstance(document, TopUp):
            raise ForeignDocument(f"{document.wallet} cannot be signed for by {self.wallet}")
