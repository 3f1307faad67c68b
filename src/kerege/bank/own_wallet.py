# SPDX-License-Identifier: Apache-2.0
"""The bank's own wallet at the core: what it signs with, and what only it may sign.

The key may sit behind PKCS#11; only its signatures are asked for here.
"""

import hashlib

from kerege.keys import SigningKey, encode_base64url, key_thumbprint, sign_compact
from kerege.payments.documents import ORDER_TYP, Document, encode_document

__all__ = ["OwnWallet", "defunding_details"]

_DEFUNDING = "kerege-defunding/v1"


class OwnWallet:
    """The wallet `wallet` of the institution `bank`, signed for by `key`."""

    def __init__(self, bank: str, wallet: str, key: SigningKey) -> None:
        self.bank = bank
        self.wallet = wallet
        self._key = key
        self._kid = key_thumbprint(key.public_key)

    def sign(self, document: Document) -> bytes:
        """The signed order."""
        return sign_compact(encode_document(document), self._key, kid=self._kid, typ=ORDER_TYP)


def defunding_details(wallet: str) -> str:
    """The `details` of a payment to the bank's own wallet that asks for its worth to be put on the
    deposit of whoever has `wallet` here: SHA-256 in base64url."""
    digest = hashlib.sha256(f"{_DEFUNDING}\n{wallet}\n".encode()).digest()
    return encode_base64url(digest)
