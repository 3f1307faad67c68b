# SPDX-License-Identifier: Apache-2.0
"""One-time codes that show that a telephone is in somebody's hand.

Six digits, five tries, five minutes, at most `PER_HOUR` and `PER_DAY` codes a number: whoever
guesses is right once in some 16 000 days of trying at one number. That somebody may keep a number
from getting codes for an hour is the price; an open session is not touched by it.

A code to nobody (`known` false) costs and answers the same, and no code is ever right.
"""

import hmac
import threading
from collections import OrderedDict
from enum import Enum, unique
from typing import Final, Protocol

from msgspec import Struct

from kerege.bank.identity import codes_store as store
from kerege.bank.identity.bearer import hash_secret, new_secret
from kerege.bank.throttle import Rule, Throttle
from kerege.keys import RootSecret
from kerege.runtime.clock import Clock
from kerege.runtime.randomness import Randomness
from kerege.runtime.tables import Tables

__all__ = [
    "CODE_DIGITS",
    "CODE_LIFE_S",
    "MAX_TRIES",
    "PER_DAY",
    "PER_HOUR",
    "Checked",
    "CodeSender",
    "KeptCodes",
    "OneTimeCodes",
    "Sent",
    "TooManyCodes",
]

CODE_DIGITS: Final = 6
CODE_LIFE_S: Final = 5 * 60
MAX_TRIES: Final = 5
PER_HOUR: Final = Rule("code per hour", 5, 3600)
PER_DAY: Final = Rule("code per day", 12, 24 * 3600)

_SECRET_BYTES: Final = 32
_SECOND_US: Final = 1_000_000
_MAX_KEPT: Final = 10_000


class CodeSender(Protocol):
    """Brings a code to a telephone."""

    def send(self, phone: str, code: str, *, purpose: str) -> None:
        """Hand the code over to be sent (`purpose`: sign-in or sign-up).

        Returns at once and never raises: it queues. Waiting here would tell who has an account.
        """
        ...


class KeptCodes:
    """The sandbox's sender: keeps the latest code of each number for whoever runs the sandbox."""

    def __init__(self) -> None:
        self._latest: OrderedDict[str, str] = OrderedDict()
        self._lock = threading.Lock()

    def send(self, phone: str, code: str, *, purpose: str) -> None:
        """Keep the code, and of old numbers none beyond ten thousand."""
        with self._lock:
            self._latest[phone] = code
            self._latest.move_to_end(phone)
            while len(self._latest) > _MAX_KEPT:
                self._latest.popitem(last=False)

    def latest(self, phone: str) -> str | None:
        """The latest code sent to a number (E.164), if any."""
        with self._lock:
            return self._latest.get(phone)


class Sent(Struct, frozen=True):
    """A code is on its way; `id` is the secret by which it is checked."""

    id: str


class TooManyCodes(Struct, frozen=True):
    """No more codes for this number until `wait_s` seconds have passed."""

    wait_s: int


@unique
class Checked(Enum):
    """What a try came to."""

    RIGHT = "right"
    WRONG = "wrong"
    SPENT = "spent"
    """Used, expired, or no tries left: another code is needed."""


class OneTimeCodes:
    """Sends and checks codes. Safe among threads and processes."""

    def __init__(
        self,
        tables: Tables,
        throttle: Throttle,
        sender: CodeSender,
        *,
        secret: RootSecret,
        clock: Clock,
        randomness: Randomness,
    ) -> None:
        self._tables = tables
        self._throttle = throttle
        self._sender = sender
        self._macs = secret.index_key("one-time code")
        self._phones = secret.index_key("one-time code phone")
        self._clock = clock
        self._randomness = randomness

    def send(self, phone: str, *, purpose: str, known: bool) -> Sent | TooManyCodes:
        """Send a code to `phone` (E.164), or only seem to."""
        wait_s = self._throttle.wait_s(self._phones.tag(phone.encode()), (PER_HOUR, PER_DAY))
        if wait_s:
            return TooManyCodes(wait_s)
        secret = new_secret(self._randomness)
        code = f"{int.from_bytes(self._randomness.draw(8)) % 10**CODE_DIGITS:0{CODE_DIGITS}}"
        now_us = self._clock.now_us()
        with self._tables.begin() as connection:
            store.remove_expired(connection, now_us)
            store.insert_code(
                connection,
                hash_secret(secret),
                purpose=purpose,
                # No text has these bytes as its MAC, so that nobody's code cannot be guessed.
                mac=self._mac(secret, code) if known else self._randomness.draw(_SECRET_BYTES),
                tries=MAX_TRIES,
                expires_us=now_us + CODE_LIFE_S * _SECOND_US,
            )
        if known:
            self._sender.send(phone, code, purpose=purpose)
        return Sent(secret)

    def check(self, secret: str, code: str, *, purpose: str) -> Checked:
        """Try a code, which costs a try; a right one is spent by it."""
        given = self._mac(secret, code.strip()[: 2 * CODE_DIGITS])
        now_us = self._clock.now_us()
        with self._tables.begin() as connection:
            mac = store.use_try(connection, hash_secret(secret), purpose=purpose, now_us=now_us)
            if mac is None:
                return Checked.SPENT
            if not hmac.compare_digest(mac, given):
                return Checked.WRONG
            store.spend(connection, hash_secret(secret))
        return Checked.RIGHT

    def _mac(self, secret: str, code: str) -> bytes:
        return self._macs.tag(f"{secret}\0{code}".encode(errors="surrogatepass"))
