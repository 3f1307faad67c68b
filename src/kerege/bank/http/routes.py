# SPDX-License-Identifier: Apache-2.0
"""All routes of a bank node, over the parts it is made of."""

from collections.abc import Mapping, Sequence
from typing import Final
from urllib.parse import urlsplit

from litestar import Router
from litestar.types import ControllerRouterHandler
from msgspec import Struct

from kerege.bank.funder_reports import FunderReports
from kerege.bank.guardian_view import GuardianView
from kerege.bank.http.aliases import alias_routes
from kerege.bank.http.cards import card_payment_routes, card_routes
from kerege.bank.http.custody import custody_routes, custody_staff_routes
from kerege.bank.http.deposits import deposit_routes
from kerege.bank.http.disputes import dispute_routes, dispute_staff_routes
from kerege.bank.http.events import event_routes
from kerege.bank.http.funder_reports import report_routes
from kerege.bank.http.guardian_view import GuardianPage, guardian_view_routes
from kerege.bank.http.guardians import guardian_routes
from kerege.bank.http.hooks import hook_routes
from kerege.bank.http.identity import identity_routes
from kerege.bank.http.moving import moving_routes
from kerege.bank.http.payments import PaymentDesk, payment_routes, straight_payments
from kerege.bank.http.payouts import payout_routes
from kerege.bank.http.peer_disputes import peer_dispute_routes
from kerege.bank.http.peers import peer_routes
from kerege.bank.http.people import join_routes, people_routes
from kerege.bank.http.programmes import programme_routes
from kerege.bank.http.requests import request_routes
from kerege.bank.http.resolve import resolve_routes
from kerege.bank.http.sandbox_codes import sandbox_routes
from kerege.bank.http.screening import screening_routes
from kerege.bank.http.sessions import session_routes
from kerege.bank.http.signed_in import Door, SignedInOnly
from kerege.bank.http.staff import StaffBook, staff_routes
from kerege.bank.http.telling import Teller
from kerege.bank.http.wallets import wallet_routes
from kerege.bank.identity.codes import KeptCodes
from kerege.bank.parts import Parts
from kerege.service import Gate, Rates, StraightRoute, Streams

__all__ = ["BankRoutes", "bank_routes"]

_HOUR_S: Final = 3600

_STREAMS_EACH: Final = 4

_PEERS_PER_S: Final = 200.0
_PEERS_BURST: Final = 2_000.0
"""Questions of one institution: each of its customers' payments to ours may ask for a name."""


class BankRoutes(Struct, frozen=True):
    """The handlers of one node, and which of them are served straight."""

    routes: Sequence[ControllerRouterHandler]
    straight: Mapping[tuple[str, str], StraightRoute]


def bank_routes(parts: Parts) -> BankRoutes:
    """The routes of one node; limits are this process's."""
    rates, clock = parts.settings.rates, parts.clock
    customers = Rates(per_s=rates.per_s, burst=rates.burst)
    strangers = Rates(per_s=rates.strangers_per_s, burst=rates.strangers_burst)
    door = Door(parts.provider, customers, clock)
    signed_in = SignedInOnly.of(door)
    desk = parts.desk
    teller = Teller(parts.assets.by_code(desk.deposits.assets[0]), parts.programmes)
    payments = PaymentDesk(desk.outgoing, parts.ownership, parts.terms, parts.core, desk.trial)
    inside = _for_customers(parts, payments, teller, rates.names_per_hour)

    def authority() -> str:
        return urlsplit(parts.settings.url).netloc

    staff = Gate(StaffBook(parts.settings.staff), clock, authority=authority)
    peers = Gate(
        parts.peers,
        clock,
        authority=authority,
        rates=Rates(per_s=_PEERS_PER_S, burst=_PEERS_BURST),
    )
    outside = [
        staff_routes(parts.customers, parts.screening, desk.deposits, staff),
        screening_routes(parts.screening, staff),
        dispute_staff_routes(desk.disputes, staff),
        custody_staff_routes(parts.custody_orders, parts.customers, staff, teller),
        peer_routes(parts.neighbours, parts.card_desk, peers),
        peer_dispute_routes(desk.disputes, parts.case_telling, parts.cases_abroad, peers),
    ]
    if parts.settings.sandbox and isinstance(parts.sender, KeptCodes):
        outside.append(sandbox_routes(parts.sender))
    routes = [
        *outside,
        *identity_routes(parts.provider, strangers, clock, signed_in),
        join_routes(parts.joining, strangers, clock),
        Router("/", route_handlers=inside, middleware=[signed_in]),
    ]
    return BankRoutes(routes, {("POST", "/v1/payments"): straight_payments(payments, door, teller)})


def _for_customers(
    parts: Parts, payments: PaymentDesk, teller: Teller, names_per_hour: float
) -> list[Router]:
    """What whoever is signed in may ask."""
    desk, clock = parts.desk, parts.clock
    names = Rates(per_s=names_per_hour / _HOUR_S, burst=max(names_per_hour / 10, 1))
    return [
        people_routes(parts.customers, bank=parts.settings.bank),
        wallet_routes(parts.wallets, parts.custody, teller, asset=desk.deposits.assets[0]),
        custody_routes(parts.custody_orders, parts.custody, parts.ownership, teller),
        payment_routes(payments, teller),
        resolve_routes(parts.resolving, names, clock),
        payout_routes(parts.payouts, names, clock),
        request_routes(parts.requests, parts.ownership, parts.codes),
        deposit_routes(desk.deposits, desk.funding, parts.ownership, teller),
        event_routes(parts.outbox, parts.bell, Streams(each=_STREAMS_EACH)),
        hook_routes(parts.webhooks),
        dispute_routes(desk.disputes, parts.cases_abroad, parts.ownership),
        moving_routes(parts.moving, teller),
        guardian_routes(desk.guardian_limits, parts.ownership),
        guardian_view_routes(
            GuardianPage(_view(parts), teller),
            asset=desk.deposits.assets[0],
        ),
        alias_routes(parts.aliases, parts.ownership),
        session_routes(parts.provider.sessions),
        card_routes(parts.cards),
        card_payment_routes(parts.till, teller),
        programme_routes(parts.programmes),
        report_routes(_reports(parts)),
    ]


def _view(parts: Parts) -> GuardianView:
    desk = parts.desk
    return GuardianView(
        parts.core,
        parts.ownership,
        desk.guardian_limits,
        parts.till_refusals,
        delivery=desk.delivery,
        incoming=desk.incoming,
        names=parts.neighbours,
    )


def _reports(parts: Parts) -> FunderReports:
    return FunderReports(parts.core, parts.programmes, parts.ownership, parts.throttle)
