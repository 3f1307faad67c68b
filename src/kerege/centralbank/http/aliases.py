# SPDX-License-Identifier: Apache-2.0
"""`/v1/aliases`: the directory of blinded aliases, for institutions that keep wallets."""

import asyncio
from typing import Annotated, Final

from litestar import Router, delete, post
from litestar.params import JSONBody, PathParameter
from msgspec import Meta, Struct

from kerege.centralbank.directory import Directory, Resolved
from kerege.centralbank.http.callers import (
    KEEPS_WALLETS,
    CoreRequest,
    require_active,
    require_roles,
)
from kerege.payments.ids import WALLET_PATTERN
from kerege.service import REPEATABLE, Problem, StrictJson

__all__ = ["Alias", "Tag", "alias_routes"]

_TAG: Final = r"^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$"

_Tag = Annotated[str, Meta(pattern=_TAG + r"(?!\n)", max_length=43)]
_Wallet = Annotated[str, Meta(pattern=WALLET_PATTERN, max_length=36)]
TagName = Annotated[str, PathParameter(pattern=_TAG, description="32 bytes in base64url.")]


class Alias(Struct, frozen=True, forbid_unknown_fields=True):
    """A tag, which is HMAC-SHA256 of an alias under the banks' key, and the wallet it leads to."""

    tag: _Tag
    wallet: _Wallet


class Tag(Struct, frozen=True, forbid_unknown_fields=True):
    """A tag to look up."""

    tag: _Tag


def alias_routes(directory: Directory) -> Router:
    """The routes."""

    @post("/", dto=StrictJson, status_code=200)
    async def claim_alias(request: CoreRequest, data: JSONBody[Alias]) -> Alias:
        """Let an alias lead to a wallet you keep, from wherever it led at your institution."""
        await asyncio.to_thread(directory.claim, request.user.id, data.tag, data.wallet)
        return data

    @delete("/{tag:str}")
    async def release_alias(request: CoreRequest, tag: TagName) -> None:
        """Take an alias of a wallet you keep out of the directory."""
        await asyncio.to_thread(directory.release, request.user.id, tag)

    @post("/resolve", dto=StrictJson, status_code=200, opt={REPEATABLE: True})
    async def resolve_alias(request: CoreRequest, data: JSONBody[Tag]) -> Resolved:
        """Where an alias leads. One that is unknown and one not listed look the same: 404."""
        found = await asyncio.to_thread(directory.resolve, request.user.id, data.tag)
        if found is None:
            raise Problem("alias_unknown")
        return found

    return Router(
        "/v1/aliases",
        route_handlers=[claim_alias, release_alias, resolve_alias],
        middleware=[require_roles(*KEEPS_WALLETS), require_active],
        tags=["aliases"],
    )
