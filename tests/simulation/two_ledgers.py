# SPDX-License-Identifier: Apache-2.0
"""A bank between two ledgers, and everything that can go wrong between them.

People fund wallets, pay, defund, let their deposit help, while the bank's process dies at any point
and the line to the core loses, delays and repeats. When all is quiet again: money is conserved over
both ledgers, everybody has what the core's accepted orders say and no more, nothing is left set
aside, what somebody was told is true, and limits count exactly what was paid.

`python -m tests.simulation.two_ledgers --seed N --steps N`
"""

import argparse
import os
import random
import shutil
import sys
import tempfile
import traceback
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import Any

from kerege.bank.answer import Answer, PaymentState
from kerege.bank.core_line import CoreUnreachable
from kerege.bank.delivery import FIRST_LOOK_US
from kerege.bank.finality import IN_FLIGHT_US
from kerege.bank.money_store import METADATA
from kerege.bank.own_wallet import defunding_details
from kerege.bank.terms import Terms
from kerege.bank.tiers import DAY_S, Limits
from kerege.errors import KeregeError
from kerege.keys import Algorithm, PrivateKey, format_jwk, parse_compact
from kerege.ledger import Status, StoreFailed, parse_order_id
from kerege.ledger.stores.sqlite import SqliteStore
from kerege.payments.documents import Pay, Rekey, TopUp, decode_document
from tests.simulation.broken_bank import (
    Crashed,
    Fate,
    FragileLedger,
    FragileTables,
    LateLetters,
    OneByOne,
    ShakyLine,
)
from tests.two_tiers import ASSET, Books, Branch, Country, Signer

__all__ = ["TwoLedgers", "Violation", "simulate"]

BANK = "altyn-bank"
ISSUED = 3_000_000
DEPOSIT = 200_000
DAY_CAP = 90_000
SECOND_US = 1_000_000


class Violation(AssertionError):
    """A promise does not hold."""


def must(holds: bool, what: str) -> None:
    """Raise `Violation` unless it holds."""
    if not holds:
        raise Violation(what)


class TwoLedgers:
    """One world with one seed."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)
        memory = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: PTH112
        self.root = Path(tempfile.mkdtemp(prefix="kerege-two-", dir=memory))
        self.country = Country(self.root / "core", seed=seed)
        self.counts: Counter[str] = Counter()
        self.is_suspended = False
        self.letters = LateLetters(self.country.core)
        self.bank = self.country.bank(BANK, issued=ISSUED)
        self.shop = self.country.bank("other-bank")
        self.books = Books()
        self.told: dict[str, set[PaymentState]] = {}
        self.texts: list[tuple[Signer, bytes]] = []
        self.fundings: list[tuple[Signer, int, str]] = []
        self.people: list[Signer] = []
        self.branch: Branch | None = None
        self._start(quiet=True)
        for number in range(5):
            self._enrol(number)
        self.fate.quiet = False

    def _enrol(self, number: int) -> None:
        opening: dict[str, Any] = {"tier": "phone" if number % 2 else "full"}
        opening["overflow"] = number % 2 == 1
        limits = Limits(payment=70_000, day=DAY_CAP) if number != 4 else Limits()
        assert self.branch is not None
        self.people.append(
            self.branch.customer(
                f"customer-{number}",
                deposit=DEPOSIT,
                opening=opening,
                tier={ASSET: limits},
                top_up=number in (1, 2, 4),
            )
        )

    # -- the bank's process --

    def _start(self, *, quiet: bool = False) -> None:
        self.fate = Fate(self.rng, self.counts)
        self.fate.quiet = quiet
        line = ShakyLine(
            self.country.core, BANK, self.fate, self.letters, now_us=self.country.clock.now_us
        )
        folder = self.root / "bank"
        folder.mkdir(exist_ok=True)
        ledger = FragileLedger(SqliteStore(folder / "deposits.db"), self.country.clock.now_us)
        ledger.fate = self.fate
        tables = FragileTables(f"sqlite:///{folder / 'bank.db'}", METADATA, name="money", version=1)
        tables.fate = self.fate
        self._open = (ledger, tables)
        self.branch = None
        self.branch = Branch(
            self.country,
            self.bank,
            folder,
            line=line,
            books=self.books,
            ledger=ledger,
            tables=tables,
            gather=OneByOne,
            threads=OneByOne(),
        )

    def _stop(self) -> None:
        self.fate.quiet = True
        if self.branch is not None:
            self.branch.desk.close()
        for each in reversed(self._open):
            each.close()
        self.branch = None

    def _boot(self) -> bool:
        """Start the process if it is dead, and recover; it may die in that."""
        if self.branch is not None and not self.fate.is_dead:
            return True
        self.counts["starts"] += 1
        self._stop()
        try:
            self._start()
            assert self.branch is not None
            self.branch.desk.recover()
        except (Crashed, CoreUnreachable, StoreFailed):
            return False
        return True

    # -- steps --

    def step(self) -> None:
        """Something happens."""
        self.counts["steps"] += 1
        self._pass_time()
        if self.rng.random() < 0.4:
            self._suspend(suspended=False)
        if not self._boot():
            return
        acts = (
            (0.30, self._pay),
            (0.10, self._pay_many),
            (0.20, self._fund),
            (0.10, self._defund),
            (0.08, self._repeat),
            (0.10, self._read),
            (0.07, self._tend),
            (0.02, self._rekey),
            (0.015, self._suspend),
            (0.015, self._freeze),
        )
        (act,) = self.rng.choices([a for _, a in acts], [weight for weight, _ in acts])
        try:
            act()
        except (Crashed, CoreUnreachable, StoreFailed) as trouble:
            self.counts[f"told {type(trouble).__name__}"] += 1

    def _pass_time(self) -> None:
        jump = self.rng.choices((0, 2, 30, 400, DAY_S // 2), (0.3, 0.5, 0.15, 0.04, 0.01))[0]
        self._advance(self.rng.randint(0, jump * SECOND_US) if jump else 0)

    def _advance(self, span_us: int) -> None:
        """Move the clock, letting late letters arrive on the way."""
        clock = self.country.clock
        until_us = clock.now_us() + span_us
        for due_us in sorted({letter[0] for letter in self.letters.waiting}):
            if due_us <= until_us:
                clock.advance_us(max(due_us - clock.now_us(), 0))
                self.letters.deliver(clock.now_us())
        clock.advance_us(until_us - clock.now_us())

    @property
    def _here(self) -> Branch:
        must(self.branch is not None, "the bank is not running")
        assert self.branch is not None
        return self.branch

    def _hear(self, answer: Answer) -> None:
        if answer.verdict.order:
            self.told.setdefault(answer.verdict.order, set()).add(answer.state)
        self.counts[answer.verdict.code] += 1

    def _amount(self) -> int:
        return self.rng.choice((1, 500, 9_000, 40_000, 75_000, 120_000))

    def _payment(self) -> tuple[Signer, bytes]:
        payer = self.rng.choice(self.people)
        payee = self.rng.choice([*self.people, self.shop])
        if payee is payer:
            payee = self.shop
        until_us = self.country.clock.now_us() + self.rng.choice((5, 60, 3_600)) * SECOND_US
        text = payer.pay(payee.wallet, self._amount(), until_us=until_us)
        self.texts.append((payer, text))
        return payer, text

    def _pay(self) -> None:
        payer, text = self._payment()
        self._hear(self._here.submit(payer, text))

    def _pay_many(self) -> None:
        jobs = [self._payment() for _ in range(self.rng.randint(2, 6))]
        outgoing = self._here.desk.outgoing
        futures = outgoing.submit_all(
            [(text, self.books.by_wallet[payer.wallet].customer) for payer, text in jobs]
        )
        failures = [future.exception(10) for future in futures]
        for future, failure in zip(futures, failures, strict=True):
            if failure is None:
                self._hear(future.result())
        for failure in failures:
            if failure is not None:
                raise failure

    def _fund(self) -> None:
        signer, amount = self.rng.choice(self.people), self._amount()
        key = f"key-{len(self.fundings)}"
        self.fundings.append((signer, amount, key))
        self._hear(self._here.fund(signer, amount, key=key))

    def _defund(self) -> None:
        signer = self.rng.choice(self.people)
        details = defunding_details(signer.wallet)
        text = signer.pay(self.bank.wallet, self._amount(), details=details)
        self.texts.append((signer, text))
        self._hear(self._here.submit(signer, text))

    def _repeat(self) -> None:
        if self.fundings and self.rng.random() < 0.4:
            signer, amount, key = self.rng.choice(self.fundings[-8:])
            self._hear(self._here.fund(signer, amount, key=key))
        elif self.texts:
            signer, text = self.rng.choice(self.texts[-8:])
            self._hear(self._here.submit(signer, text))

    def _read(self) -> None:
        """Read events; sometimes what was read before comes once more, in another order."""
        incoming = self._here.desk.incoming
        before = incoming.cursor
        incoming.read(limit=self.rng.choice((1, 3, 50)))
        if self.rng.random() < 0.3:
            after = max(before - self.rng.randint(0, 10), -1)
            page = self.country.line(BANK).events(after, limit=20)
            mixed = self.rng.sample(page.events, len(page.events))
            self.counts["events once more"] += len(mixed)
            incoming.take(type(page)(tuple(mixed), page.next), before=after)

    def _tend(self) -> None:
        self._here.desk.tend()

    def _rekey(self) -> None:
        """Somebody takes a new key; what the old one signed is refused at the door from now on."""
        signer = self.rng.choice(self.people)
        key = PrivateKey.generate(Algorithm.ED25519, randomness=self.country.randomness.draw)
        document = Rekey(
            id=self.country.order_id(),
            wallet=signer.wallet,
            until_us=self.country.clock.now_us() + 3_600 * SECOND_US,
            key=format_jwk(key.public_key).decode(),
        )
        if self.country.send(signer, signer.sign(document)).accepted:
            self.counts["keys replaced"] += 1
            signer.key = key

    def _suspend(self, *, suspended: bool = True) -> None:
        if suspended != self.is_suspended:
            self.is_suspended = suspended
            self.country.core.suspend(BANK, suspended=suspended)

    def _freeze(self) -> None:
        order = parse_order_id(self.country.order_id())
        number = self.rng.randrange(len(self.people))
        status = self.rng.choice((Status.OPEN, Status.DEBITS_FROZEN, Status.CREDITS_FROZEN))
        self._here.desk.deposits.set_status(order, f"customer-{number}", ASSET, status)

    # -- the end --

    def finish(self) -> None:
        """All troubles end; then everything must add up."""
        self._suspend(suspended=False)
        while not self._boot():
            self.fate.quiet = True
        self.fate.quiet = True
        for _ in range(3):
            self._advance(IN_FLIGHT_US + FIRST_LOOK_US)
            self._here.desk.recover()
        self._advance(3_600 * SECOND_US)
        self._here.desk.recover()
        self._here.read_events()
        self._audit()

    def _audit(self) -> None:
        branch = self._here
        desk = branch.desk
        must(desk.delivery.tend(None) == 0, "an order is left open")
        deposits = [branch.deposit(f"customer-{n}") for n in range(len(self.people))]
        must(all(d.held == 0 for d in deposits), "money is left set aside")
        wallets = sum(self.country.balance(signer) for signer in self.people)
        own, other = self.country.balance(self.bank), self.country.balance(self.shop)
        must(wallets + own + other == ISSUED, "money was made or lost at the core")
        must(branch.position() + own == ISSUED, "position and digital money went apart")
        suspense = desk.deposits.balance_of(desk.deposits.suspense(ASSET))
        paid_in = DEPOSIT * len(self.people)
        owed = sum(d.balance for d in deposits) + suspense + branch.position()
        must(owed == paid_in, f"the bank owes {owed}, was given {paid_in}")
        self._audit_people(deposits_with_suspense=suspense)
        self._audit_told()

    def _accepted(self) -> list[tuple[int, Pay, bool]]:
        """Every payment the core accepted: when, what, and whether it was a funding."""
        found = []
        for at_us, text in self.country.core.accepted():
            if text.count(b".") == 2:
                document = decode_document(parse_compact(text).payload)
                if isinstance(document, TopUp):
                    self.counts["topped up"] += 1
                    document = decode_document(parse_compact(document.pay.encode()).payload)
                if isinstance(document, Pay):
                    found.append((at_us, document, document.wallet == self.bank.wallet))
        return found

    def _audit_people(self, *, deposits_with_suspense: int) -> None:
        """Everybody has what the accepted orders say; what waits in suspense is somebody's."""
        wealth = dict.fromkeys((signer.wallet for signer in self.people), DEPOSIT)
        spent: Counter[str] = Counter()
        now_us = self.country.clock.now_us()
        for at_us, pay, is_funding in self._accepted():
            leg = pay.legs[0]
            if is_funding or leg.to == self.bank.wallet:
                continue
            wealth[pay.wallet] -= leg.amount
            if at_us > now_us - DAY_S * SECOND_US:
                spent[pay.wallet] += leg.amount
            if leg.to in wealth:
                wealth[leg.to] += leg.amount
        missing = 0
        for number, signer in enumerate(self.people):
            has = self._here.deposit(f"customer-{number}").balance + self.country.balance(signer)
            missing += wealth[signer.wallet] - has
            must(has <= wealth[signer.wallet], f"customer {number} has too much")
            self._audit_limit(signer, f"customer-{number}", spent[signer.wallet])
        must(missing == deposits_with_suspense, "somebody has less than the orders say")

    def _audit_limit(self, signer: Signer, customer: str, spent: int) -> None:
        terms: Terms = self.books.by_wallet[signer.wallet]
        if terms.tier[ASSET].day is None:
            return
        self._here.ledger.expire()
        used = self._here.desk.limits.used_of(customer, ASSET).get("day", 0)
        must(used == spent, f"{customer}: the limit counts {used}, spent were {spent}")
        must(used <= DAY_CAP, f"{customer} spent more than a day's limit")

    def _audit_told(self) -> None:
        accepted = {pay.id for _, pay, _ in self._accepted()}
        for order, states in self.told.items():
            if PaymentState.ACCEPTED in states:
                must(order in accepted, f"{order} was called accepted")
                must(PaymentState.REFUSED not in states, f"{order} was called both")
            elif PaymentState.REFUSED in states:
                must(order not in accepted, f"{order} was called refused")
        self.counts["accepted orders"] = len(accepted)

    def close(self) -> None:
        """Leave nothing behind."""
        with suppress(Crashed, KeregeError):
            self._stop()
        self.country.close()
        shutil.rmtree(self.root, ignore_errors=True)


def simulate(seed: int, steps: int) -> int:
    """Run one seed; print one closing line; 1 if a promise was broken."""
    world = TwoLedgers(seed)
    ending = "no violations"
    try:
        for _ in range(steps):
            world.step()
        world.finish()
    except Exception as failure:  # whatever it is, the seed must be told
        traceback.print_exc()
        ending = f"VIOLATION {type(failure).__name__}: {failure}"
    finally:
        world.close()
    figures = " · ".join(f"{count} {name}" for name, count in sorted(world.counts.items()))
    print(f"seed {seed}: {ending} · {figures}")
    return int(ending != "no violations")


def main() -> int:
    """Simulate one seed or a row of them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seeds", type=int, default=1, help="how many, from --seed on")
    parser.add_argument("--steps", type=int, default=300)
    asked = parser.parse_args()
    runs = range(asked.seed, asked.seed + asked.seeds)
    return int(sum(simulate(seed, asked.steps) for seed in runs) > 0)


if __name__ == "__main__":
    sys.exit(main())
