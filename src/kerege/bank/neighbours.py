# SPDX-License-Identifier: Apache-2.0
"""What this bank asks of others, and they of it: a payee's masked name, a request to pay.

Banks ask each other by signed requests. What does not answer in time is as if it were not there: a
payment does not wait for a name.
"""

from collections.abc import Callable
from typing import Final
from urllib.parse import quote

from msgspec import Struct

from kerege.bank.aliases import Aliases
from kerege.bank.requests import Requests
from kerege.bank.resolving import Found
from kerege.bank.settings import BankSettings
from kerege.errors import KeregeError
from kerege.keys import SigningKey
from kerege.payments import WalletId
from kerege.runtime import Clock, Randomness
from kerege.service import NodeClient

__all__ = ["NameAnswer", "PeerBanks", "RequestAnswer"]

_PATIENCE_S: Final = 2.0


class NameAnswer(Struct, frozen=True):
    """What a payee lets others see."""

    name: str


class RequestAnswer(Struct, frozen=True):
    """A signed request to pay."""

    request: str


class PeerBanks:
    """`resolving.Neighbours` over HTTP; our own customers are asked for directly."""

    def __init__(
        self,
        settings: BankSettings,
        key: SigningKey,
        requests: Requests,
        aliases: Callable[[], Aliases],
        clock: Clock,
        randomness: Randomness,
    ) -> None:
        """`aliases` are our own, which need to ask others in turn: so they are made later."""
        self._bank = settings.bank
        self._requests = requests
        self._aliases = aliases
        self._clients = {
            bank: NodeClient(
                url,
                clock=clock,
                randomness=randomness,
                key=key,
                keyid=settings.core.keyid,
                timeout_s=_PATIENCE_S,
            )
            for bank, url in settings.peers.items()
        }

    def find_alias(self, alias: str) -> Found | None:
        """As `Neighbours.find_alias`."""
        found = self._aliases().find(alias)
        return None if found is None else Found(found.wallet, found.bank, found.name)

    def name_of(self, wallet: str, bank: str) -> str:
        """As `Neighbours.name_of`."""
        if bank == self._bank:
            return self.own_name(wallet)
        client = self._clients.get(bank)
        if client is None:
            return ""
        try:
            return client.get(f"/v1/peers/names/{quote(wallet)}", NameAnswer).name
        except KeregeError:
            return ""

    def find_request(self, request: str, bank: str) -> str | None:
        """As `Neighbours.find_request`."""
        if bank == self._bank:
            return self.own_request(request)
        client = self._clients.get(bank)
        if client is None:
            return None
        try:
            return client.get(f"/v1/peers/requests/{quote(request)}", RequestAnswer).request
        except KeregeError:
            return None

    def own_name(self, wallet: str) -> str:
        """What the owner of a wallet kept here shows; empty for any other."""
        return self._aliases().own_name(WalletId(wallet))

    def own_request(self, request: str) -> str | None:
        """A request our customer published."""
        kept = self._requests.find(request)
        return None if kept is None else kept.text
