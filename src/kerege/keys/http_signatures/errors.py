# SPDX-License-Identifier: Apache-2.0
"""Why a request is not taken as its sender's, besides a signature that does not verify."""

from kerege.errors import KeregeError

__all__ = [
    "HttpSignatureError",
    "NoncesExhaustedError",
    "ReplayedRequestError",
    "SignatureNotCurrentError",
]


class HttpSignatureError(KeregeError):
    """A request without a signature of the one form accepted; `place` names field or component."""


class SignatureNotCurrentError(HttpSignatureError):
    """A signature that is over, not valid yet or valid for too long: compare the clocks."""


class ReplayedRequestError(HttpSignatureError):
    """A nonce that this key has used already: sign again with a new one."""


class NoncesExhaustedError(KeregeError):
    """A key has more requests under way than are remembered: wait, and send again."""
