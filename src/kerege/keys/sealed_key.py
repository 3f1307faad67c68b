# SPDX-License-Identifier: Apache-2.0
"""Private keys that an institution keeps for others, sealed at rest.

The sealed text is that of `SealingKey` over one byte for the algorithm and the secret; it opens
only at the place it was sealed for.
"""

from collections.abc import Callable
from typing import Final

from kerege.keys.algorithm import Algorithm
from kerege.keys.errors import SealBrokenError
from kerege.keys.hazmat.randomness import system_randomness
from kerege.keys.private import PrivateKey
from kerege.keys.secret import SealingKey

__all__ = ["seal_private_key", "unseal_private_key"]

_CODES: Final = {
    Algorithm.ED25519: b"\x01",
    Algorithm.ES256: b"\x02",
    Algorithm.ML_DSA_44: b"\x03",
}
_ALGORITHMS: Final = {code: algorithm for algorithm, code in _CODES.items()}


def seal_private_key(
    key: PrivateKey,
    sealing: SealingKey,
    *,
    place: bytes,
    randomness: Callable[[int], bytes] = system_randomness,
) -> bytes:
    """The sealed text of a private key; `unseal_private_key` needs the same `place`."""
    plaintext = _CODES[key.algorithm] + key.reveal_secret()
    return sealing.seal(plaintext, place=place, randomness=randomness)


def unseal_private_key(sealed: bytes, sealing: SealingKey, *, place: bytes) -> PrivateKey:
    """The private key again. Raises `SealBrokenError`, `KeyEncodingError`."""
    plaintext = sealing.unseal(sealed, place=place)
    algorithm = _ALGORITHMS.get(plaintext[:1])
    if algorithm is None:
        raise SealBrokenError("the sealed text is no private key of a known algorithm")
    return PrivateKey(algorithm, plaintext[1:])
