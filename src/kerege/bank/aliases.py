# SPDX-License-Identifier: Apache-2.0
"""Aliases: claiming and giving up one's own, and finding whom another's leads to.

The directory is asked with tags, HMACs under a key all banks share. A claim is noted here, put
into the directory, and noted as listed; whatever a crash or a lost answer leaves between is done
again by `settle`. Whoever resolves learns the wallet, its bank and what the owner shows; unknown,
not listed and unreadable look the same.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Final

import sqlalchemy as sa

from kerege.bank import aliases_store as store
from kerege.bank.alias import (
    AliasRefusal,
    AliasState,
    ListedAlias,
    NamedWallet,
    Shows,
    TooManyQuestions,
)
from kerege.bank.aliases_store import AliasRow
from kerege.bank.core_line import Resolved
from kerege.bank.customer import Customer, CustomerId, CustomerState
from kerege.bank.customers import Customers
from kerege.bank.customers_store import retried
from kerege.bank.directory import AliasTaken, Directory
from kerege.bank.personal_data import PersonalData
from kerege.bank.throttle import Rule, Throttle
from kerege.bank.vault import NothingKept, Vault
from kerege.keys import RootSecret, encode_base64url
from kerege.payments.aliases import (
    Alias,
    AliasKind,
    MalformedAlias,
    Numbering,
    normalise_card_token,
    parse_alias,
)
from kerege.payments.ids import WalletId
from kerege.payments.names import mask_name, shown_name, skeleton_of
from kerege.runtime.clock import Clock
from kerege.runtime.tables import Tables

__all__ = [
    "ASKED_PER_DAY",
    "ASKED_PER_DAY_BY_FIRMS",
    "ASKED_PER_MINUTE",
    "CLAIMED_PER_DAY",
    "MAX_ALIASES",
    "Aliases",
]

MAX_ALIASES: Final = 8
"""Of one customer: two numbers, some cards, a few nicknames; more would be trade in nicknames."""

CLAIMED_PER_DAY: Final = Rule("alias claims", 20, 24 * 3600)
ASKED_PER_MINUTE: Final = Rule("alias asked per minute", 20, 60)
ASKED_PER_DAY: Final = Rule("alias asked per day", 200, 24 * 3600)
"""A person pays a few new people a day; at this pace a million numbers take fourteen years."""

ASKED_PER_DAY_BY_FIRMS: Final = Rule("alias asked by a firm", 5_000, 24 * 3600)
"""A firm pays its people."""

_UNSETTLED_US: Final = 30_000_000
"""A claim may still be under way for this long: as long as a request to the core may take."""

_SETTLED_AT_ONCE: Final = 200

_TELLING_CHARS: Final = 5
"""A reserved name this long is refused inside nicknames too; shorter ones are parts of words."""


class Aliases:
    """The aliases of one bank's customers. Safe among threads and processes.

    `secret` is shared by the banks of the country and unknown to the core. `reserved` are names
    nobody may imitate. `name_of(wallet, bank)` asks another bank what a wallet's owner shows.
    """

    def __init__(
        self,
        tables: Tables,
        vault: Vault,
        customers: Customers,
        directory: Directory,
        numbering: Numbering,
        *,
        secret: RootSecret,
        clock: Clock,
        name_of: Callable[[str, str], str],
        reserved: Iterable[str] = (),
    ) -> None:
        self._tables = tables
        self._vault = vault
        self._customers = customers
        self._directory = directory
        self._numbering = numbering
        self._tags = secret.index_key("alias directory")
        self._clock = clock
        self._name_of = name_of
        self._reserved = frozenset(map(_skeleton_of_name, reserved))
        self._throttle = Throttle(tables, clock)

    # One's own

    def claim(
        self, customer: CustomerId, wallet: WalletId, text: str, *, proven: bool = False
    ) -> ListedAlias | AliasRefusal:
        """Let an alias lead to a wallet of the customer's; again changes nothing.

        A number must be the one the bank knows the customer by; `proven`: the caller has seen for
        itself that it is the customer's (a card it issued). Raises `MalformedAlias`,
        `UnknownCustomer`, and `CoreUnreachable`: then `settle` goes on with it.
        """
        alias = parse_alias(text, self._numbering)
        refused = self._refusal(self._customers.get(customer), wallet, alias, proven=proven)
        if refused is not None:
            return refused
        claimed = retried(
            self._tables, lambda connection: self._note(connection, customer, wallet, alias)
        )
        if isinstance(claimed, AliasRefusal):
            return claimed
        try:
            self._directory.put_alias(claimed.tag, wallet)
        except AliasTaken:
            self._remove(claimed)
            return AliasRefusal.TAKEN
        self._confirm(claimed)
        return ListedAlias(alias.kind, alias.shown, wallet, AliasState.LISTED, claimed.tag)

    def release(self, customer: CustomerId, text: str) -> bool:
        """Give up an alias; False if it is not this customer's. Raises `MalformedAlias`,
        `CoreUnreachable`: then `settle` goes on with it."""
        return self.release_tag(customer, self._tag(parse_alias(text, self._numbering)))

    def release_tag(self, customer: CustomerId, tag: str) -> bool:
        """`release` by the directory's tag, as a card is known by."""
        with self._tables.begin() as connection:
            known = store.find_alias(connection, tag)
            if known is None or known.customer != customer:
                return False
            store.set_state(
                connection, tag, AliasState.RELEASING, known.wallet, self._clock.now_us()
            )
        self._take_out(known)
        return True

    def release_wallet(self, wallet: WalletId, *, kind: AliasKind | None = None) -> int:
        """Give up all aliases of a wallet that is closed or moves to another bank, or those of a
        kind; say how many.

        Raises `CoreUnreachable`: then `settle` goes on with it.
        """
        with self._tables.read() as connection:
            rows = store.aliases_of_wallet(connection, wallet)
        return self._release([row for row in rows if kind in (None, row.kind)])

    def release_outdated(self, customer: CustomerId) -> int:
        """Give up numbers a customer had, after a change of data; say how many.

        Raises `UnknownCustomer`, `NothingKept`, `CoreUnreachable`: then `settle` goes on with it.
        """
        data = self._customers.personal_data(customer)
        kept = {self._tag(Alias(kind, value, value)) for kind, value in _numbers_of(data)}
        with self._tables.read() as connection:
            rows = store.aliases_of(connection, customer)
        numbers = [row for row in rows if row.kind in ("phone", "tax") and row.tag not in kept]
        return self._release(numbers)

    def listed(self, customer: CustomerId) -> list[ListedAlias]:
        """A customer's aliases. Raises `NothingKept` once forgotten."""
        with self._tables.read() as connection:
            rows = store.aliases_of(connection, customer)
            kept = self._vault.read(connection, customer) if rows else {}
        return [
            ListedAlias(row.kind, kept.get(_field(row.tag), ""), row.wallet, row.state, row.tag)
            for row in rows
        ]

    def show(self, customer: CustomerId, shows: Shows) -> None:
        """Choose what payers see of one's name."""
        retried(self._tables, lambda connection: store.set_shows(connection, customer, shows))

    def own_name(self, wallet: WalletId) -> str:
        """What the owner of a wallet kept here shows: a firm its name, a person what they chose.

        Empty for a wallet that is not kept here, or whose owner shows nothing.
        """
        owner = self._customers.customer_of_wallet(wallet)
        if owner is None:
            return ""
        customer = self._customers.get(owner)
        with self._tables.read() as connection:
            shows = store.shows_of(connection, owner) or Shows.MASKED
        if customer.state is not CustomerState.ACTIVE or shows is Shows.NOTHING:
            return ""
        try:
            name = self._customers.personal_data(owner).name
        except NothingKept:
            return ""
        return mask_name(name) if customer.kind == "person" else shown_name(name)

    # Another's

    def resolve(self, customer: CustomerId, text: str) -> NamedWallet | TooManyQuestions | None:
        """Whom an alias leads to, for a customer who wants to pay; None for anything that leads
        nowhere. Raises `UnknownCustomer`, `CoreUnreachable`."""
        kind = self._customers.get(customer).kind
        per_day = ASKED_PER_DAY if kind == "person" else ASKED_PER_DAY_BY_FIRMS
        wait_s = self._throttle.wait_s(customer.encode(), (ASKED_PER_MINUTE, per_day))
        return TooManyQuestions(wait_s) if wait_s else self.find(text)

    def find(self, text: str) -> NamedWallet | None:
        """`resolve` without counting, for whoever counts already. Raises `CoreUnreachable`."""
        try:
            alias = parse_alias(text, self._numbering)
        except MalformedAlias:
            return None
        if alias.kind == "card":
            # A card is no name: whoever could ask would find cards that pay.
            return None
        found = self._directory.resolve(self._tag(alias))
        if found is None:
            return None
        # Our own customers too are found through the directory, in the same time.
        name = shown_name(self._name_of(found.wallet, found.bank))
        return NamedWallet(found.wallet, found.bank, name)

    # Cards

    def card_tag(self, token: str) -> str:
        """What the directory knows a card by. Raises `MalformedAlias`."""
        return self._tag(normalise_card_token(token))

    def find_tag(self, tag: str) -> Resolved | None:
        """Where the directory's tag leads. Raises `CoreUnreachable`."""
        return self._directory.resolve(tag)

    def is_listed(self, tag: str, wallet: str) -> bool:
        """Whether a tag leads to a wallet kept here, as far as this bank knows."""
        with self._tables.read() as connection:
            known = store.find_alias(connection, tag)
        return known is not None and (known.wallet, known.state) == (wallet, AliasState.LISTED)

    def settle(self) -> int:
        """Go on with claims and releases the directory did not confirm; say how many there were.

        Raises `CoreUnreachable`. Call it at the start and every minute.
        """
        before_us = self._clock.now_us() - _UNSETTLED_US
        with self._tables.read() as connection:
            rows = store.unsettled(connection, before_us, limit=_SETTLED_AT_ONCE)
        for row in rows:
            if row.state is AliasState.RELEASING:
                self._take_out(row)
                continue
            try:
                self._directory.put_alias(row.tag, row.wallet)
                self._confirm(row)
            except AliasTaken:
                self._remove(row)
        return len(rows)

    # How

    def _refusal(
        self, customer: Customer, wallet: WalletId, alias: Alias, *, proven: bool
    ) -> AliasRefusal | None:
        if customer.state is not CustomerState.ACTIVE:
            return AliasRefusal.CUSTOMER_NOT_ACTIVE
        if self._customers.customer_of_wallet(wallet) != customer.id:
            return AliasRefusal.WALLET_NOT_YOURS
        if not proven and not _is_own(alias, self._customers.personal_data(customer.id)):
            return AliasRefusal.NOT_YOURS
        if alias.kind == "nickname" and self._looks_reserved(alias.value):
            return AliasRefusal.RESERVED
        if self._throttle.wait_s(customer.id.encode(), (CLAIMED_PER_DAY,)):
            return AliasRefusal.TOO_OFTEN
        return None

    def _looks_reserved(self, skeleton: str) -> bool:
        """Whether a nickname holds an institution's name: `@altyn.bank.help` too."""
        return any(
            name == skeleton or (len(name) >= _TELLING_CHARS and name in skeleton)
            for name in self._reserved
        )

    def _note(
        self, connection: sa.Connection, customer: CustomerId, wallet: WalletId, alias: Alias
    ) -> AliasRow | AliasRefusal:
        now_us = self._clock.now_us()
        row = AliasRow(self._tag(alias), alias.kind, customer, wallet, AliasState.CLAIMING, now_us)
        known = store.find_alias(connection, row.tag)
        if known is not None and known.customer != customer:
            return AliasRefusal.TAKEN
        if known is None:
            if len(store.aliases_of(connection, customer)) >= MAX_ALIASES:
                return AliasRefusal.TOO_MANY
            store.insert_alias(connection, row)
        else:
            store.set_state(connection, row.tag, AliasState.CLAIMING, wallet, now_us)
        self._vault.write(connection, customer, {_field(row.tag): alias.shown})
        return row

    def _release(self, rows: Sequence[AliasRow]) -> int:
        with self._tables.begin() as connection:
            now_us = self._clock.now_us()
            for row in rows:
                store.set_state(connection, row.tag, AliasState.RELEASING, row.wallet, now_us)
        for row in rows:
            self._take_out(row)
        return len(rows)

    def _take_out(self, row: AliasRow) -> None:
        self._directory.drop_alias(row.tag)
        self._remove(row)

    def _remove(self, row: AliasRow) -> None:
        with self._tables.begin() as connection:
            store.remove_alias(connection, row.tag)
            try:
                self._vault.write(connection, row.customer, {_field(row.tag): None})
            except NothingKept:
                # Forgotten meanwhile, and the alias's text with everything else.
                return

    def _confirm(self, row: AliasRow) -> None:
        """Note that the directory has it, unless it was given up meanwhile."""
        with self._tables.begin() as connection:
            known = store.find_alias(connection, row.tag)
            still = known is not None and known.state is not AliasState.RELEASING
            if still:
                store.set_state(
                    connection, row.tag, AliasState.LISTED, row.wallet, self._clock.now_us()
                )
        if not still:
            self._directory.drop_alias(row.tag)

    def _tag(self, alias: Alias) -> str:
        return encode_base64url(self._tags.tag(alias.canonical))


def _skeleton_of_name(name: str) -> str:
    return skeleton_of("".join(filter(str.isalnum, name.casefold())))


def _is_own(alias: Alias, data: PersonalData) -> bool:
    """Whether the bank knows the customer by this number; a nickname is whoever's takes it."""
    match alias.kind:
        case "phone":
            return alias.value == data.phone
        case "tax":
            return alias.value == data.tax_number
        case "nickname":
            return True
        case _:
            return False


def _numbers_of(data: PersonalData) -> tuple[tuple[AliasKind, str], ...]:
    return (("phone", data.phone), ("tax", data.tax_number))


def _field(tag: str) -> str:
    """The vault's field for an alias's text: within its 32 characters."""
    return f"alias.{tag[:24]}"
