# SPDX-License-Identifier: Apache-2.0
"""The parts of a bank node, put together from its settings, a line to the core, and its keys.

The order matters: tables, then the ledger, then what stands on both. `close` goes back.
"""

from typing import Final

from kerege.bank.abroad import both_sides
from kerege.bank.abroad_store import open_abroad_tables
from kerege.bank.aliases import Aliases
from kerege.bank.background import Job
from kerege.bank.bank_keys import BankKeys
from kerege.bank.card_payments import CardDesk, CardTill
from kerege.bank.cards import Cards
from kerege.bank.cards_store import open_card_tables
from kerege.bank.core_line import MAX_EVENTS, CoreLine, CoreUnreachable
from kerege.bank.custody import Custody
from kerege.bank.custody_orders import CustodyOrders
from kerege.bank.custody_wallets import CustodyWallets
from kerege.bank.customers import Customers
from kerege.bank.desk import Desk
from kerege.bank.desk_store import open_desk_tables
from kerege.bank.guardian_limits import GuardianLimits
from kerege.bank.identity.client import Client, ClientBook
from kerege.bank.identity.codes import CodeSender
from kerege.bank.identity.provider import IdentityProvider
from kerege.bank.identity.tokens import TokenSigner
from kerege.bank.joining import Joining
from kerege.bank.money_store import open_money_tables
from kerege.bank.moving import Moving
from kerege.bank.neighbours import PeerBanks
from kerege.bank.outbox import Outbox
from kerege.bank.own_wallet import OwnWallet
from kerege.bank.ownership import Ownership
from kerege.bank.payouts import Payouts
from kerege.bank.peers import PeerBook
from kerege.bank.people_store import open_people_tables
from kerege.bank.programmes import Programmes
from kerege.bank.request_codes import RequestCodes, Sign
from kerege.bank.requests import Requests
from kerege.bank.resolving import Resolving
from kerege.bank.screening import Screening
from kerege.bank.settings import BankSettings
from kerege.bank.terms_book import CustomerTerms
from kerege.bank.throttle import Throttle
from kerege.bank.till_refusals import TillRefusals
from kerege.bank.till_refusals_store import open_till_tables
from kerege.bank.vault import Vault
from kerege.bank.wallets import Wallets
from kerege.bank.webhook_sending import HookSender
from kerege.bank.webhooks import Dispatcher, Webhooks
from kerege.ledger import open_ledger
from kerege.money import ISO4217, Assets
from kerege.payments import ParticipantId, WalletId
from kerege.qr import PROFILES
from kerege.runtime import Clock, IdMaker, Randomness
from kerege.service import Bell, NodeClient, Unreachable

__all__ = ["Parts"]

_EVENTS_WAIT_S: Final = 2
"""How long the core holds back an empty page of events; a node that stops waits for no longer."""

_TEND_S: Final = 1.0
_IDLE_S: Final = 2.0
_GATHER_S: Final = 0.25
"""How long after something was told the next waits, so that more of it can be told together: what
comes after a pause is told at once, and a page of many costs what a page of one does."""

_PEERS_S: Final = 5.0
"""How late a new institution is known, or one that was suspended no more."""
_SETTLE_S: Final = 60.0
_KEYS_S: Final = 10.0
"""A change of a key whose answer came late may wait: the old key signs until then."""
_CASES_S: Final = 5.0
_TIDY_S: Final = 3600.0
_COUNTED_S: Final = 2 * 24 * 3600
"""Counters of windows older than this are removed: the longest window is a day."""

_STOP_S: Final = 5.0


class Parts:
    """Everything a bank node works with. Close it when the node has stopped."""

    def __init__(
        self,
        settings: BankSettings,
        keys: BankKeys,
        core: CoreLine,
        *,
        clock: Clock,
        randomness: Randomness,
        sender: CodeSender,
    ) -> None:
        """`sender` brings one-time codes to telephones."""
        self.settings = settings
        self.sender = sender
        self.core = core
        self.clock = clock
        self.ids = IdMaker(clock, randomness)
        self.bell = Bell()
        url = settings.database_url(settings.database)
        self._people = open_people_tables(url)
        self._money = open_money_tables(url)
        self._desk = open_desk_tables(url)
        self._card_tables = open_card_tables(url)
        self._till_tables = open_till_tables(url)
        self._abroad = open_abroad_tables(url)
        self.ledger = open_ledger(settings.database_url(settings.ledger), now_us=clock.now_us)
        self._randomness = randomness
        self.throttle = Throttle(self._people, clock)
        self._know_people(keys, randomness, sender)
        self._move_money(keys)
        self._talk(keys, randomness)
        self._jobs = [
            Job("core-events", self._read_events),
            Job("open-orders", self._tend),
            Job("webhooks", self._deliver),
            Job("peers", self._look_at_peers),
            Job("aliases", self._settle_aliases),
            Job("custody-keys", self._finish_keys),
            Job("disputes", self._tell_cases),
            Job("tidying", self._tidy),
        ]

    def start(self) -> None:
        """See through what an earlier process left undone, then work on by oneself."""
        self.desk.recover()
        for job in self._jobs:
            job.start()

    def close(self) -> None:
        """Stop working, let go of databases."""
        self.bell.ring()
        for job in self._jobs:
            job.stop(wait_s=_STOP_S)
        self.peers.close()
        self.neighbours.close()
        self.desk.close()
        self.ledger.close()
        for tables in (
            self._people,
            self._money,
            self._desk,
            self._card_tables,
            self._till_tables,
            self._abroad,
        ):
            tables.close()

    def check_database(self) -> None:
        """Raise unless the databases answer."""
        with self._people.read() as connection:
            connection.exec_driver_sql("SELECT 1")

    def _know_people(self, keys: BankKeys, randomness: Randomness, sender: CodeSender) -> None:
        settings, clock = self.settings, self.clock
        self.tiers = settings.tiers()
        self._vault = Vault(keys.master, randomness=randomness)
        self.customers = Customers(
            self._people,
            self._vault,
            self.tiers,
            index=keys.index,
            clock=clock,
            ids=self.ids,
        )
        clients = ClientBook(
            Client(id=each.id, name=each.name, redirect_uris=each.redirect_uris)
            for each in settings.clients
        )
        self.provider = IdentityProvider(
            settings.url,
            clients,
            tables=self._people,
            customers=self.customers,
            signer=TokenSigner(keys.tokens),
            secret=keys.index,
            sender=sender,
            clock=clock,
            ids=self.ids,
            randomness=randomness,
        )
        self.screening = Screening(
            self._people,
            self._vault,
            self.customers,
            index=keys.index,
            clock=clock,
            ids=self.ids,
        )
        self.joining = Joining(
            self.screening.admit, self.provider.codes, self.tiers, secret=keys.index
        )
        self.ownership = Ownership(self.customers)
        guardians = GuardianLimits(self._money, clock=clock)
        self.terms = CustomerTerms(self._desk, self.tiers, clock, guardians)

    def _move_money(self, keys: BankKeys) -> None:
        settings = self.settings
        self.outbox = Outbox(self._desk, self.clock, self.terms, ring=self.bell.ring)
        self.own = OwnWallet(settings.bank, settings.wallet.id, keys.wallet)
        self.desk = Desk(
            ledger=self.ledger,
            tables=self._money,
            core=self.core,
            own=self.own,
            assets=[(each.code, each.scale) for each in settings.assets],
            terms=self.terms,
            owners=self.terms,
            clock=self.clock,
            ids=self.ids,
            teller=self.outbox,
        )
        self.wallets = Wallets(
            ParticipantId(settings.bank),
            self.customers,
            self.ownership,
            self.core,
            terms=self.terms,
            bank_wallet=settings.wallet.id,
        )

        self._keep_keys(keys)

        self.moving = Moving(
            self.own,
            customers=self.customers,
            ownership=self.ownership,
            core=self.core,
            delivery=self.desk.delivery,
            guardians=self.desk.guardian_limits,
            clock=self.clock,
            ids=self.ids,
            forget=self._forget_wallet,
        )
        self.desk.incoming.let_leave(self.moving.left)

    def _keep_keys(self, keys: BankKeys) -> None:
        """Wallets whose key the bank keeps."""
        self._kept_keys = Custody(
            self._money, keys.master, clock=self.clock, randomness=self._randomness
        )
        self.custody_orders = CustodyOrders(self._kept_keys, self.desk.outgoing, clock=self.clock)
        self.custody = CustodyWallets(
            self.settings.bank,
            self.wallets,
            self.custody_orders,
            customers=self.customers,
            ownership=self.ownership,
            secret=keys.index,
        )

    def _forget_wallet(self, wallet: WalletId) -> None:
        self.cards.forget_wallet(wallet)
        self.till_refusals.forget_wallet(wallet)
        self.aliases.release_wallet(wallet)
        self._kept_keys.destroy(wallet)

    def _talk(self, keys: BankKeys, randomness: Randomness) -> None:
        settings, clock = self.settings, self.clock
        allow = settings.webhooks.allow
        self.webhooks = Webhooks(self._desk, clock, self.ids, allow=allow, ring=self.bell.ring)
        self.dispatcher = Dispatcher(
            self._desk,
            HookSender(keys.requests, settings.core.keyid, clock, randomness, allow=allow),
            clock,
        )
        profile = PROFILES[settings.country]
        self.assets = _assets(settings)
        self.requests = Requests(self._desk, clock)
        sign = Sign("Kerege", settings.city or settings.country)
        self.codes = RequestCodes(profile, self.assets, lambda customer: sign)
        self.neighbours = PeerBanks(
            settings, keys.requests, self.requests, lambda: self.aliases, clock, randomness
        )
        self.aliases = Aliases(
            self._people,
            self._vault,
            self.customers,
            self.core,
            settings.numbering(),
            secret=keys.directory,
            clock=clock,
            name_of=self.neighbours.name_of,
            reserved=(settings.bank, *settings.peers),
        )
        self._take_cards()
        self._hear_cases()
        self.peers = PeerBook(NodeClient(settings.core.url, clock=clock, randomness=randomness))
        self.resolving = Resolving(self.core, self.neighbours, profile, clock)
        self.programmes = Programmes(self.core, clock)
        self.payouts = Payouts(self.neighbours, settings.numbering(), self.assets)

    def _take_cards(self) -> None:
        """Cards bound here, and shops that are shown one."""
        clock, throttle = self.clock, self.throttle
        self.till_refusals = TillRefusals(self._till_tables, clock)
        self.cards = Cards(
            self._card_tables,
            self.aliases,
            customers=self.customers,
            ownership=self.ownership,
            clock=clock,
            ids=self.ids,
        )
        self.card_desk = CardDesk(
            self.cards,
            self.custody_orders,
            self.core,
            refusals=self.till_refusals,
            throttle=throttle,
            clock=clock,
        )
        self.till = CardTill(
            self.settings.bank,
            self.aliases,
            self.card_desk,
            self.neighbours,
            self.core,
            ownership=self.ownership,
            throttle=throttle,
            clock=clock,
        )

    def _hear_cases(self) -> None:
        """Disputes with customers of other banks."""
        self.case_telling, self.cases_abroad = both_sides(
            self.settings.bank,
            self._abroad,
            self.desk.disputes,
            self.core,
            self.neighbours,
            customers=self.customers,
            outbox=self.outbox,
            clock=self.clock,
        )

    def _read_events(self) -> float:
        count = self.desk.incoming.read(limit=MAX_EVENTS, wait_s=_EVENTS_WAIT_S)
        if count:
            self.bell.ring()
        # Under load events come all the time: a page of many costs what a page of one does.
        return 0.0 if count == MAX_EVENTS else _GATHER_S

    def _deliver(self) -> float:
        """A round of webhooks, in a thread of its own: slow receivers do not hold up customers."""
        rung = self.bell.rung
        tried = self.dispatcher.step()
        if not tried:
            self.bell.wait_in_thread(rung, timeout_s=_IDLE_S)
        return _GATHER_S

    def _look_at_peers(self) -> float:
        try:
            self.peers.refresh()
        except Unreachable as fault:
            raise CoreUnreachable(fault.message) from fault
        return _PEERS_S

    def _settle_aliases(self) -> float:
        self.aliases.settle()
        return _SETTLE_S

    def _tend(self) -> float:
        self.desk.tend()
        return _TEND_S

    def _tidy(self) -> float:
        self.throttle.tidy(older_than_s=_COUNTED_S)
        return _TIDY_S

    def _tell_cases(self) -> float:
        self.case_telling.tend()
        return _CASES_S

    def _finish_keys(self) -> float:
        self.custody_orders.tend()
        return _KEYS_S


def _assets(settings: BankSettings) -> Assets:
    known = ISO4217
    for each in settings.assets:
        if each.code not in known:
            known = known.declare(each.code, scale=each.scale, name=each.code)
    return known
