# SPDX-License-Identifier: Apache-2.0
"""The operating system's randomness, for making keys."""

import secrets

__all__ = ["system_randomness"]


def system_randomness(size_bytes: int) -> bytes:
    """Return `size_bytes` unpredictable bytes."""
    return secrets.token_bytes(size_bytes)
