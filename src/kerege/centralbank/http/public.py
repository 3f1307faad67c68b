# SPDX-License-Identifier: Apache-2.0
"""What anyone may ask: who takes part, what the country decided."""

import asyncio

from litestar import Router, get

from kerege.centralbank.http.wire import PublicParticipant, PublicParticipants
from kerege.centralbank.register import Register
from kerege.centralbank.register_parameters import Parameters
from kerege.centralbank.register_participants import Participant, Role
from kerege.keys import format_jwk

__all__ = ["public_routes"]


def public_routes(register: Register) -> Router:
    """The routes; for anyone."""

    @get("/v1/participants")
    async def read_participants() -> PublicParticipants:
        """Institutions with their licences, roles and keys; not the people who work for one."""
        redemption = register.accounts().redemption_wallet
        shown = [
            _shown(one, redemption if Role.OPERATOR in one.roles else one.wallet)
            for one in register.participants()
            if one.roles != frozenset({Role.STAFF})
        ]
        return PublicParticipants(shown)

    @get("/v1/profile")
    async def read_profile() -> Parameters:
        """The country's published parameters: its money, and what each tier may hold."""
        return await asyncio.to_thread(register.parameters)

    return Router("/", route_handlers=[read_participants, read_profile], tags=["public"])


def _shown(participant: Participant, wallet: str | None) -> PublicParticipant:
    return PublicParticipant(
        id=participant.id,
        roles=sorted(participant.roles),
        name=participant.licence.name,
        licence=participant.licence.number,
        since_us=participant.licence.since_us,
        suspended=participant.suspended,
        keys={kid: format_jwk(key).decode() for kid, key in participant.keys.items()},
        wallet=wallet or "",
    )
