# SPDX-License-Identifier: Apache-2.0
"""A small log for tests: RFC 9162's recursive definitions, written down as they stand there."""

from functools import cache
from hashlib import sha256

from kerege.keys import Algorithm, PrivateKey
from kerege.translog.checkpoint import Checkpoint, format_checkpoint
from kerege.translog.note import (
    Ed25519NoteSigner,
    Ed25519NoteVerifier,
    NoteVerifier,
    format_note,
    sign_note,
)
from kerege.translog.witness.request import format_request

__all__ = ["ModelLog", "verifier_of"]


def verifier_of(signer: Ed25519NoteSigner) -> NoteVerifier:
    return Ed25519NoteVerifier(signer.name, signer.key_id, signer.key.public_key)


class ModelLog:
    """A log whose leaf i is `branch` and i; from `fork_at` on, so that branches share a start."""

    def __init__(
        self, origin: str = "log.example/1", *, branch: str = "", fork_at: int = 0, seed: int = 7
    ) -> None:
        self.origin = origin
        self.signer = Ed25519NoteSigner(origin, PrivateKey(Algorithm.ED25519, bytes([seed]) * 32))
        self._branch, self._fork_at = branch, fork_at
        self._hash = cache(self._compute_hash)

    def _compute_hash(self, start: int, end: int) -> bytes:
        """Section 2.1.1, MTH(D[start:end])."""
        if start == end:
            return sha256(b"").digest()
        if end - start == 1:
            branch = self._branch if start >= self._fork_at else ""
            return sha256(b"\x00" + f"{branch}{start}".encode()).digest()
        middle = start + _split(end - start)
        return sha256(b"\x01" + self._hash(start, middle) + self._hash(middle, end)).digest()

    def root(self, size: int) -> bytes:
        return self._hash(0, size)

    def prove(self, old_size: int, size: int) -> tuple[bytes, ...]:
        """Section 2.1.4.1, PROOF(old_size, D[size]); nothing from an empty tree."""
        return self._subproof(old_size, 0, size, True) if old_size else ()

    def _subproof(self, old: int, start: int, end: int, known: bool) -> tuple[bytes, ...]:
        if old == end - start:
            return () if known else (self._hash(start, end),)
        middle = start + _split(end - start)
        if old <= middle - start:
            return (*self._subproof(old, start, middle, known), self._hash(middle, end))
        left = self._hash(start, middle)
        return (*self._subproof(old - (middle - start), middle, end, False), left)

    def checkpoint(self, size: int, *, extensions: tuple[str, ...] = ()) -> bytes:
        text = format_checkpoint(Checkpoint(self.origin, size, self.root(size), extensions))
        return format_note(sign_note(text, [self.signer]))

    def request(self, old_size: int, size: int) -> bytes:
        proof = self.prove(old_size, size) if old_size <= size else ()
        return format_request(old_size=old_size, proof=proof, note=self.checkpoint(size))


def _split(count: int) -> int:
    """Return the largest power of two smaller than `count`."""
    return 1 << ((count - 1).bit_length() - 1)
