# SPDX-License-Identifier: Apache-2.0
"""What an authorization code stands for. Pure."""

from msgspec import Struct

from kerege.bank.customer import CustomerId

__all__ = ["Granted"]


class Granted(Struct, frozen=True, kw_only=True):
    """A customer signed in for a program: bound to its address, its PKCE challenge, its key.

    `thumbprint` None: the program announced no key in its request (`dpop_jkt`).
    """

    client: str
    customer: CustomerId
    redirect_uri: str
    scope: str
    nonce: str
    challenge: str
    granted_us: int
    expires_us: int
    thumbprint: str | None = None
