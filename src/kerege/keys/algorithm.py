# SPDX-License-Identifier: Apache-2.0
"""The signature algorithms Kerege accepts."""

from enum import StrEnum, unique

__all__ = ["Algorithm"]


@unique
class Algorithm(StrEnum):
    """Names as written in configuration and shown to people."""

    ED25519 = "ed25519"
    ES256 = "es256"
    ML_DSA_44 = "ml-dsa-44"
