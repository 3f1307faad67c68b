# SPDX-License-Identifier: Apache-2.0
"""The process that `kill` kills: threads post orders, every outcome is reported when it is known.

What each thread sends follows from the seed alone, so that who opens the ledger afterwards can
send the same again.
"""

import os
import random
import sys
import threading
from collections.abc import Iterator
from functools import cache
from itertools import count
from pathlib import Path
from typing import Final

from kerege.centralbank.leaves import LedgerLeaves
from kerege.keys import Algorithm, PrivateKey
from kerege.ledger.account import Role
from kerege.ledger.gathering import Gatherer
from kerege.ledger.ids import AccountId, Mark, OrderId
from kerege.ledger.ledger import Ledger
from kerege.ledger.order import DeclareAsset, Kind, OpenAccount, Order, PendingRef, Step, Transfer
from kerege.ledger.outcome import Outcome
from kerege.ledger.refusal import Refusal
from kerege.ledger.stores.interface import Store
from kerege.ledger.stores.opening import open_store as open_url
from kerege.ledger.stores.sqlite import SqliteStore
from kerege.runtime.clock import SystemClock
from kerege.translog.files import DiskFiles
from kerege.translog.integrator import Integrator
from kerege.translog.integrator_record import SignedRecord
from kerege.translog.log_files import LogStore
from kerege.translog.note import Ed25519NoteSigner

__all__ = ["ORIGIN", "SALT_KEY", "THREADS", "founding", "load_of", "open_store", "read_report"]

THREADS: Final = 4
HOLDERS: Final = 24
ORIGIN: Final = "log.example/kill"
SALT_KEY: Final = b"s" * 32


def founding() -> Order:
    """An asset, its issuer, a collector, and people some of whom have a ceiling."""
    people = [
        OpenAccount("KZT", Role.HOLDER, f"w{n}", ceiling=None if n % 3 else 5_000)
        for n in range(HOLDERS)
    ]
    steps: tuple[Step, ...] = (
        DeclareAsset("KZT", 2),
        OpenAccount("KZT", Role.ISSUER, "centralbank", floor=None),
        OpenAccount("KZT", Role.COLLECTOR, "tax"),
        *people,
    )
    return Order(OrderId(b"founding" + bytes(7) + b"\x01"), steps)


def load_of(seed: int, thread: int, batches: int | None = None) -> Iterator[list[Order]]:
    """What a thread sends, batch by batch."""
    rng = random.Random(seed * 1_000 + thread)
    for number in count() if batches is None else range(batches):
        made = [_order(rng, thread, number, n) for n in range(rng.choice((1, 1, 2, 10, 60)))]
        yield made + [rng.choice(made) for _ in range(rng.choice((0, 0, 1)))]


def _order(rng: random.Random, thread: int, number: int, n: int) -> Order:
    order_id = OrderId(
        b"\x01\x90" + number.to_bytes(6, "big") + bytes((thread, n)) + rng.randbytes(6)
    )
    steps: list[Step] = [_transfer(rng) for _ in range(rng.choice((1, 1, 1, 1, 3)))]
    if rng.random() < 0.15:
        held = _transfer(rng, kind=Kind.PENDING, timeout_s=rng.choice((1, 60)))
        taken = Transfer(
            held.debit,
            held.credit,
            rng.randint(1, held.amount),
            held.mark,
            Kind.CAPTURE_PART,
            pending=PendingRef(order_id, 0),
        )
        steps = [held, taken] if rng.random() < 0.5 else [held]
    return Order(order_id, tuple(steps), evidence=rng.choice((b"", b"", b"signed")))


def _transfer(rng: random.Random, kind: Kind = Kind.POST, timeout_s: int = 0) -> Transfer:
    debit = 1 if rng.random() < 0.4 else rng.randint(1, HOLDERS + 2)
    credit = rng.choice([a for a in range(1, HOLDERS + 3) if a != debit])
    mark = Mark(rng.choice((0, 0, 0, 7)))
    amount = rng.randint(1, 900)
    return Transfer(AccountId(debit), AccountId(credit), amount, mark, kind, timeout_s=timeout_s)


def open_store(folder: Path, url: str) -> Store:
    """The SQLite file in the folder, or the PostgreSQL database of the URL."""
    return open_url(url) if url else SqliteStore(folder / "ledger")


@cache
def signer() -> Ed25519NoteSigner:
    """The log's key, for all to know."""
    return Ed25519NoteSigner(ORIGIN, PrivateKey(Algorithm.ED25519, b"\x07" * 32))


# -- reports: a line for each batch begun and for each outcome, written at once --


def _report(lines: list[str]) -> None:
    # One write to a pipe of at most PIPE_BUF bytes is not torn by others.
    for line in lines:
        os.write(1, f"{line}\n".encode())


def line_of(outcome: Outcome) -> str:
    """One outcome, on one line."""
    results = ",".join(map(str, outcome.results))
    refusal = outcome.refusal or 0
    figures = (outcome.step, outcome.found, outcome.limit)
    head = f"o {outcome.order_id.hex()} {int(refusal)} {outcome.number} {outcome.at_us}"
    return f"{head} {results or '-'} {' '.join(map(str, figures))}"


def read_report(data: bytes) -> tuple[dict[bytes, Outcome], list[int]]:
    """Outcomes told, by order id, and how many batches each thread had begun."""
    outcomes: dict[bytes, Outcome] = {}
    begun = [0] * THREADS
    # The last line may have been cut short by the end.
    for line in data.decode().split("\n")[:-1]:
        kind, *fields = line.split(" ")
        if kind == "b":
            begun[int(fields[0])] = int(fields[1]) + 1
            continue
        order_id = OrderId(bytes.fromhex(fields[0]))
        refusal, number, at_us = (int(field) for field in fields[1:4])
        results = () if fields[4] == "-" else tuple(int(r) for r in fields[4].split(","))
        step, found, limit = (int(field) for field in fields[5:])
        outcomes.setdefault(
            order_id,
            Outcome(
                order_id,
                Refusal(refusal) if refusal else None,
                number,
                at_us,
                results,
                step,
                found,
                limit,
            ),
        )
    return outcomes, begun


def _submit(gatherer: Gatherer, seed: int, thread: int) -> None:
    for number, batch in enumerate(load_of(seed, thread)):
        _report([f"b {thread} {number}"])
        outcomes = [future.result() for future in [gatherer.submit(order) for order in batch]]
        _report([line_of(outcome) for outcome in outcomes])


def _post_whole(ledger: Ledger, seed: int, thread: int) -> None:
    for number, batch in enumerate(load_of(seed, thread)):
        _report([f"b {thread} {number}"])
        _report([line_of(outcome) for outcome in ledger.post(batch)])


def _integrate(store: Store, folder: Path) -> None:
    integrator = Integrator(
        origin=ORIGIN,
        signers=[signer()],
        source=LedgerLeaves(store, SALT_KEY),
        log=LogStore(DiskFiles(folder / "log")),
        signed=SignedRecord(DiskFiles(folder / "signed")),
    )
    integrator.run(threading.Event())


def main() -> None:
    folder, seed, url = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    store = open_store(folder, url)
    ledger = Ledger(store, SystemClock().now_us)
    ledger.post([founding()])
    gatherer = Gatherer(ledger)
    _report(["ready"])
    threading.Thread(target=_integrate, args=(store, folder), daemon=True).start()
    for thread in range(THREADS):
        work = (
            (_submit, (gatherer, seed, thread))
            if thread % 2
            else (_post_whole, (ledger, seed, thread))
        )
        threading.Thread(target=work[0], args=work[1], daemon=True).start()
    threading.Event().wait()


if __name__ == "__main__":
    main()
