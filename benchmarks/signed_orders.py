# SPDX-License-Identifier: Apache-2.0
"""A core with everything on, in one process, and wallets whose orders it accepts."""

import asyncio
import gc
import random
import statistics
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from benchmarks.own_log import OwnLog
from kerege.centralbank import LedgerLeaves
from kerege.centralbank.acceptance import Acceptance
from kerege.centralbank.register import Register, found_country
from kerege.centralbank.register_participants import Licence, Participant, Role
from kerege.centralbank.stores import participants
from kerege.centralbank.stores.changes import Change, note_changes
from kerege.keys import Algorithm, PrivateKey, format_jwk, key_thumbprint, sign_compact
from kerege.ledger import AccountId, Ledger, Order, OrderId, Transfer, format_order_id
from kerege.ledger.stores.opening import open_store
from kerege.payments import (
    ORDER_TYP,
    Document,
    Leg,
    Open,
    ParticipantId,
    Pay,
    Verdict,
    encode_document,
)
from kerege.runtime import IdMaker, SystemClock, SystemRandomness
from tests.registers import PARAMETERS, key_of, kid_of

__all__ = ["WALLETS", "SignedOrders", "signed_orders"]

WALLETS = 5_000
"""People with a key each; uniformly random pairs of them pay each other."""

_BANK = ParticipantId("altyn-bank")
_MONEY = 1_000_000
_SALT_KEY = bytes(32)
_LIFE_US = 3_600_000_000
_OPENED_AT_ONCE = 100


class Refused(Exception):
    """An order that had to be accepted was not."""


class SignedOrders:
    """The core, and orders signed beforehand."""

    def __init__(
        self, ledger: Ledger, register: Register, acceptance: Acceptance, seed: int
    ) -> None:
        self._ledger, self.register, self._acceptance = ledger, register, acceptance
        self.clock = SystemClock()
        self._ids = IdMaker(self.clock, SystemRandomness())
        self._chance = random.Random(seed)
        self._firms = 0
        self.wallets: list[tuple[str, PrivateKey, str]] = []

    def open_wallets(self, count: int) -> None:
        """Open wallets, and give each money from the issuer. `wallets`: id, key, thumbprint."""
        for start in range(0, count, _OPENED_AT_ONCE):
            size = min(_OPENED_AT_ONCE, count - start)
            made = [self._opening(start + n) for n in range(size)]
            changes = [(document, self.sign(document, key)) for document, key in made]
            for verdict in self.register.change_wallets(changes, _BANK):
                _must(verdict)
            self._give([document.wallet for document, _ in made])
            self.wallets += [
                (document.wallet, key, key_thumbprint(key.public_key)) for document, key in made
            ]

    def _opening(self, number: int) -> tuple[Open, PrivateKey]:
        key = PrivateKey.generate(Algorithm.ED25519)
        document = Open(
            id=format_order_id(OrderId(self._ids.make())),
            wallet=f"wal_{number + 10**6:032x}",
            until_us=self.clock.now_us() + _LIFE_US,
            bank=_BANK,
            key=format_jwk(key.public_key).decode(),
            assets=("KZT",),
            owner_kind="person",
            tier="full",
        )
        return document, key

    def _give(self, wallets: Sequence[str]) -> None:
        register = self.register
        issuer = AccountId(register.accounts().issuers["KZT"])
        facts = [register.wallet(wallet) for wallet in wallets]
        steps = tuple(Transfer(issuer, one.accounts["KZT"], _MONEY) for one in facts if one)
        outcome = self._ledger.post([Order(OrderId(self._ids.make()), steps)])[0]
        if not outcome.accepted:
            raise Refused(outcome.refusal)

    def open_firm(self) -> tuple[str, PrivateKey, str]:
        """A firm's wallet, without a ceiling, with money for many."""
        document, key = self._opening(10**6 + self._firms)
        self._firms += 1
        document = replace(document, owner_kind="firm", tier="shop")
        (verdict,) = self.register.change_wallets([(document, self.sign(document, key))], _BANK)
        _must(verdict)
        self._give([document.wallet] * _OPENED_AT_ONCE)
        return document.wallet, key, key_thumbprint(key.public_key)

    def frame(self, wallet: str) -> dict[str, Any]:
        """What every order has."""
        until_us = self.clock.now_us() + _LIFE_US
        order_id = format_order_id(OrderId(self._ids.make()))
        return {"id": order_id, "wallet": wallet, "until_us": until_us}

    def must(self, text: bytes) -> None:
        """Submit one order that has to be accepted."""
        _must(self._acceptance.submit(_BANK, text).result())

    def sign(self, document: Document, key: PrivateKey, kid: str = "") -> bytes:
        kid = kid or key_thumbprint(key.public_key)
        return sign_compact(encode_document(document), key, kid=kid, typ=ORDER_TYP)

    def payments(self, count: int) -> list[bytes]:
        """Signed payments of random pairs."""
        until_us = self.clock.now_us() + _LIFE_US
        texts = []
        for _ in range(count):
            (payer, key, kid), (payee, *_rest) = self._chance.sample(self.wallets, 2)
            document = Pay(
                id=format_order_id(OrderId(self._ids.make())),
                wallet=payer,
                until_us=until_us,
                asset="KZT",
                legs=(Leg(to=payee, amount=1),),
            )
            texts.append(self.sign(document, key, kid))
        return texts

    def run(self, texts: Sequence[bytes], submitters: int) -> tuple[float, float, float]:
        """Submit all; each submitter sends its next order when it has the last one's verdict.

        Returns orders a second, and the waits' p50 and p99 in milliseconds.
        """
        waits: list[float] = []

        async def submit(mine: Sequence[bytes]) -> None:
            for text in mine:
                start = time.perf_counter()
                _must(await self._acceptance.submit_here(_BANK, text))
                waits.append(time.perf_counter() - start)

        async def submit_all() -> None:
            await asyncio.gather(*(submit(texts[n::submitters]) for n in range(submitters)))

        gc.collect()
        start = time.perf_counter()
        asyncio.run(submit_all())
        seconds = time.perf_counter() - start
        quantiles = statistics.quantiles(waits, n=100)
        return len(texts) / seconds, quantiles[49] * 1_000, quantiles[98] * 1_000


def _must(verdict: Verdict) -> None:
    if not verdict.accepted:
        raise Refused(verdict)


def _found(register: Register) -> None:
    staff = {ParticipantId(name): key_of(name).public_key for name in ("staff-aru", "staff-bek")}
    found_country(register, PARAMETERS, staff=staff, operator_key=key_of("operator").public_key)
    bank = Participant(
        id=_BANK,
        roles=frozenset({Role.INTERMEDIARY}),
        keys={kid_of(key_of(_BANK)): key_of(_BANK).public_key},
        licence=Licence(),
    )
    with register._tables.begin() as connection:
        participants.insert_participant(connection, bank)
        note_changes(connection, [Change("participant", _BANK)])
    register._facts.look()


@contextmanager
def signed_orders(
    folder: Path, seed: int, *, ledger_url: str = "", workers: int = 2
) -> Iterator[SignedOrders]:
    """A founded country with its log being written, ready for payments."""
    with ExitStack() as stack:
        clock = SystemClock()
        store = open_store(ledger_url or f"sqlite:///{folder}/ledger.db")
        ledger = Ledger(store, clock.now_us)
        stack.callback(ledger.close)
        register = Register(ledger_url or f"sqlite:///{folder}/register.db", ledger, clock)
        stack.callback(register.close)
        _found(register)
        acceptance = stack.enter_context(Acceptance(ledger, register, clock, workers=workers))
        orders = SignedOrders(ledger, register, acceptance, seed)
        orders.open_wallets(WALLETS)
        log = OwnLog(folder, LedgerLeaves(store, _SALT_KEY))
        stop = threading.Event()
        thread = threading.Thread(target=log.integrator.run, args=[stop], name="integrator")
        thread.start()
        stack.callback(thread.join)
        stack.callback(stop.set)
        yield orders
