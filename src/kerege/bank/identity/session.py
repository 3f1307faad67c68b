# SPDX-License-Identifier: Apache-2.0
"""What a session is. Pure."""

from msgspec import Struct

from kerege.bank.customer import CustomerId

__all__ = ["Session"]


class Session(Struct, frozen=True, kw_only=True):
    """One session. Times are microseconds since 1970; `ended_us` None while it lasts.

    `thumbprint` is that of the key every request must prove (DPoP), or None.
    """

    id: str
    customer: CustomerId
    client: str
    scope: str
    started_us: int
    used_us: int
    ends_us: int
    thumbprint: str | None = None
    ended_us: int | None = None
