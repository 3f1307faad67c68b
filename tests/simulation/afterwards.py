# SPDX-License-Identifier: Apache-2.0
"""What must hold of a ledger opened after its process was killed, asked through its interface."""

from collections import defaultdict
from hashlib import sha256
from pathlib import Path

from msgspec.structs import replace

from kerege.centralbank.leaves import LedgerLeaves
from kerege.ledger.account import Role
from kerege.ledger.outcome import Outcome
from kerege.ledger.stores.interface import Store
from kerege.translog.checkpoint import parse_checkpoint
from kerege.translog.files import DiskFiles
from kerege.translog.integrator import Integrator
from kerege.translog.integrator_record import SignedRecord
from kerege.translog.log_files import LogStore
from kerege.translog.note import Ed25519NoteVerifier, open_note
from tests.simulation.loaded import HOLDERS, ORIGIN, SALT_KEY, signer

__all__ = ["audit", "audit_log", "same"]


def same(one: Outcome, other: Outcome) -> bool:
    """The same outcome, whether told for the first time or again."""
    return replace(one, replayed=False) == replace(other, replayed=False)


def audit(store: Store) -> int:
    """Promises 1 to 4 from batches and balances; returns how many orders were accepted."""
    ids: set[bytes] = set()
    leaf = 0
    while batches := store.batches(first_leaf=leaf, limit=2_000):
        for batch in batches:
            assert batch.first_leaf == leaf, f"batch {batch.batch}: leaf {leaf} is missing"
            ids.update(order.id for order in batch.orders)
            leaf += len(batch.orders)
    assert len(ids) == leaf, f"{leaf} accepted orders have {len(ids)} ids"
    _audit_cells(store)
    return leaf


def _audit_cells(store: Store) -> None:
    sums: dict[int, list[int]] = defaultdict(lambda: [0, 0])
    for number in range(1, HOLDERS + 3):
        info = store.account(number)  # type: ignore[arg-type]
        assert info is not None, f"account {number} is gone"
        cells = store.cells_of(info.account.id)
        for mark, cell in cells.items():
            sums[mark][0] += cell.balance
            sums[mark][1] += cell.debits_pending - cell.credits_pending
            low = cell.available < 0 and info.account.role is not Role.ISSUER
            assert not low, f"account {number} is below zero in mark {mark}: {cell}"
            walked = list(store.history((info.account.id, mark), before_seq=None))
            assert len(walked) == cell.version, f"account {number}: history is not whole"
            assert sum(m.change for m in walked) == cell.balance, f"account {number}: {cell}"
        holding = sum(cell.holding for cell in cells.values())
        ceiling = info.account.ceiling
        assert ceiling is None or holding <= ceiling, f"account {number} is above its ceiling"
    assert not any(any(pair) for pair in sums.values()), f"debits equal credits: {dict(sums)}"


def audit_log(store: Store, folder: Path) -> int:
    """What was published is of the ledger's leaves; the integrator goes on from it. Returns
    how many checkpoints were looked at."""
    looked = 0
    for _ in range(2):
        size, root = _published(folder)
        leaves = LedgerLeaves(store, SALT_KEY).pending(0, size) if size else []
        assert len(leaves) == size, f"{size} leaves are published, {len(leaves)} are there"
        hashes = [sha256(b"\0" + leaf).digest() for leaf in leaves]
        assert not size or root == _root(hashes), f"the root of {size} leaves is another"
        looked += bool(size)
        _integrate_rest(store, folder)
    return looked


def _published(folder: Path) -> tuple[int, bytes]:
    data = LogStore(DiskFiles(folder / "log")).read_checkpoint()
    if data is None:
        return 0, b""
    key = signer()
    verifier = Ed25519NoteVerifier(ORIGIN, key.key_id, key.key.public_key)
    found = parse_checkpoint(open_note(data, [verifier]).text)
    return found.size, found.root


def _integrate_rest(store: Store, folder: Path) -> None:
    log, signed = DiskFiles(folder / "log"), DiskFiles(folder / "signed")
    integrator = Integrator(
        origin=ORIGIN,
        signers=[signer()],
        source=LedgerLeaves(store, SALT_KEY),
        log=LogStore(log),
        signed=SignedRecord(signed),
    )
    try:
        while integrator.run_once() is not None:
            pass
    finally:
        log.unlock()
        signed.unlock()


def _root(hashes: list[bytes]) -> bytes:
    """RFC 9162 section 2.1.1, from the leaves' hashes."""
    if len(hashes) == 1:
        return hashes[0]
    middle = 1 << ((len(hashes) - 1).bit_length() - 1)
    return sha256(b"\1" + _root(hashes[:middle]) + _root(hashes[middle:])).digest()
