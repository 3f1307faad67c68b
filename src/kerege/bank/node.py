# SPDX-License-Identifier: Apache-2.0
"""A bank node: parts, routes and what works by itself, as one ASGI application."""

from typing import Final

from kerege.bank.bank_keys import BankKeys, load_keys
from kerege.bank.core_http import HttpCore
from kerege.bank.http.problems import BANK_CODES, BANK_KINDS
from kerege.bank.http.routes import bank_routes
from kerege.bank.identity.codes import KeptCodes
from kerege.bank.parts import Parts
from kerege.bank.settings import BankSettings
from kerege.runtime import Clock, Randomness, SystemClock, SystemRandomness
from kerege.service import Answering, Front, Metrics, NodeClient, build_app

__all__ = ["BankNode", "core_line_of", "open_node"]

_DESCRIPTION: Final = (
    "Customers sign in (OpenID Connect, code flow with PKCE) and hand in orders their wallets"
    " signed. See docs/bank-api.md."
)


def core_line_of(
    settings: BankSettings, keys: BankKeys, *, clock: Clock, randomness: Randomness
) -> HttpCore:
    """The line to the core that `settings` name."""
    client = NodeClient(
        settings.core.url,
        clock=clock,
        randomness=randomness,
        key=keys.requests,
        keyid=settings.core.keyid,
    )
    return HttpCore(client)


class BankNode:
    """One process of a bank: serve `app` between `start` and `close`."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        self.metrics = Metrics()
        served = bank_routes(parts)
        self.app: Front = build_app(
            served.routes,
            straight=served.straight,
            title=f"Bank {parts.settings.bank}",
            description=_DESCRIPTION,
            ids=parts.ids,
            metrics=self.metrics,
            answering=Answering(BANK_KINDS, BANK_CODES),
            checks={"database": parts.check_database},
        )

    def start(self) -> None:
        """See through what an earlier process left undone, and begin to work. Raises `StoreFailed`,
        or the database's error."""
        self.parts.start()

    def close(self) -> None:
        """Let go of everything; nothing is served any more."""
        self.parts.close()


def open_node(settings: BankSettings) -> BankNode:
    """A node as its settings say, over HTTP to the core. Raises what opening its parts raises."""
    clock, randomness = SystemClock(), SystemRandomness()
    keys = load_keys(settings)
    parts = Parts(
        settings,
        keys,
        core_line_of(settings, keys, clock=clock, randomness=randomness),
        clock=clock,
        randomness=randomness,
        sender=KeptCodes(),
    )
    return BankNode(parts)
