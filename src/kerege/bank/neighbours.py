# SPDX-License-Identifier: Apache-2.0
"""What this bank asks of others, and they of it: a payee's masked name, a request to pay.

Banks ask each other by signed requests. What does not answer in time is as if it were not there: a
payment does not wait for a name.
"""

from collections.abc import Callable
from typing import Annotated, Final
from urllib.parse import quote

from msgspec import Meta, Struct

from kerege.bank.aliases import Aliases
from kerege.bank.core_line import CoreUnreachable
from kerege.bank.requests import RequestRefused, Requests
from kerege.bank.resolving import Found
from kerege.bank.settings import BankSettings
from kerege.errors import KeregeError
from kerege.keys import SigningKey
from kerege.payments import Verdict, WalletId
from kerege.runtime import Clock, Randomness
from kerege.service import NodeClient, Refused, Unreachable

__all__ = ["CardCharge", "NameAnswer", "PeerBanks", "RequestAnswer"]

_TAG: Final = r"^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$(?!\n)"
_PATIENCE_S: Final = 2.0
_ORDER_S: Final = 15.0
"""For a payment at another bank: its own customers wait as long."""


class CardCharge(Struct, frozen=True, forbid_unknown_fields=True):
    """A card's tag in the directory, and the request that a shop signed when the card was shown."""

    tag: Annotated[str, Meta(pattern=_TAG, max_length=43)]
    request: Annotated[str, Meta(max_length=4096, pattern=r"^[A-Za-z0-9_.-]+$(?!\n)")]


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

        def line(url: str, timeout_s: float) -> NodeClient:
            return NodeClient(
                url,
                clock=clock,
                randomness=randomness,
                key=key,
                keyid=settings.core.keyid,
                timeout_s=timeout_s,
            )

        self._clients = {bank: line(url, _PATIENCE_S) for bank, url in settings.peers.items()}
        self._lines = {bank: line(url, _ORDER_S) for bank, url in settings.peers.items()}

    def close(self) -> None:
        """Close its connections."""
        for client in (*self._clients.values(), *self._lines.values()):
            client.close()

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

    def pay_by_card(self, bank: str, tag: str, request: str) -> Verdict:
        """As `card_payments.CardBanks.pay_by_card`."""
        client = self.line_to(bank)
        if client is None:
            raise CoreUnreachable("there is no way to the card's bank", remedy="name it in peers")
        try:
            return client.post("/v1/peers/card-payments", CardCharge(tag, request), Verdict)
        except Unreachable as fault:
            raise CoreUnreachable(fault.message, remedy="send the same again") from fault
        except Refused as fault:
            if fault.code != "request_refused":
                raise CoreUnreachable("the card's bank does not hear us", place=bank) from fault
            raise RequestRefused(fault.details.detail, place=fault.details.place) from fault

    def line_to(self, bank: str) -> NodeClient | None:
        """The client of a bank for what may take some seconds; None if there is no way there."""
        return self._lines.get(bank)

    def own_name(self, wallet: str) -> str:
        """What the owner of a wallet kept here shows; empty for any other."""
        return self._aliases().own_name(WalletId(wallet))

    def own_request(self, request: str) -> str | None:
        """A request our customer published."""
        kept = self._requests.find(request)
        return None if kept is None else kept.text
