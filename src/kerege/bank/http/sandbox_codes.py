# SPDX-License-Identifier: Apache-2.0
"""The telephone of a sandbox: whoever runs one reads the codes that a bank sent, instead of an SMS.

Served only where the bank's settings say `sandbox = true`: there nobody's telephone is real.
"""

from typing import Annotated

from litestar import Router, get
from litestar.params import QueryParameter
from msgspec import Struct

from kerege.bank.identity.codes import KeptCodes
from kerege.bank.ownership import NothingHere

__all__ = ["sandbox_routes"]


_Phone = Annotated[str, QueryParameter(max_length=32)]


class LatestCode(Struct, frozen=True):
    """What was sent last."""

    code: str


def sandbox_routes(codes: KeptCodes) -> Router:
    """The routes."""

    @get("/codes", summary="The code that was sent to a telephone (sandbox only)")
    async def latest(phone: _Phone) -> LatestCode:
        """The latest one of a number in international form."""
        code = codes.latest(phone)
        if code is None:
            raise NothingHere("code")
        return LatestCode(code)

    return Router("/v1/sandbox", route_handlers=[latest], tags=["sandbox"])
