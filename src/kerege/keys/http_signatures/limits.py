# SPDX-License-Identifier: Apache-2.0
"""How large a signed request's parts may be, and how long a signature may hold."""

from typing import Final

__all__ = [
    "MAX_AUTHORITY_CHARS",
    "MAX_CLOCK_SKEW_S",
    "MAX_COMPONENTS",
    "MAX_FIELDS",
    "MAX_FIELD_CHARS",
    "MAX_KEYID_CHARS",
    "MAX_METHOD_CHARS",
    "MAX_NONCE_CHARS",
    "MAX_PATH_CHARS",
    "MAX_QUERY_CHARS",
    "MAX_SIGNATURES",
    "MAX_SIGNATURE_CHARS",
    "MAX_SIGNATURE_INPUT_CHARS",
    "MAX_VALIDITY_S",
    "MIN_NONCE_CHARS",
]

MAX_METHOD_CHARS: Final = 16
"""The longest in RFC 9110 has 7."""

MAX_AUTHORITY_CHARS: Final = 260
"""A DNS name has 253, a port and its colon 6."""

MAX_PATH_CHARS: Final = 2048
MAX_QUERY_CHARS: Final = 4096
"""What proxies in front of a node let through at least: RFC 9110 section 4.1 asks for 8000 octets
of URI."""

MAX_FIELDS: Final = 100
"""Header lines of a request; each name looked for is compared with all of them."""

MAX_FIELD_CHARS: Final = 4096
"""A covered header field's value: media types and keys for idempotency are far shorter."""

MAX_SIGNATURES: Final = 4
"""Ours, and those of proxies on the way; each is only read, one is verified."""

MAX_COMPONENTS: Final = 16
"""Covered by one signature: we insist on eight at most."""

MAX_SIGNATURE_INPUT_CHARS: Final = 4096
MAX_SIGNATURE_CHARS: Final = 1024
"""Four labels of 64 characters with 64 bytes of signature each have 632."""

MIN_NONCE_CHARS: Final = 16
MAX_NONCE_CHARS: Final = 64
"""16 characters of base64url hold 96 bits: no two by chance."""

MAX_KEYID_CHARS: Final = 128

MAX_VALIDITY_S: Final = 300
"""From created to expires. A nonce is remembered this long, so it bounds the memory for them."""

MAX_CLOCK_SKEW_S: Final = 30
"""How far ahead the signer's clock may be; machines kept by NTP differ by well under a second."""
