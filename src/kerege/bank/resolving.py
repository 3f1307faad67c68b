# SPDX-License-Identifier: Apache-2.0
"""Whom a text names: an alias, a wallet id, a request's id, the payload of a QR code.

What nobody may know looks like what is not there. A code of a scheme we do not pay is told as such,
in the payer's language.
"""

from datetime import UTC, datetime
from typing import Final, Protocol

from msgspec import Struct

from kerege.bank.core_line import CoreLine
from kerege.bank.requests import read_request
from kerege.errors import KeregeError
from kerege.payments import MalformedName, parse_request_id, parse_wallet_id
from kerege.qr import MAX_PAYLOAD_BYTES, Foreign, Payable, Profile, QrError, parse, read_payable
from kerege.runtime.clock import Clock
from kerege.wallet.wire import Payee

__all__ = ["MAX_TO_CHARS", "Found", "Neighbours", "Resolving"]

MAX_TO_CHARS: Final = MAX_PAYLOAD_BYTES
"""Characters of what is to be resolved: a QR payload is the longest."""

_QR_BEGINS: Final = "000201"
_US: Final = 1_000_000

_TEXTS: Final = {
    "nobody": {
        "kk": "Бұл атаумен ешкім табылмады.",
        "ru": "Под этим именем никого не нашли.",
        "en": "Nobody was found under this name.",
    },
    "expired": {
        "kk": "Бұл кодтың мерзімі өтіп кеткен.",
        "ru": "Срок действия этого кода истёк.",
        "en": "This code's time is over.",
    },
    "unreadable": {
        "kk": "Бұл код оқылмады. Қайта сканерлеп көріңіз.",
        "ru": "Этот код не читается. Отсканируйте его ещё раз.",
        "en": "This code cannot be read. Scan it again.",
    },
}


class Found(Struct, frozen=True):
    """A wallet, the bank that keeps it, and the name its owner lets others see."""

    wallet: str
    bank: str
    name: str = ""


class Neighbours(Protocol):
    """What is asked of other banks, and of our own customers' register the same way."""

    def find_alias(self, alias: str) -> Found | None:
        """Where an alias leads; None if nobody has it or lets it be found."""

    def name_of(self, wallet: str, bank: str) -> str:
        """The masked name of a wallet's owner, empty if there is none to be shown."""

    def find_request(self, request: str, bank: str) -> str | None:
        """A request's signed text, as its payee's bank keeps it."""


class Resolving:
    """Resolves for the customers of one bank."""

    def __init__(
        self, core: CoreLine, neighbours: Neighbours, profile: Profile, clock: Clock
    ) -> None:
        self._core = core
        self._neighbours = neighbours
        self._profile = profile
        self._clock = clock

    def resolve(self, text: str, language: str) -> Payee:
        """Whom `text` names; without a wallet, `text` of the answer says why."""
        text = text.strip()
        if text.startswith(_QR_BEGINS):
            return self._code(text, language)
        found = self._find(text)
        if found is None:
            return _refused("nobody", language)
        return Payee(wallet=found.wallet, bank=found.bank, name=found.name)

    def _find(self, text: str) -> Found | None:
        try:
            wallet = parse_wallet_id(text)
        except MalformedName:
            return self._neighbours.find_alias(text)
        view = self._core.wallet(wallet)
        if view is None:
            return None
        return Found(wallet, view.bank, self._neighbours.name_of(wallet, view.bank))

    def _code(self, text: str, language: str) -> Payee:
        try:
            payable = read_payable(parse(text), self._profile)
        except QrError as fault:
            told = _refused("unreadable", language)
            return Payee(text=f"{told.text} ({fault.place})" if fault.place else told.text)
        if isinstance(payable, Foreign):
            names = " ".join(scheme.id for scheme in payable.schemes)
            return Payee(scheme=names, text=payable.explain(language))
        now = datetime.fromtimestamp(self._clock.now_us() // _US, UTC)
        if payable.is_expired(now):
            return _refused("expired", language)
        return self._payable(payable, language)

    def _payable(self, payable: Payable, language: str) -> Payee:
        found = self._find(payable.payee)
        if found is None:
            return _refused("nobody", language)
        amount, asset = payable.code.amount, payable.code.currency.code
        text = ""
        if payable.request_id is not None:
            text = self._request(payable.request_id, found) or ""
            if not text:
                return _refused("expired", language)
        return Payee(
            wallet=found.wallet,
            bank=found.bank,
            name=found.name,
            asset=asset,
            amount=amount.minor if amount else 0,
            request=text,
            expires_us=_us_of(payable.expires_at),
            scheme=self._profile.scheme.id,
        )

    def _request(self, request: str, found: Found) -> str | None:
        """The signed request, if its payee's bank has it and it is the payee's."""
        try:
            text = self._neighbours.find_request(parse_request_id(request), found.bank)
            if text is None or read_request(text).wallet != found.wallet:
                return None
        except KeregeError:
            return None
        return text


def _refused(key: str, language: str) -> Payee:
    texts = _TEXTS[key]
    return Payee(text=texts.get(language, texts["en"]))


def _us_of(instant: datetime | None) -> int:
    return 0 if instant is None else int(instant.timestamp()) * _US
