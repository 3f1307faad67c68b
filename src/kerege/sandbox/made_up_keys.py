# SPDX-License-Identifier: Apache-2.0
"""Keys and wallets of made-up people, all from one secret of the country's folder.

A thousand key files would tell nobody more: whoever reads the folder has everyone's money.
"""

from kerege.keys import Algorithm, PrivateKey, RootSecret
from kerege.payments import WalletId, format_wallet_id

__all__ = ["MadeUpKeys"]

_WALLET_BYTES = 16


class MadeUpKeys:
    """The same key and wallet for the same name (`Person.key`, `Firm.key`) each time."""

    def __init__(self, seed: RootSecret) -> None:
        self._keys = seed.index_key("sandbox wallet key")
        self._wallets = seed.index_key("sandbox wallet id")

    def key(self, name: str) -> PrivateKey:
        """What this one signs with."""
        return PrivateKey(Algorithm.ED25519, self._keys.tag(name.encode()))

    def wallet(self, name: str) -> WalletId:
        """The id of this one's wallet."""
        return format_wallet_id(self._wallets.tag(name.encode())[:_WALLET_BYTES])
