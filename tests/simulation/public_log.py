# SPDX-License-Identifier: Apache-2.0
"""The ledger's public log beside it, on a second disk of the same machine.

What anyone ever saw published is remembered, and every later log must continue it. Roots are
recomputed from the ledger's leaves by RFC 9162's own definition.
"""

import random
from collections.abc import Iterable, Iterator
from hashlib import sha256

from kerege.centralbank.leaves import LedgerLeaves
from kerege.keys import Algorithm, PrivateKey
from kerege.ledger.encoding import encode_order, encode_record
from kerege.ledger.order import Order
from kerege.ledger.stores.interface import Store
from kerege.runtime.randomness import SeededRandomness
from kerege.translog.checkpoint import parse_checkpoint
from kerege.translog.integrator import Integrator
from kerege.translog.integrator_record import SignedRecord
from kerege.translog.leaf import commit_record, salt_for
from kerege.translog.log_files import LogStore
from kerege.translog.memory_files import CrashError, MemoryFiles
from kerege.translog.note import Ed25519NoteSigner, Ed25519NoteVerifier, open_note
from tests.simulation.chronicle import Turn, must

__all__ = ["PublicLog"]

ORIGIN = "log.example/ledger"
SALT_KEY = b"known to the simulation".ljust(32, b".")


class PublicLog:
    """An integrator that is started again after each crash."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._signer = Ed25519NoteSigner(ORIGIN, PrivateKey(Algorithm.ED25519, b"\x07" * 32))
        self._files, self._signed = MemoryFiles(), MemoryFiles()
        self._integrator: Integrator | None = None
        self._hashes: list[bytes] = []
        self._known: dict[tuple[int, int], bytes] = {}
        self.seen: list[tuple[int, bytes]] = []
        self.store: Store | None = None

    def integrate(self, store: Store, *, crash_at: int = 0) -> bool:
        """Publish what is new; whether the machine stopped on the way."""
        if self.store is not store or self._integrator is None:
            self.store = store
            self._integrator = Integrator(
                origin=ORIGIN,
                signers=[self._signer],
                source=LedgerLeaves(store, SALT_KEY),
                log=LogStore(self._files, flush_threads=0),
                signed=SignedRecord(self._signed),
            )
        disk = self._rng.choice((self._files, self._files, self._signed))
        disk.fail_at = disk.operations + crash_at if crash_at else 0
        disk.persist_failure = self._rng.random() < 0.5
        try:
            self._integrator.run_once()
        except CrashError:
            self._look(store)
            return True
        disk.fail_at = 0
        self._look(store)
        return False

    def crash(self) -> None:
        """The machine stops: the files are what survives."""
        chance = SeededRandomness(self._rng.getrandbits(32))
        self._files = self._files.after_crash(chance)
        self._signed = self._signed.after_crash(chance)
        self._integrator = None

    def _look(self, store: Store) -> None:
        """What is published now is signed, of the ledger's leaves, and never less than before."""
        data = LogStore(self._files).read_checkpoint()
        if data is None:
            return
        verifier = Ed25519NoteVerifier(ORIGIN, self._signer.key_id, self._signer.key.public_key)
        found = parse_checkpoint(open_note(data, [verifier]).text)
        self._read_leaves(store, found.size)
        must(len(self._hashes) >= found.size, f"{found.size} leaves published, fewer accepted")
        if self.seen and (found.size, found.root) == self.seen[-1]:
            return
        must(found.root == self._root(0, found.size), f"root of {found.size} leaves")
        must(not self.seen or found.size >= self.seen[-1][0], "the log only grows")
        self.seen.append((found.size, found.root))

    def check_history(self, turns: Iterable[Turn]) -> None:
        """All ever seen is a beginning of what the ledger accepted, in its order."""
        self._hashes, self._known = [_leaf(*accepted) for accepted in _accepted(turns)], {}
        for size, root in self.seen:
            must(len(self._hashes) >= size, f"leaf {len(self._hashes)} was seen and is gone")
            must(self._root(0, size) == root, f"history of {size} leaves is another now")

    def _read_leaves(self, store: Store, size: int) -> None:
        source = LedgerLeaves(store, SALT_KEY)
        while len(self._hashes) < size and (more := source.pending(len(self._hashes), 500)):
            self._hashes += [sha256(b"\0" + entry).digest() for entry in more]

    def _root(self, start: int, end: int) -> bytes:
        """RFC 9162 section 2.1.1, MTH(D[start:end]); full subtrees are remembered."""
        if start == end:
            return sha256(b"").digest()
        if end - start == 1:
            return self._hashes[start]
        if (start, end) not in self._known:
            middle = start + (1 << ((end - start - 1).bit_length() - 1))
            left, right = self._root(start, middle), self._root(middle, end)
            self._known[start, end] = sha256(b"\1" + left + right).digest()
        return self._known[start, end]


def _accepted(turns: Iterable[Turn]) -> Iterator[tuple[Order, int, tuple[int, ...]]]:
    known: set[bytes] = set()
    for turn in turns:
        for order, (refusal, results) in zip(turn.orders, turn.answers, strict=True):
            if refusal is None and order.id not in known:
                known.add(order.id)
                yield order, turn.at_us, results


def _leaf(order: Order, at_us: int, results: tuple[int, ...]) -> bytes:
    record = encode_record(encode_order(order), at_us, results)
    return sha256(b"\0" + commit_record(record, salt=salt_for(SALT_KEY, order.id))).digest()
