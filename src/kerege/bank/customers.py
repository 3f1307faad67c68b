# SPDX-License-Identifier: Apache-2.0
"""The register of a bank's customers: who they are, which tier, who answers for whom, whose wallet.

Personal data is sealed (`vault`); a telephone or tax number is found by a keyed hash. What a
customer may expect to be refused is an outcome (`Refused`); an id that is none raises.
"""

import datetime
from collections.abc import Mapping, Sequence
from typing import Final

import msgspec
import sqlalchemy as sa

from kerege.bank import customers_store as store
from kerege.bank.customer import (
    Customer,
    CustomerId,
    CustomerRefusal,
    CustomerState,
    Refused,
    UnknownCustomer,
    format_customer_id,
    may_become,
)
from kerege.bank.customer_tags import FOUND_BY, TAKEN, CustomerTags
from kerege.bank.guardianship import day_of, is_of_age, may_be_guardian, may_have_guardian
from kerege.bank.personal_data import (
    MalformedPersonalData,
    PersonalData,
    check_personal_data,
    normalise_phone,
    normalise_tax_number,
    read_fields,
    write_fields,
)
from kerege.bank.tiers import Tier, TierBook
from kerege.bank.vault import Vault
from kerege.keys import RootSecret
from kerege.payments.ids import WalletId
from kerege.runtime.clock import Clock
from kerege.runtime.ids import IdMaker
from kerege.runtime.tables import Tables

__all__ = ["MAX_PAGE", "Application", "Customers"]

MAX_PAGE: Final = 1_000
"""Customers of one page of a listing."""

_DEFAULT_LANGUAGE: Final = "kk"
_LANGUAGES: Final = frozenset({"kk", "ru", "en", "ky"})


class Application(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What somebody gives to become a customer; `waiting` if a person must look at it first."""

    data: PersonalData
    kind: str = "person"
    tier: str = "phone"
    language: str = _DEFAULT_LANGUAGE
    guardian: CustomerId | None = None
    waiting: bool = False


class Customers:
    """The register. Safe among threads and among processes on one database.

    `index` is the secret behind the keyed hashes; unlike the vault's master key it stays, for
    with another one nobody would be found.
    """

    def __init__(
        self,
        tables: Tables,
        vault: Vault,
        tiers: TierBook,
        *,
        index: RootSecret,
        clock: Clock,
        ids: IdMaker,
    ) -> None:
        self._tables = tables
        self._vault = vault
        self._tiers = tiers
        self._tags = CustomerTags(index)
        self._clock = clock
        self._ids = ids

    # Becoming and being a customer

    def open(self, application: Application) -> Customer | Refused:
        """Add a customer. Raises `MalformedPersonalData`, `UnknownTier`, `UnknownCustomer`.

        Refusals: `TIER_NEEDS_MORE`, `PHONE_TAKEN`, `TAX_NUMBER_TAKEN`, `GUARDIAN_UNFIT`. Whoever
        asks over the network must have shown before that the telephone is theirs: to anybody else
        `PHONE_TAKEN` would tell who banks here.
        """
        return self.open_many([application])[0]

    def open_many(self, applications: Sequence[Application]) -> list[Customer | Refused]:
        """Add many customers in one SQL transaction, each or its refusal, in their order."""
        checked = [self._check(application) for application in applications]
        return store.retried(self._tables, lambda connection: self._open(connection, checked))

    def get(self, customer: CustomerId) -> Customer:
        """The customer. Raises `UnknownCustomer`."""
        with self._tables.read() as connection:
            return self._found(store.find_customer(connection, customer))

    def personal_data(self, customer: CustomerId) -> PersonalData:
        """What is known of a person. Raises `UnknownCustomer`; `NothingKept` once forgotten."""
        with self._tables.read() as connection:
            self._found(store.find_customer(connection, customer))
            return read_fields(self._vault.read(connection, customer))

    def find_by_phone(self, phone: str) -> Customer | None:
        """Whose telephone number this is. Raises `MalformedPersonalData`."""
        return self._find("phone", normalise_phone(phone))

    def find_by_tax_number(self, tax_number: str) -> Customer | None:
        """Whose tax number this is. Raises `MalformedPersonalData`."""
        return self._find("tax_number", normalise_tax_number(tax_number))

    def page(self, after: str = "", *, limit: int = MAX_PAGE) -> list[Customer]:
        """Customers by rising id, from the one behind `after` on."""
        with self._tables.read() as connection:
            return store.customers_after(connection, after, limit=min(limit, MAX_PAGE))

    def count(self) -> dict[str, int]:
        """How many customers are in each state."""
        with self._tables.read() as connection:
            return store.count_by_state(connection)

    def identify(
        self, customer: CustomerId, data: PersonalData, *, tier: str | None = None
    ) -> Customer | Refused:
        """Put `data` in place of what was known, and perhaps change the tier.

        Raises as `open` does. Refusals: `STATE_FORBIDS`, `TIER_NEEDS_MORE`, `PHONE_TAKEN`,
        `TAX_NUMBER_TAKEN`, `GUARDIAN_UNFIT`. Have the result screened again.
        """
        checked = check_personal_data(data, today=self._today())
        return store.retried(
            self._tables, lambda connection: self._identify(connection, customer, checked, tier)
        )

    def set_state(self, customer: CustomerId, state: CustomerState) -> Customer | Refused:
        """Block, release, close: any change of state but forgetting. Refusals: `STATE_FORBIDS`,
        `HAS_WARDS` and `HAS_WALLETS` for closing. Raises `UnknownCustomer`."""
        with self._tables.begin() as connection:
            known = self._locked(connection, customer)
            if known.state == state:
                return known
            if state is CustomerState.FORGOTTEN or not may_become(known.state, state):
                return Refused(CustomerRefusal.STATE_FORBIDS)
            if state is CustomerState.CLOSED:
                refused = _bound(connection, customer)
                if refused is not None:
                    return refused
            return self._replace(connection, msgspec.structs.replace(known, state=state))

    def forget(self, customer: CustomerId) -> Customer | Refused:
        """Destroy the key of a closed customer's data, and all ways to find it by.

        Refusals: `STATE_FORBIDS` unless closed. Raises `UnknownCustomer`. What remains in backups
        is the matter of `Vault.rewrap`.
        """
        with self._tables.begin() as connection:
            known = self._locked(connection, customer)
            if known.state is CustomerState.FORGOTTEN:
                return known
            if not may_become(known.state, CustomerState.FORGOTTEN):
                return Refused(CustomerRefusal.STATE_FORBIDS)
            self._vault.forget(connection, [customer])
            store.delete_tags(connection, customer, FOUND_BY)
            changed = msgspec.structs.replace(known, state=CustomerState.FORGOTTEN, guardian=None)
            forgotten = self._replace(connection, changed)
        self._vault.scrub(self._tables)
        return forgotten

    # Guardians

    def wards(self, guardian: CustomerId) -> list[Customer]:
        """The children a guardian answers for."""
        with self._tables.read() as connection:
            return store.wards_of(connection, guardian)

    def set_guardian(self, ward: CustomerId, guardian: CustomerId | None) -> Customer | Refused:
        """Give a child another guardian, or none once it is of age.

        Refusals: `STATE_FORBIDS`, `GUARDIAN_UNFIT`. Raises `UnknownCustomer`.
        """
        with self._tables.begin() as connection:
            known = self._locked(connection, ward)
            if known.state in (CustomerState.CLOSED, CustomerState.FORGOTTEN):
                return Refused(CustomerRefusal.STATE_FORBIDS)
            data = read_fields(self._vault.read(connection, ward))
            changed = msgspec.structs.replace(known, guardian=guardian)
            if not self._guardian_fits(connection, changed, data):
                return Refused(CustomerRefusal.GUARDIAN_UNFIT)
            return self._replace(connection, changed)

    # Wallets

    def attach_wallet(
        self, customer: CustomerId, wallet: WalletId, *, custody: bool
    ) -> Refused | None:
        """Note that a wallet is this customer's; again changes nothing. `custody`: the bank holds
        its key. Refusals: `STATE_FORBIDS`, `WALLET_TAKEN`. Raises `UnknownCustomer`."""
        return store.retried(
            self._tables,
            lambda connection: self._attach(connection, customer, wallet, custody=custody),
        )

    def leave_custody(self, wallet: WalletId) -> None:
        """The wallet's key is its owner's own now."""
        with self._tables.begin() as connection:
            store.end_custody(connection, wallet)

    def detach_wallet(self, wallet: WalletId) -> None:
        """The wallet is kept elsewhere now, or closed."""
        with self._tables.begin() as connection:
            store.detach_wallet(connection, wallet)

    def wallets(self, customer: CustomerId) -> dict[WalletId, bool]:
        """A customer's wallets, oldest first; True where the bank holds the key."""
        with self._tables.read() as connection:
            return store.wallets_of(connection, customer)

    def customer_of_wallet(self, wallet: WalletId) -> CustomerId | None:
        """Whose a wallet is, if it is a customer's of this bank."""
        with self._tables.read() as connection:
            return store.customer_of_wallet(connection, wallet)

    def may_act_for(self, actor: CustomerId, owner: CustomerId) -> bool:
        """Whether `actor` is `owner`, or guardian of a child; and both may act at all."""
        with self._tables.read() as connection:
            subject = self._found(store.find_customer(connection, owner))
            person = self._found(store.find_customer(connection, actor))
            if not person.state is subject.state is CustomerState.ACTIVE:
                return False
            if actor == owner:
                return True
            # A guardian's right ends on a birthday, whether or not somebody noted it.
            data = read_fields(self._vault.read(connection, owner))
            return actor == subject.guardian and not is_of_age(data, today=self._today())

    # How

    def _check(self, application: Application) -> tuple[Application, Tier]:
        if application.language not in _LANGUAGES:
            raise MalformedPersonalData(f"one of {', '.join(sorted(_LANGUAGES))}", place="language")
        tier = self._tiers.find(application.kind, application.tier)
        data = check_personal_data(application.data, today=self._today())
        return msgspec.structs.replace(application, data=data), tier

    def _open(
        self, connection: sa.Connection, checked: Sequence[tuple[Application, Tier]]
    ) -> list[Customer | Refused]:
        """Few statements for many: a country's people come by the thousand."""
        holders = self._tags.holders(connection, [application.data for application, _ in checked])
        answers: list[Customer | Refused] = []
        known: dict[str, dict[str, str | None]] = {}
        tags: list[tuple[CustomerId, str, bytes]] = []
        for application, tier in checked:
            customer = self._new(application, tier)
            data = application.data
            refused = self._refusal(connection, customer, data, tier, holders)
            answers.append(refused or customer)
            if refused is None:
                known[customer.id] = write_fields(data)
                own = self._tags.of(data)
                tags += [(customer.id, kind, tag) for kind, tag in own]
                holders |= dict.fromkeys(own, customer.id)
        opened = [answer for answer in answers if isinstance(answer, Customer)]
        store.insert_customers(connection, opened)
        store.insert_tags(connection, tags)
        self._vault.create(connection, known)
        return answers

    def _new(self, application: Application, tier: Tier) -> Customer:
        now_us = self._clock.now_us()
        return Customer(
            id=format_customer_id(self._ids.make()),
            kind=application.kind,
            tier=tier.name,
            state=CustomerState.WAITING if application.waiting else CustomerState.ACTIVE,
            language=application.language,
            opened_us=now_us,
            changed_us=now_us,
            version=1,
            guardian=application.guardian,
        )

    def _identify(
        self,
        connection: sa.Connection,
        customer: CustomerId,
        data: PersonalData,
        tier: str | None,
    ) -> Customer | Refused:
        known = self._locked(connection, customer)
        wanted = self._tiers.find(known.kind, tier or known.tier)
        if known.state in (CustomerState.CLOSED, CustomerState.FORGOTTEN):
            return Refused(CustomerRefusal.STATE_FORBIDS)
        changed = msgspec.structs.replace(known, tier=wanted.name)
        holders = self._tags.holders(connection, [data])
        refused = self._refusal(connection, changed, data, wanted, holders)
        if refused is not None:
            return refused
        self._write_data(connection, customer, data)
        return self._replace(connection, changed)

    def _attach(
        self, connection: sa.Connection, customer: CustomerId, wallet: WalletId, *, custody: bool
    ) -> Refused | None:
        known = self._locked(connection, customer)
        if known.state is not CustomerState.ACTIVE:
            return Refused(CustomerRefusal.STATE_FORBIDS)
        owner = store.customer_of_wallet(connection, wallet)
        if owner is None:
            store.attach_wallet(
                connection, customer, wallet, custody=custody, now_us=self._clock.now_us()
            )
        elif owner != customer:
            return Refused(CustomerRefusal.WALLET_TAKEN)
        return None

    def _refusal(
        self,
        connection: sa.Connection,
        customer: Customer,
        data: PersonalData,
        tier: Tier,
        holders: Mapping[tuple[str, bytes], CustomerId],
    ) -> Refused | None:
        missing = tuple(member for member in tier.requires if not data.has(member))
        if missing:
            return Refused(CustomerRefusal.TIER_NEEDS_MORE, missing)
        for kind, tag in self._tags.of(data):
            if holders.get((kind, tag), customer.id) != customer.id:
                return Refused(TAKEN[kind], (kind,))
        if not self._guardian_fits(connection, customer, data):
            return Refused(CustomerRefusal.GUARDIAN_UNFIT, ("guardian",))
        return None

    def _guardian_fits(
        self, connection: sa.Connection, customer: Customer, data: PersonalData
    ) -> bool:
        today = self._today()
        if not may_have_guardian(customer, data, today=today):
            return False
        if customer.guardian is None:
            return True
        guardian = self._locked(connection, customer.guardian)
        known = read_fields(self._vault.read(connection, guardian.id))
        return may_be_guardian(guardian, known, today=today)

    def _write_data(
        self, connection: sa.Connection, customer: CustomerId, data: PersonalData
    ) -> None:
        self._vault.write(connection, customer, write_fields(data))
        for kind in FOUND_BY:
            store.set_tag(connection, customer, kind, self._tags.tag(kind, getattr(data, kind)))

    def _replace(self, connection: sa.Connection, customer: Customer) -> Customer:
        changed = msgspec.structs.replace(
            customer, version=customer.version + 1, changed_us=self._clock.now_us()
        )
        store.replace_customer(connection, changed)
        return changed

    def _find(self, kind: str, value: str) -> Customer | None:
        tag = self._tags.tag(kind, value)
        with self._tables.read() as connection:
            return None if tag is None else store.find_by_tag(connection, kind, tag)

    def _locked(self, connection: sa.Connection, customer: CustomerId) -> Customer:
        return self._found(store.find_customer(connection, customer, lock=True))

    @staticmethod
    def _found(customer: Customer | None) -> Customer:
        if customer is None:
            raise UnknownCustomer
        return customer

    def _today(self) -> datetime.date:
        return day_of(self._clock.now_us())


def _bound(connection: sa.Connection, customer: CustomerId) -> Refused | None:
    if store.wards_of(connection, customer):
        return Refused(CustomerRefusal.HAS_WARDS)
    if store.wallets_of(connection, customer):
        return Refused(CustomerRefusal.HAS_WALLETS)
    return None
