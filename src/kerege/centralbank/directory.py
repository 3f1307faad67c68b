# SPDX-License-Identifier: Apache-2.0
"""The national directory of aliases: from a tag to the wallet it pays and the bank that keeps it.

A tag is HMAC-SHA256 of a normalised alias under a key that the banks share and the core does not
know: from the directory alone nobody can tell whose phone number a tag is. Only banks ask, each at
most so often a minute, and how much each asked and found is kept, minute by minute: whoever walks
through numbers finds few, and is seen. An alias nobody registered and one whose owner does not want
to be found are the same here: no tag.
"""

import re
import threading
from enum import StrEnum, unique
from typing import Final

from msgspec import Struct

from kerege.centralbank.register_facts import Facts
from kerege.centralbank.register_participants import DEFAULT_QUOTA
from kerege.centralbank.stores import aliases
from kerege.errors import KeregeError
from kerege.payments.ids import ParticipantId, WalletId
from kerege.runtime import Clock
from kerege.runtime.tables import Tables

__all__ = [
    "KEPT_MINUTES",
    "MAX_ALIASES",
    "Directory",
    "DirectoryFault",
    "DirectoryRefused",
    "Resolved",
]

MAX_ALIASES: Final = 32
"""Tags of one wallet: a few phones, a tax number, cards, a nickname."""

KEPT_MINUTES: Final = 400 * 24 * 60
"""How long counts are kept: long enough to compare a bank with itself a year ago."""

_MINUTE_US: Final = 60_000_000
_SHARES: Final = 20
"""A node takes a twentieth of a bank's minute at a time, so that not every question writes."""

_TAG: Final = re.compile(r"[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]", re.ASCII)


class Resolved(Struct, frozen=True):
    """Where an alias leads."""

    wallet: WalletId
    bank: ParticipantId


@unique
class DirectoryFault(StrEnum):
    """Why the directory does not do what a bank asks, in order of precedence."""

    TAG_INVALID = "tag_invalid"
    RATE_EXCEEDED = "rate_exceeded"
    WALLET_UNKNOWN = "wallet_unknown"
    """Not a wallet this bank keeps."""
    TOO_MANY_ALIASES = "too_many_aliases"
    ALIAS_TAKEN = "alias_taken"
    """It leads to a wallet at another bank, which has to let it go first."""
    ALIAS_UNKNOWN = "alias_unknown"


class DirectoryRefused(KeregeError):
    """What a bank asked of the directory and is not done; `code` says why."""

    def __init__(self, code: DirectoryFault, message: str, *, remedy: str) -> None:
        super().__init__(message, remedy=remedy)
        self.code = code


class _Share(Struct):
    """What a node may still ask for a bank in a minute, and what it found and did not tell yet.

    `spent`: there is no more to be had in this minute.
    """

    minute: int
    left: int = 0
    found: int = 0
    spent: bool = False


class Directory:
    """Aliases in the register's tables. Safe among threads and nodes.

    Every method counts towards the bank's questions of the minute, claims too: otherwise one could
    find out by claiming what one may not ask. Raises `DirectoryRefused` or `DatabaseUnavailable`.
    """

    def __init__(self, tables: Tables, facts: Facts, clock: Clock) -> None:
        self._tables = tables
        self._facts = facts
        self._clock = clock
        self._lock = threading.Lock()
        self._shares: dict[str, _Share] = {}

    def claim(self, bank: ParticipantId, tag: str, wallet: str) -> None:
        """Let `tag` lead to a wallet `bank` keeps, from wherever it led within that bank."""
        self._count(bank, tag)
        kept = self._facts.wallet(wallet)
        if kept is None or kept.bank != bank:
            raise DirectoryRefused(
                DirectoryFault.WALLET_UNKNOWN,
                "no wallet of yours has this id",
                remedy="claim aliases for wallets you keep",
            )
        with self._tables.begin() as connection:
            if aliases.count_aliases(connection, kept.id) >= MAX_ALIASES:
                raise DirectoryRefused(
                    DirectoryFault.TOO_MANY_ALIASES,
                    f"{MAX_ALIASES} aliases lead to this wallet",
                    remedy="release one first",
                )
            if aliases.add_alias(connection, tag, kept.id, at_us=self._clock.now_us()):
                return
            there = aliases.find_alias(connection, tag)
            if there is None or there[1] != bank:
                raise DirectoryRefused(
                    DirectoryFault.ALIAS_TAKEN,
                    "this alias leads to a wallet at another bank",
                    remedy="ask the owner to release it there, or to move the wallet",
                )
            aliases.move_alias(connection, tag, before=there[0], after=kept.id)

    def release(self, bank: ParticipantId, tag: str) -> None:
        """Free a tag that leads to a wallet `bank` keeps."""
        self._count(bank, tag)
        with self._tables.begin() as connection:
            there = aliases.find_alias(connection, tag)
            if there is None or there[1] != bank:
                # Whether it is another bank's or nobody's is not told.
                raise DirectoryRefused(
                    DirectoryFault.ALIAS_UNKNOWN,
                    "no alias of yours has this tag",
                    remedy="nothing is to be done",
                )
            aliases.remove_alias(connection, tag, wallet=there[0])

    def resolve(self, bank: ParticipantId, tag: str) -> Resolved | None:
        """Where `tag` leads; None if nowhere."""
        share = self._count(bank, tag)
        with self._tables.read() as connection:
            there = aliases.find_alias(connection, tag)
        if there is None:
            return None
        with self._lock:
            share.found += 1
        return Resolved(*there)

    def _count(self, bank: ParticipantId, tag: str) -> _Share:
        """Count one question of `bank`; raises `DirectoryRefused` if it was one too many."""
        if _TAG.fullmatch(tag) is None:
            raise DirectoryRefused(
                DirectoryFault.TAG_INVALID,
                "not a tag: 32 bytes in base64url",
                remedy="send HMAC-SHA256 of the normalised alias",
            )
        minute = self._clock.now_us() // _MINUTE_US
        with self._lock:
            share = self._shares.get(bank)
            if share is None or share.minute != minute:
                share = self._shares[bank] = self._new_minute(bank, share, minute)
            if not share.left and not share.spent:
                share.left = self._take(bank, share)
                share.spent = share.left == 0
            if share.spent:
                raise DirectoryRefused(
                    DirectoryFault.RATE_EXCEEDED,
                    "more questions than your quota has for a minute",
                    remedy="go on in the next minute, or have the quota raised",
                )
            share.left -= 1
            return share

    def _new_minute(self, bank: str, before: _Share | None, minute: int) -> _Share:
        with self._tables.begin() as connection:
            if before is not None and before.found:
                aliases.count_asked(
                    connection, bank, minute=before.minute, asked=-before.left, found=before.found
                )
            aliases.forget_minutes(connection, bank, before=minute - KEPT_MINUTES)
        return _Share(minute)

    def _take(self, bank: str, share: _Share) -> int:
        """Questions a node may ask now: a share of the bank's minute, or what is left of it."""
        participant = self._facts.participant(bank)
        quota = (participant.quota if participant else DEFAULT_QUOTA).resolutions_per_minute
        most = max(quota // _SHARES, 1)
        with self._tables.begin() as connection:
            asked = aliases.count_asked(
                connection, bank, minute=share.minute, asked=most, found=share.found
            )
            share.found = 0
            granted = max(min(most, quota - asked + most), 0)
            if granted < most:
                back = granted - most
                aliases.count_asked(connection, bank, minute=share.minute, asked=back, found=0)
        return granted
