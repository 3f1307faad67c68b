# SPDX-License-Identifier: Apache-2.0
"""Reads of the register, answered from memory where they can be.

Positive answers are remembered until a change is seen; that something is not there is never
remembered, because another node may be adding it.
"""

import threading
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Final

from msgspec import Struct
from sqlalchemy import Connection

from kerege.centralbank.register_ids import system_wallet
from kerege.centralbank.register_memory import Remembered
from kerege.centralbank.register_parameters import Parameters
from kerege.centralbank.register_participants import KeyRecord, Participant, SystemAccounts
from kerege.centralbank.register_programmes import ProgrammeRecord
from kerege.centralbank.stores import changes, participants, programmes, proposals, wallets
from kerege.centralbank.stores.wallets import WalletRow
from kerege.errors import KeregeError
from kerege.keys import PublicKey
from kerege.ledger import AccountId
from kerege.payments.fees import FeeSchedule
from kerege.payments.scene import WalletFacts
from kerege.runtime.tables import Tables

__all__ = ["LOOK_EVERY_S", "MOST_REMEMBERED", "CountryNotFounded", "Facts"]

LOOK_EVERY_S: Final = 0.2
"""How often other nodes' changes are looked for: a revoked key is seen within half a second."""

MOST_REMEMBERED: Final = 131_072
"""Wallets, and as many keys, a node keeps in memory: some 150 MB of Python objects."""


class CountryNotFounded(KeregeError):
    """The register is empty: nothing can be asked of it yet."""


class _Standing(Struct, frozen=True):
    """What every node has in memory as a whole, as of one moment."""

    parameters: Parameters | None
    participants: dict[str, Participant]
    keys: dict[str, tuple[Participant, PublicKey]]
    accounts: SystemAccounts | None
    overflow: dict[str, dict[str, AccountId]]
    """By bank and asset."""
    schedules: list[FeeSchedule]
    programmes: Mapping[str, ProgrammeRecord]


class Facts:
    """What the register knows. All methods are safe among threads."""

    def __init__(
        self,
        tables: Tables,
        *,
        remembered: int = MOST_REMEMBERED,
        stopwatch: Callable[[], float] = time.monotonic,
    ) -> None:
        self._tables = tables
        self._stopwatch = stopwatch
        self._wallets: Remembered[str, WalletFacts] = Remembered(remembered)
        self._keys: Remembered[str, KeyRecord] = Remembered(remembered)
        # Two readers at once could put an older state in the place of a newer one.
        self._looking = threading.RLock()
        with tables.begin() as connection:
            changes.prepare(connection)
        self.reload()

    def reload(self) -> None:
        """Forget everything and read what is kept as a whole."""
        with self._looking:
            begun_s = self._stopwatch()
            with self._tables.read() as connection:
                self._seen = changes.last_change(connection)
                self._standing = _read_standing(connection)
            self._wallets.forget_all()
            self._keys.forget_all()
            self._next_look_s = begun_s + LOOK_EVERY_S

    def refresh(self) -> None:
        """See other nodes' changes, if it is time to look again."""
        if self._stopwatch() < self._next_look_s:
            return
        with self._looking:
            if self._stopwatch() >= self._next_look_s:
                self.look()

    def look(self) -> None:
        """See all changes there are now."""
        with self._looking:
            begun_s = self._stopwatch()
            with self._tables.read() as connection:
                last = changes.last_change(connection)
                news = changes.changes_after(connection, self._seen) if last > self._seen else []
                if news and any(change.kind == "programme" for change in news):
                    self._standing = _read_standing(connection)
            if news is None or any(change.kind in _WHOLE for change in news):
                self.reload()
                return
            self._wallets.forget(c.subject for c in news if c.kind == "wallet")
            self._keys.forget(c.subject for c in news if c.kind == "key")
            self._seen = max(self._seen, last)
            self._next_look_s = begun_s + LOOK_EVERY_S

    # -- what is kept as a whole --

    def participants(self) -> list[Participant]:
        """Everyone, by name."""
        return list(self._standing.participants.values())

    def participant(self, participant_id: str) -> Participant | None:
        """One participant."""
        return self._standing.participants.get(participant_id)

    def participant_of_key(self, keyid: str) -> tuple[Participant, PublicKey] | None:
        """Whose key in force this is; `keyid` is its thumbprint."""
        return self._standing.keys.get(keyid)

    def accounts(self) -> SystemAccounts:
        """The core's own accounts; raises `CountryNotFounded`."""
        accounts = self._standing.accounts
        if accounts is None:
            raise _not_founded()
        return accounts

    def parameters(self) -> Parameters:
        """What the country was founded with; raises `CountryNotFounded`."""
        parameters = self._standing.parameters
        if parameters is None:
            raise _not_founded()
        return parameters

    def schedules(self) -> list[FeeSchedule]:
        """Published fee schedules, oldest first."""
        return self._standing.schedules

    def programmes(self) -> Mapping[str, ProgrammeRecord]:
        """Every programme, by id; another object whenever one changed."""
        return self._standing.programmes

    # -- what is remembered one by one --

    def wallet(self, wallet_id: str) -> WalletFacts | None:
        """An open wallet."""
        return self._wallets.get(wallet_id) or self.load_wallets([wallet_id]).get(wallet_id)

    def key(self, kid: str) -> KeyRecord | None:
        """A wallet's key, revoked ones too."""
        return self._keys.get(kid) or self.load_keys([kid]).get(kid)

    def recovery_key(self, kid: str) -> KeyRecord | None:
        """A key that may sign nothing but the replacement of its wallet's key."""
        with self._tables.read() as connection:
            return wallets.read_keys(connection, [kid], recovery=True).get(kid)

    def prefetch(self, *, kids: Iterable[str] = (), wallets: Iterable[str] = ()) -> None:
        """Load what a batch will ask for in two statements instead of thousands."""
        unknown_kids = [kid for kid in dict.fromkeys(kids) if self._keys.get(kid) is None]
        if unknown_kids:
            self.load_keys(unknown_kids)
        unknown = [name for name in dict.fromkeys(wallets) if self._wallets.get(name) is None]
        if unknown:
            self.load_wallets(unknown)

    def load_wallets(self, ids: list[str]) -> dict[str, WalletFacts]:
        """Read wallets, whatever is remembered of them."""
        epoch = self._wallets.epoch
        with self._tables.read() as connection:
            rows = wallets.read_wallets(connection, ids)
        found = {name: self.facts_of(row) for name, row in rows.items()}
        self._wallets.put(found, read_in=epoch)
        return found

    def load_keys(self, kids: list[str]) -> dict[str, KeyRecord]:
        """Read keys, whatever is remembered of them."""
        epoch = self._keys.epoch
        with self._tables.read() as connection:
            found = wallets.read_keys(connection, kids)
        self._keys.put(found, read_in=epoch)
        return found

    def facts_of(self, row: WalletRow) -> WalletFacts:
        """A stored wallet as rules see it."""
        overflow: dict[str, AccountId] = {}
        if row.overflow:
            there = self._standing.overflow.get(row.bank, {})
            overflow = {asset: there[asset] for asset in row.accounts if asset in there}
        return WalletFacts(
            id=row.id,
            bank=row.bank,
            owner_kind=row.owner_kind,
            tier=row.tier,
            accounts=row.accounts,
            category=row.category,
            vat=row.vat,
            region=row.region,
            overflow=overflow,
        )


_WHOLE: Final = frozenset({"participant", "parameters"})


def _not_founded() -> CountryNotFounded:
    return CountryNotFounded("no country was founded here", remedy="found it first")


def _read_standing(connection: Connection) -> _Standing:
    everyone = participants.read_participants(connection)
    own = [participant.wallet for participant in everyone.values() if participant.wallet]
    rows = wallets.read_wallets(connection, own)
    return _Standing(
        parameters=participants.read_parameters(connection),
        participants=everyone,
        keys={
            keyid: (participant, key)
            for participant in everyone.values()
            for keyid, key in participant.keys.items()
        },
        accounts=_system_accounts(participants.read_accounts(connection)),
        overflow={
            name: dict(rows[participant.wallet].accounts)
            for name, participant in everyone.items()
            if participant.wallet in rows
        },
        schedules=proposals.read_schedules(connection),
        programmes=programmes.read_programmes(connection),
    )


def _system_accounts(known: dict[tuple[str, str, str], int]) -> SystemAccounts | None:
    by_use: dict[str, dict[tuple[str, str], AccountId]] = {}
    for (use, asset, participant), account in known.items():
        by_use.setdefault(use, {})[participant, asset] = AccountId(account)
    if "allowance-sink" not in by_use:
        return None

    def only(use: str) -> AccountId:
        return next(iter(by_use[use].values()))

    def by_asset(use: str) -> dict[str, AccountId]:
        return {asset: account for (_, asset), account in by_use.get(use, {}).items()}

    return SystemAccounts(
        issuers=by_asset("issuer"),
        retired=by_asset("retired"),
        backing=by_asset("backing"),
        reserve_issuers=by_asset("reserve-issuer"),
        reserves=by_use.get("reserves", {}),
        quotas=by_use.get("quota", {}),
        allowance_sink=only("allowance-sink"),
        quota_sink=only("quota-sink"),
        decisions=only("decisions"),
        decided=only("decided"),
        redemption_wallet=system_wallet("redemption"),
        fee_wallet=system_wallet("fees"),
        converters=by_asset("converter"),
    )
