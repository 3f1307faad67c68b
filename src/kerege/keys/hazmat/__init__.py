# SPDX-License-Identifier: Apache-2.0
"""Cryptographic primitives over bare bytes: nothing outside `kerege.keys` imports this.

One module per algorithm, all of one shape (`primitive.Primitive`), one library per algorithm.
A new algorithm is a new module and a row in `PRIMITIVES`; callers of `PublicKey` and
`SigningKey` do not change.
"""

from collections.abc import Mapping
from types import MappingProxyType

from kerege.keys.algorithm import Algorithm
from kerege.keys.hazmat import ed25519, mldsa44, p256
from kerege.keys.hazmat.primitive import ExpandedSecret, Primitive

__all__ = ["PRIMITIVES", "ExpandedSecret", "Primitive"]

PRIMITIVES: Mapping[Algorithm, Primitive] = MappingProxyType(
    {
        Algorithm.ED25519: ed25519.PRIMITIVE,
        Algorithm.ES256: p256.PRIMITIVE,
        Algorithm.ML_DSA_44: mldsa44.PRIMITIVE,
    }
)
