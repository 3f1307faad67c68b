# SPDX-License-Identifier: Apache-2.0
"""What a signature is made over, and what algorithms are called: RFC 9421 sections 2.5 and 6.2."""

import base64
import hashlib
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

from kerege.keys.algorithm import Algorithm

__all__ = [
    "ALGORITHM_NAMES",
    "BODY_COMPONENTS",
    "COVERED_IF_SENT",
    "REQUIRED_COMPONENTS",
    "TAG",
    "content_digest",
    "signature_base",
]

TAG: Final = "kerege"
"""Names this profile: a signature made under another protocol's rules does not count here."""

ALGORITHM_NAMES: Mapping[Algorithm, str] = MappingProxyType(
    {Algorithm.ED25519: "ed25519", Algorithm.ES256: "ecdsa-p256-sha256"}
)

REQUIRED_COMPONENTS: Final = ("@method", "@authority", "@path", "@query")
"""Covered by every signature."""

BODY_COMPONENTS: Final = ("content-type", "content-digest")
"""Covered, and therefore sent, with every body that is not empty."""

COVERED_IF_SENT: Final = (*BODY_COMPONENTS, "content-encoding", "idempotency-key")
"""Header fields that change what a request means: one that is sent is covered."""


def signature_base(values: Iterable[tuple[str, str]], parameters: str) -> bytes:
    """Return the signature base of components with their values, in the order covered.

    `parameters` is the signature's entry in `Signature-Input` as written, label and = left out.
    """
    lines = [f'"{name}": {value}\n' for name, value in values]
    return f'{"".join(lines)}"@signature-params": {parameters}'.encode("ascii")


def content_digest(body: bytes) -> str:
    """Return the `Content-Digest` field of `body`: RFC 9530 section 2, SHA-256 alone."""
    digest = base64.b64encode(hashlib.sha256(body).digest()).decode("ascii")
    return f"sha-256=:{digest}:"
