# SPDX-License-Identifier: Apache-2.0
"""What a leaf of the log says about a record: a salted commitment (docs/formats/leaf.md).

Pure. The public log shows 32 bytes from which nobody can guess the record; whoever holds the
record and its salt, as a receipt does, can show that they belong to the leaf.
"""

import hmac
from hashlib import sha256

from kerege.errors import InvariantViolation

__all__ = ["ENTRY_BYTES", "SALT_BYTES", "SALT_KEY_BYTES", "commit_record", "salt_for"]

SALT_BYTES = 16
"""128 bits: no table of guessed records can be made in advance, and each guess costs a search."""

SALT_KEY_BYTES = 32
"""The key that salts come from; secret, one per log."""

ENTRY_BYTES = 32

LEAF_DOMAIN = b"kerege-leaf/v1\n"
SALT_DOMAIN = b"kerege-salt/v1\n"


def commit_record(record: bytes, *, salt: bytes) -> bytes:
    """Return the 32-byte log entry for `record`: SHA-256("kerege-leaf/v1\\n" || salt || record).

    The salt has a fixed length, so no two pairs of salt and record give the same input.
    """
    if len(salt) != SALT_BYTES:
        raise InvariantViolation(f"a salt has {SALT_BYTES} bytes, not {len(salt)}")
    return sha256(LEAF_DOMAIN + salt + record).digest()


def salt_for(salt_key: bytes, order_id: bytes) -> bytes:
    """Return an order's salt: HMAC-SHA-256(salt_key, "kerege-salt/v1\\n" || order_id)[:16].

    Derived, so that nothing more needs keeping; `salt_key` has 32 bytes.
    """
    if len(salt_key) != SALT_KEY_BYTES:
        raise InvariantViolation(f"a salt key has {SALT_KEY_BYTES} bytes, not {len(salt_key)}")
    return hmac.digest(salt_key, SALT_DOMAIN + order_id, "sha256")[:SALT_BYTES]
