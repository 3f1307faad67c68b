# SPDX-License-Identifier: Apache-2.0
"""The only source of randomness, and its seeded twin.

Salts, nonces, ids and keys ask here, so that a simulation with one seed runs the same twice.
"""

import os
import random
from typing import Protocol

__all__ = ["LONGEST_DRAW_BYTES", "Randomness", "SeededRandomness", "SystemRandomness"]

LONGEST_DRAW_BYTES = 1 << 20
"""Bytes per draw. A batch of 8 190 orders draws a 16-byte salt each; a mebibyte is ample."""


class Randomness(Protocol):
    """Something that gives random bytes."""

    def draw(self, size_bytes: int) -> bytes:
        """`size_bytes` random bytes, from 0 to `LONGEST_DRAW_BYTES`; `ValueError` otherwise."""
        ...


def _check(size_bytes: int) -> None:
    if not 0 <= size_bytes <= LONGEST_DRAW_BYTES:
        raise ValueError(f"cannot draw {size_bytes} bytes, only 0 to {LONGEST_DRAW_BYTES}")


class SystemRandomness:
    """The operating system's generator, fit for keys and salts."""

    def draw(self, size_bytes: int) -> bytes:
        """`size_bytes` unpredictable bytes."""
        _check(size_bytes)
        return os.urandom(size_bytes)


class SeededRandomness:
    """The same bytes for the same seed and the same draws. Predictable: never for real keys."""

    def __init__(self, seed: int) -> None:
        self._generator = random.Random(seed)  # noqa: S311  predictable is what a twin is for

    def draw(self, size_bytes: int) -> bytes:
        """The next `size_bytes` of the seed's sequence."""
        _check(size_bytes)
        return self._generator.randbytes(size_bytes)
