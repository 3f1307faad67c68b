# SPDX-License-Identifier: Apache-2.0
"""One process of the central bank's core: its parts, put together as the settings say.

Any number of processes may serve one PostgreSQL; a ledger in an SQLite file has one. What a process
keeps in memory may be lost at any time: orders are answered once they are durable, and chores (the
log, expiry, the register's news) are taken over by another process.
"""

import threading
from collections.abc import Callable
from contextlib import ExitStack
from typing import Final

from kerege.centralbank.acceptance import Acceptance
from kerege.centralbank.chores import Chore
from kerege.centralbank.contract_trees import ContractTrees
from kerege.centralbank.core_settings import CoreSettings, CoreSettingsError
from kerege.centralbank.feed import Feed
from kerege.centralbank.founding import found_as_set
from kerege.centralbank.holdings import Holdings
from kerege.centralbank.http.callers import RegisterCallers
from kerege.centralbank.http.orders import OrdersDesk
from kerege.centralbank.http.problem_kinds import CORE_KINDS
from kerege.centralbank.http.problems import CORE_CODES
from kerege.centralbank.http.routes import CoreParts, core_routes, straight_routes
from kerege.centralbank.integrating import Integrating
from kerege.centralbank.programme_orders import ProgrammeOrders
from kerege.centralbank.programme_report import ProgrammeReports
from kerege.centralbank.recalling import Recalling
from kerege.centralbank.receipts import ReceiptDesk
from kerege.centralbank.register import Register
from kerege.centralbank.stores.nonces import SqlNonces
from kerege.centralbank.telling import Teller
from kerege.centralbank.vat_books import VatBooks
from kerege.keys import load_note_key, load_salt_key
from kerege.ledger import Ledger, OrderId
from kerege.ledger.stores.opening import open_store
from kerege.runtime import Clock, IdMaker, Randomness, SqliteUrl, parse_database_url
from kerege.service import (
    Answering,
    Bell,
    Front,
    Gate,
    Metrics,
    Rates,
    Streams,
    build_app,
    get_log,
    limit_addresses,
)
from kerege.translog.cosignature import CosignatureVerifier
from kerege.translog.files import DiskFiles
from kerege.translog.note import parse_verifier_key
from kerege.translog.witness.client import WitnessEndpoint

__all__ = ["CoreNode"]

_DESCRIPTION: Final = (
    "Institutions sign every request (RFC 9421) and bring orders their customers' wallets signed."
    " Public routes need no signature. See docs/core-api.md."
)
_EXPIRE_S: Final = 1.0
_NEWS_S: Final = 0.02
"""How long news waits for more of it."""

_OTHERS_NEWS_S: Final = 0.05
"""How often the end of the ledger is looked at for what other processes accepted."""

_OWN_NEWS_S: Final = 0.25
"""The same where there is no other process: for what did not come through the door for orders."""

_ACTIONS_S: Final = 0.5
"""How often approved proposals whose time has come are looked for."""

_RECALL_S: Final = 1.0
"""How often it is looked whether money of programmes has to return."""

_REFUSALS_S: Final = 2.0
"""How often counts of refusals are written; as many seconds of them a crash may lose."""

_REGISTER_S: Final = 0.1
_NO_ORDER: Final = OrderId(bytes(16))


class CoreNode:
    """A core node: `start` its chores, serve `app`, then `close`."""

    def __init__(
        self,
        settings: CoreSettings,
        *,
        clock: Clock,
        randomness: Randomness,
        authority: Callable[[], str],
    ) -> None:
        """Open databases and keys; found the country if the settings say so.

        `authority` is this node's name in requests (`host:port`). Raises `KeregeError`s that say
        what to put right.
        """
        self._clock = clock
        self._closing = ExitStack()
        try:
            self._open(settings)
            self._build(settings, randomness, authority)
        except BaseException:
            self._closing.close()
            raise

    def start(self) -> None:
        """Finish what an earlier process left, and begin the chores."""
        self.register.finish_begun()
        for chore in self.chores:
            chore.start()

    def stop_streams(self) -> None:
        """End event streams and long polls, which would else last as long as their readers like."""
        self._streams.close()
        self.bell.close()

    def close(self) -> None:
        """Decide what waits, finish the chores, let go of databases and files."""
        for chore in reversed(self.chores):
            chore.close()
        self._closing.close()

    # -- putting it together --

    def _open(self, settings: CoreSettings) -> None:
        ledger_url = settings.database_url(settings.ledger)
        is_alone = isinstance(parse_database_url(ledger_url), SqliteUrl)
        self._look_s = _OWN_NEWS_S if is_alone else _OTHERS_NEWS_S
        self.store = open_store(ledger_url)
        self.ledger = Ledger(self.store, self._clock.now_us)
        self._closing.callback(self.ledger.close)
        url = settings.database_url(settings.register)
        self.register = Register(url, self.ledger, self._clock)
        self._closing.callback(self.register.close)
        found_as_set(self.register, settings)
        self._nonces = SqlNonces(url)
        self._closing.callback(self._nonces.close)
        self._salt_key = load_salt_key(settings.path(settings.keys.salt))
        self.integrating = Integrating(
            store=self.store,
            clock=self._clock,
            files=DiskFiles(settings.path(settings.log.folder)),
            signed=DiskFiles(settings.path(settings.log.signed)),
            key=load_note_key(settings.path(settings.keys.log)),
            salt_key=self._salt_key,
            witnesses=_witnesses(settings),
        )
        self._closing.callback(self.integrating.close)
        self.acceptance = Acceptance(self.ledger, self.register, self._clock)
        self._closing.callback(self.acceptance.close)

    def _build(
        self, settings: CoreSettings, randomness: Randomness, authority: Callable[[], str]
    ) -> None:
        self.metrics = Metrics()
        self.bell = Bell()
        self._news = threading.Event()
        self._streams = Streams()
        self._teller = Teller(self.ledger, self.register)
        with self.store.snapshot() as snapshot:
            self._seen = snapshot.leaves - 1
        self.feed = Feed(self.store, self._teller, first_leaf=self._seen + 1)
        self.chores = [
            Chore("register", self.register.refresh, pause_s=_REGISTER_S),
            Chore("expiry", self._expire, pause_s=_EXPIRE_S),
            Chore("actions", self._run_due, pause_s=_ACTIONS_S),
            Chore("news", self._look_for_news, pause_s=_NEWS_S),
            self._recall_chore(),
            Chore("refusals", self.register.refusals.flush, pause_s=_REFUSALS_S),
            self.integrating.chore,
        ]
        self._watch()
        gate = Gate(
            RegisterCallers(self.register),
            self._clock,
            authority=authority,
            shared=self._nonces,
            rates=Rates(
                per_s=settings.limits.institution_per_s, burst=settings.limits.institution_burst
            ),
            failures=_public_rates(settings),
        )
        public = limit_addresses(_public_rates(settings), self._clock)
        parts = self._parts()
        self.app: Front = build_app(
            core_routes(parts, gate=gate, public=public),
            straight=straight_routes(parts, gate),
            title="Core of the central bank",
            description=_DESCRIPTION,
            ids=IdMaker(self._clock, randomness),
            metrics=self.metrics,
            answering=Answering(CORE_KINDS, CORE_CODES),
            checks={
                "ledger": lambda: self.ledger.outcome(_NO_ORDER),
                "register": self.register.parameters,
                **{chore.name: chore.check for chore in self.chores},
            },
        )

    def _parts(self) -> CoreParts:
        log = self.integrating.log
        desk = OrdersDesk(
            acceptance=self.acceptance,
            ledger=self.ledger,
            register=self.register,
            teller=self._teller,
            receipts=ReceiptDesk(self.ledger, log, self._salt_key),
            clock=self._clock,
            metrics=self.metrics,
            on_news=self._news.set,
        )
        concerned = ProgrammeOrders(self.store)
        return CoreParts(
            register=self.register,
            orders=desk,
            holdings=Holdings(self.ledger, self.register),
            feed=self.feed,
            bell=self.bell,
            streams=self._streams,
            log=log,
            reports=ProgrammeReports(self.store, self.ledger, self.register),
            trees=ContractTrees(self.store, self.ledger, self.register, concerned),
            vat=VatBooks(self.store, self.ledger, self.register, concerned),
        )

    def _watch(self) -> None:
        for name, what, read in (
            ("log_published_leaves", "Leaves published.", self.integrating.published_size),
            ("log_leaves", "Orders accepted, by all processes.", lambda: self._seen + 1),
            ("log_integrating", "1 if this process integrates.", self._integrates),
        ):
            self.metrics.watch(name, what, read)

    def _integrates(self) -> int:
        return int(self.integrating.is_active)

    # -- chores --

    def _expire(self) -> None:
        self.ledger.expire()

    def _run_due(self) -> None:
        self.register.run_due()

    def _recall_chore(self) -> Chore:
        def recall() -> None:
            for one in recalling.step():
                about = {"programme": one.programme, "mark": one.mark}
                if one.orders:
                    get_log().info("recalled", count=one.orders, **about)
                for refusal in one.left:
                    get_log().warning("recall_left", code=refusal.name.lower(), **about)

        chore = Chore("recall", recall, pause_s=_RECALL_S)
        recalling = Recalling(
            self.ledger, self.register, self._clock, stopping=chore.stopping.is_set
        )
        return chore

    def _look_for_news(self) -> None:
        self._news.wait(self._look_s)
        self._news.clear()
        seen = self.feed.catch_up()
        if seen > self._seen:
            self._seen = seen
            self.bell.ring()


def _public_rates(settings: CoreSettings) -> Rates:
    return Rates(per_s=settings.limits.public_per_s, burst=settings.limits.public_burst)


def _witnesses(settings: CoreSettings) -> list[WitnessEndpoint]:
    return [
        WitnessEndpoint(one.url, tuple(_cosigner(vkey) for vkey in one.vkeys))
        for one in settings.log.witnesses
    ]


def _cosigner(vkey: str) -> CosignatureVerifier:
    verifier = parse_verifier_key(vkey)
    if not isinstance(verifier, CosignatureVerifier):
        raise CoreSettingsError("not a key that makes cosignatures", place="log.witnesses.vkeys")
    return verifier
