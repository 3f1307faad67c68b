# SPDX-License-Identifier: Apache-2.0
"""The country's institutions by the keys they sign requests with, as the core publishes them."""

from typing import Final

from msgspec import Struct

from kerege.keys import PublicKey, parse_jwk
from kerege.service import NodeClient

__all__ = ["Peer", "PeerBook"]

_PATH: Final = "/v1/participants"
_KEEPERS: Final = frozenset({"intermediary", "agency"})
"""Who keeps wallets, and so has customers to ask for."""


class Peer(Struct, frozen=True):
    """An institution that may ask."""

    id: str


class _Listed(Struct, frozen=True):
    id: str
    roles: frozenset[str]
    suspended: bool
    keys: dict[str, str]


class _AllListed(Struct, frozen=True):
    participants: list[_Listed]


class PeerBook:
    """Answers from memory; `refresh` asks the core. Safe among threads."""

    def __init__(self, core: NodeClient) -> None:
        self._core = core
        self._holders: dict[str, tuple[Peer, PublicKey]] = {}

    def refresh(self) -> None:
        """See who is there now. Raises what `NodeClient.get` raises, `KeyEncodingError`."""
        listed = self._core.get(_PATH, _AllListed).participants
        self._holders = {
            keyid: (Peer(one.id), parse_jwk(text.encode()).public_key)
            for one in listed
            if one.roles & _KEEPERS and not one.suspended
            for keyid, text in one.keys.items()
        }

    def find(self, keyid: str) -> tuple[Peer, PublicKey] | None:
        """As `service.Callers.find`."""
        return self._holders.get(keyid)

    def close(self) -> None:
        """Close its connections."""
        self._core.close()
