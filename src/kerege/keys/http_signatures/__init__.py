# SPDX-License-Identifier: Apache-2.0
"""HTTP message signatures (RFC 9421) between institutions: one strict profile.

>>> from kerege.keys import Algorithm, PrivateKey
>>> key = PrivateKey(Algorithm.ED25519, bytes(32))
>>> request = HttpRequest("GET", "core.example", "/supply", "asset=KZT", headers=[], body=b"")
>>> added = sign_request(
...     request, key, keyid="bank-a", nonce="c29tZXRoaW5nIG5ldw", created_s=1_700_000_000
... )
>>> received = HttpRequest("GET", "core.example", "/supply", "asset=KZT", headers=added, body=b"")
>>> verified = verify_request(
...     received,
...     find_key={"bank-a": key.public_key}.get,
...     nonces=MemoryNonces(),
...     now_s=1_700_000_001,
... )
>>> verified.keyid, verified.path
('bank-a', '/supply')
"""

from kerege.keys.http_signatures.errors import (
    HttpSignatureError,
    NoncesExhaustedError,
    ReplayedRequestError,
    SignatureNotCurrentError,
)
from kerege.keys.http_signatures.message import HttpRequest
from kerege.keys.http_signatures.nonces import MemoryNonces, NonceStore
from kerege.keys.http_signatures.signing import sign_request
from kerege.keys.http_signatures.verifying import (
    VerifiedHead,
    VerifiedRequest,
    verify_head,
    verify_request,
)

__all__ = [
    "HttpRequest",
    "HttpSignatureError",
    "MemoryNonces",
    "NonceStore",
    "NoncesExhaustedError",
    "ReplayedRequestError",
    "SignatureNotCurrentError",
    "VerifiedHead",
    "VerifiedRequest",
    "sign_request",
    "verify_head",
    "verify_request",
]
