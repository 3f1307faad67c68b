# SPDX-License-Identifier: Apache-2.0
"""All routes of the core: those that want a signature, and those for anyone."""

from collections.abc import Mapping, Sequence

from litestar import Router
from litestar.types import ControllerRouterHandler, Middleware
from msgspec import Struct

from kerege.centralbank.contract_trees import ContractTrees
from kerege.centralbank.feed import Feed
from kerege.centralbank.holdings import Holdings
from kerege.centralbank.http.actions import action_routes, public_action_routes
from kerege.centralbank.http.aliases import alias_routes
from kerege.centralbank.http.events import event_routes
from kerege.centralbank.http.log_files import log_routes
from kerege.centralbank.http.orders import OrdersDesk, order_routes, straight_orders
from kerege.centralbank.http.programmes import programme_routes, report_routes
from kerege.centralbank.http.public import public_routes
from kerege.centralbank.http.vat import vat_routes
from kerege.centralbank.http.wallets import wallet_routes
from kerege.centralbank.programme_report import ProgrammeReports
from kerege.centralbank.register import Register
from kerege.centralbank.register_participants import Participant
from kerege.centralbank.vat_books import VatBooks
from kerege.service import SIGNED, Bell, Gate, SignedRequests, StraightRoute, Streams
from kerege.translog.log_files import LogStore

__all__ = ["CoreParts", "core_routes", "straight_routes"]


class CoreParts(Struct, frozen=True, kw_only=True):
    """What the routes work with."""

    register: Register
    orders: OrdersDesk
    holdings: Holdings
    feed: Feed
    bell: Bell
    streams: Streams
    log: LogStore
    reports: ProgrammeReports
    trees: ContractTrees
    vat: VatBooks


def core_routes(
    parts: CoreParts, *, gate: Gate[Participant], public: Middleware
) -> Sequence[ControllerRouterHandler]:
    """The routes of a core node. `gate` knows who signs; `public` limits those who do not."""
    signed = Router(
        "/",
        route_handlers=[
            order_routes(parts.orders),
            wallet_routes(parts.holdings),
            action_routes(parts.register),
            alias_routes(parts.register.directory),
            event_routes(parts.feed, parts.bell, parts.streams),
            report_routes(parts.reports, parts.trees, parts.register),
            vat_routes(parts.vat, parts.register),
        ],
        middleware=[SignedRequests.of(gate)],
        security=[SIGNED],
    )
    open_to_all = Router(
        "/",
        route_handlers=[
            public_routes(parts.register),
            public_action_routes(parts.register),
            programme_routes(parts.register),
            log_routes(parts.log),
        ],
        middleware=[public],
    )
    return [signed, open_to_all]


def straight_routes(
    parts: CoreParts, gate: Gate[Participant]
) -> Mapping[tuple[str, str], StraightRoute]:
    """Those of the routes that are served past the framework."""
    return {("POST", "/v1/orders"): straight_orders(parts.orders, gate)}
