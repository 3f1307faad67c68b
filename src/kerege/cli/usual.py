# SPDX-License-Identifier: Apache-2.0
"""What commands take unless told: wallets ask for the asset by name, and one is usual here."""

from typing import Final

__all__ = ["USUAL_ASSET"]

USUAL_ASSET: Final = "KZT"
"""The money of the country that comes up unless told."""
