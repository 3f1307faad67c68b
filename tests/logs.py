# SPDX-License-Identifier: Apache-2.0
"""A small log of our own for tests, and a tree computed the slow and obvious way."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from kerege.keys import Algorithm, NamedPublicKey, PrivateKey, SignatureType
from kerege.translog.files import Files
from kerege.translog.integrator import CosignCheckpoint, Integrator
from kerege.translog.integrator_record import SignedRecord
from kerege.translog.log_files import LogStore
from kerege.translog.memory_files import MemoryFiles
from kerege.translog.note import Ed25519NoteSigner
from kerege.translog.tree import EMPTY_ROOT, hash_children, hash_leaf
from kerege.translog.trust import PolicyAt, policy_of_keys

__all__ = [
    "NOW_S",
    "ORIGIN",
    "SIGNER",
    "TRUST",
    "VKEY",
    "ListSource",
    "entries",
    "grown_log",
    "integrator",
    "leaf_hashes",
    "naive_root",
]

ORIGIN = "log.example/kerege"
_KEY = PrivateKey(Algorithm.ED25519, bytes(range(32)))
SIGNER = Ed25519NoteSigner(ORIGIN, _KEY)
VKEY = NamedPublicKey(ORIGIN, SignatureType.ED25519, _KEY.public_key).to_vkey()
NOW_S = 1_800_000_000
TRUST = PolicyAt(policy_of_keys(VKEY), now_s=NOW_S)


@dataclass
class ListSource:
    """A `LeafSource` over a list; `released` of it are committed so far."""

    all: Sequence[bytes]
    released: int = -1
    asked: list[tuple[int, int]] = field(default_factory=list)

    def pending(self, after_index: int, limit: int) -> list[bytes]:
        self.asked.append((after_index, limit))
        end = len(self.all) if self.released < 0 else self.released
        return list(self.all[after_index : min(end, after_index + limit)])


def entries(count: int) -> list[bytes]:
    """`count` different 32-byte entries, as salted commitments are."""
    return [hash_leaf(number.to_bytes(8, "big")) for number in range(count)]


def leaf_hashes(logged: Iterable[bytes]) -> list[bytes]:
    return [hash_leaf(entry) for entry in logged]


def naive_root(hashes: Sequence[bytes]) -> bytes:
    """MTH of RFC 9162 section 2.1.1, word for word."""
    if len(hashes) < 2:
        return hashes[0] if hashes else EMPTY_ROOT
    split = 1 << ((len(hashes) - 1).bit_length() - 1)
    return hash_children(naive_root(hashes[:split]), naive_root(hashes[split:]))


def integrator(
    files: Files,
    state: Files,
    source: ListSource,
    *,
    flush_threads: int = 0,
    cosign: CosignCheckpoint | None = None,
    witnesses_wanted: int = 0,
) -> Integrator:
    return Integrator(
        origin=ORIGIN,
        signers=[SIGNER],
        source=source,
        log=LogStore(files, flush_threads=flush_threads),
        signed=SignedRecord(state),
        cosign=cosign,
        witnesses_wanted=witnesses_wanted,
    )


def grown_log(logged: Sequence[bytes], sizes: Iterable[int] = ()) -> MemoryFiles:
    """A log in memory with a checkpoint at each of `sizes` and at last over all of `logged`."""
    files, source = MemoryFiles(), ListSource(logged)
    writer = integrator(files, MemoryFiles(), source)
    for size in (*sizes, len(logged)):
        source.released = size
        while writer.run_once() is not None:
            pass
    return files
