# SPDX-License-Identifier: Apache-2.0
"""Routes of disputes: a payer opens a case, both sides speak, the bank's staff decides.

A payee whose payer is at another bank speaks here too: this bank brings its words to that one.
"""

import asyncio
from typing import Annotated, Any

from litestar import Request, Router, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import JSONBody, PathParameter, QueryParameter
from msgspec import Meta, Struct

from kerege.bank.abroad_store import ForeignCase
from kerege.bank.cases_abroad import CasesAbroad, case_view
from kerege.bank.customer import CustomerId
from kerege.bank.disputes import Disputes, NotDisputable
from kerege.bank.http.signed_in import PAYMENTS, WALLETS, CustomerRequest, needs
from kerege.bank.http.staff import StaffMember
from kerege.bank.ownership import NothingHere, Ownership
from kerege.keys import KeyEncodingError, decode_base64url
from kerege.ledger import MAX_AMOUNT
from kerege.payments import WalletId
from kerege.payments.disputes import Case, DisputeRefusal, Reason
from kerege.service import BEARER, SIGNED, Gate, Problem, SignedRequests, StrictJson
from kerege.wallet.wire import CaseList, CaseView

__all__ = ["digest_of", "dispute_routes", "dispute_staff_routes", "view_of"]

_Amount = Annotated[int, Meta(ge=0, le=MAX_AMOUNT)]
_Order = Annotated[str, Meta(pattern=r"^ord_[0-9a-f]{32}$(?!\n)", max_length=36)]
_Wallet = Annotated[str, Meta(pattern=r"^wal_[0-9a-f]{32}$(?!\n)", max_length=36)]
_Digest = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{43}$(?!\n)", max_length=43)]
_CaseName = Annotated[
    str, PathParameter(pattern=r"^dsp_[0-9a-f]{32}$", description="`dsp_` and 32 hex digits")
]
_WalletName = Annotated[str, QueryParameter(pattern=r"^wal_[0-9a-f]{32}$", max_length=36)]


class DisputeIn(Struct, frozen=True, forbid_unknown_fields=True):
    """What the payer says was wrong with a leg of a payment, and how much of it."""

    wallet: _Wallet
    payment: _Order
    reason: Reason
    claimed: Annotated[int, Meta(ge=1, le=MAX_AMOUNT)]
    leg: Annotated[int, Meta(ge=0, lt=512)] = 0


class AnswerIn(Struct, frozen=True, forbid_unknown_fields=True):
    """How much of the claim the payee admits."""

    conceded: _Amount


class EvidenceIn(Struct, frozen=True, forbid_unknown_fields=True):
    """SHA-256 of a document, in base64url; the document itself stays with who gives it."""

    wallet: _Wallet
    digest: _Digest


class DecisionIn(Struct, frozen=True, forbid_unknown_fields=True):
    """What the payer gets of the claim."""

    awarded: _Amount


class TakingPart(Struct, frozen=True, forbid_unknown_fields=True):
    """A mandate to the bank's own wallet, with reservations, that claims may be taken under."""

    wallet: _Wallet
    mandate: _Order


class _Counter:
    """Says whose word it is; what blocks is called in threads."""

    def __init__(self, disputes: Disputes, abroad: CasesAbroad, ownership: Ownership) -> None:
        self._disputes = disputes
        self._abroad = abroad
        self._ownership = ownership

    def own(self, actor: CustomerId, wallet: str) -> WalletId:
        """A wallet `actor` may see to."""
        return self._ownership.require(actor, wallet)[0]

    def foreign(self, actor: CustomerId, case_id: str) -> ForeignCase | None:
        """A case at another bank against a wallet of `actor`; None if it is none of those."""
        found = self._abroad.find(case_id)
        return found if found is not None and self._is_of(actor, found.view.payee) else None

    def case(self, actor: CustomerId, case_id: str) -> Case:
        """A case `actor` is a party of; another's looks like none."""
        try:
            case = self._disputes.get(case_id)
        except NotDisputable:
            raise NothingHere("case") from None
        if not any(self._is_of(actor, side) for side in (case.paid.payer, case.paid.payee)):
            raise NothingHere("case")
        return case

    def payee(self, actor: CustomerId, case_id: str) -> Case:
        """A case against a wallet of `actor`."""
        case = self.case(actor, case_id)
        self._ownership.require(actor, case.paid.payee)
        return case

    def payer(self, actor: CustomerId, case_id: str) -> Case:
        """A case that a wallet of `actor` opened."""
        case = self.case(actor, case_id)
        self._ownership.require(actor, case.paid.payer)
        return case

    def _is_of(self, actor: CustomerId, wallet: str) -> bool:
        try:
            self._ownership.require(actor, wallet)
        except NothingHere:
            return False
        return True


def dispute_routes(disputes: Disputes, abroad: CasesAbroad, ownership: Ownership) -> Router:
    """The customers' routes."""
    counter = _Counter(disputes, abroad, ownership)
    return Router(
        "/v1/disputes",
        route_handlers=[
            *_payer_routes(disputes, counter),
            *_payee_routes(disputes, abroad, counter),
            *_routes_of_both(disputes, abroad, counter),
        ],
        tags=["disputes"],
        security=[BEARER],
    )


def _payer_routes(disputes: Disputes, counter: _Counter) -> list[HTTPRouteHandler]:
    @post("/", dto=StrictJson, status_code=200, opt=needs(PAYMENTS), summary="Dispute a payment")
    async def open_case(request: CustomerRequest, data: JSONBody[DisputeIn]) -> CaseView:
        """One case for one leg of a payment made here; the same again is the same case."""

        def opened() -> Case | DisputeRefusal:
            return disputes.open(
                wallet=counter.own(request.user.customer, data.wallet),
                payment=data.payment,
                leg=data.leg,
                reason=data.reason,
                claimed=data.claimed,
            )

        return view_of(await asyncio.to_thread(opened))

    @post(
        "/{case:str}/withdrawal",
        status_code=200,
        opt=needs(PAYMENTS),
        summary="Give a dispute up",
    )
    async def withdraw_case(request: CustomerRequest, case: _CaseName) -> CaseView:
        """The payer lets it be."""

        def withdrawn() -> Case | DisputeRefusal:
            found = counter.payer(request.user.customer, case)
            return disputes.withdraw(case, by=found.paid.payer)

        return view_of(await asyncio.to_thread(withdrawn))

    return [open_case, withdraw_case]


def _payee_routes(
    disputes: Disputes, abroad: CasesAbroad, counter: _Counter
) -> list[HTTPRouteHandler]:
    @post(
        "/{case:str}/answer",
        dto=StrictJson,
        status_code=200,
        opt=needs(PAYMENTS),
        summary="Answer a claim",
    )
    async def answer_case(
        request: CustomerRequest, case: _CaseName, data: JSONBody[AnswerIn]
    ) -> CaseView:
        """The payee admits all, some or none of it."""

        def answered() -> CaseView:
            foreign = counter.foreign(request.user.customer, case)
            if foreign is not None:
                return abroad.answer(foreign, conceded=data.conceded)
            found = counter.payee(request.user.customer, case)
            return view_of(disputes.answer(case, by=found.paid.payee, conceded=data.conceded))

        return await asyncio.to_thread(answered)

    @post(
        "/mandates",
        dto=StrictJson,
        status_code=204,
        opt=needs(PAYMENTS),
        summary="Let claims be reserved",
    )
    async def take_part(request: CustomerRequest, data: JSONBody[TakingPart]) -> None:
        """A shop grants the bank's wallet a mandate with reservations, and names it here."""
        wallet = await asyncio.to_thread(counter.own, request.user.customer, data.wallet)
        await asyncio.to_thread(disputes.take_part, wallet, data.mandate)

    return [answer_case, take_part]


def _routes_of_both(
    disputes: Disputes, abroad: CasesAbroad, counter: _Counter
) -> list[HTTPRouteHandler]:
    @get("/", opt=needs(WALLETS), summary="Disputes of a wallet")
    async def list_cases(request: CustomerRequest, wallet: _WalletName) -> CaseList:
        """Those it opened and those against it, newest first."""

        def listed() -> CaseList:
            mine = counter.own(request.user.customer, wallet)
            here = [case_view(case) for case in disputes.of(mine)]
            found = sorted([*here, *abroad.of(mine)], key=lambda case: -case.opened_us)
            return CaseList(tuple(found))

        return await asyncio.to_thread(listed)

    @get("/{case:str}", opt=needs(WALLETS), summary="One dispute")
    async def show_case(request: CustomerRequest, case: _CaseName) -> CaseView:
        """As it stands."""

        def shown() -> CaseView:
            foreign = counter.foreign(request.user.customer, case)
            if foreign is not None:
                return abroad.show(foreign)
            return case_view(counter.case(request.user.customer, case))

        return await asyncio.to_thread(shown)

    @post(
        "/{case:str}/evidence",
        dto=StrictJson,
        status_code=200,
        opt=needs(PAYMENTS),
        summary="Give evidence",
    )
    async def give_evidence(
        request: CustomerRequest, case: _CaseName, data: JSONBody[EvidenceIn]
    ) -> CaseView:
        """Either side, while the case runs."""

        def given() -> CaseView:
            digest = digest_of(data.digest)
            foreign = counter.foreign(request.user.customer, case)
            if foreign is not None and foreign.view.payee == data.wallet:
                return abroad.give_evidence(foreign, data.digest)
            counter.case(request.user.customer, case)
            wallet = counter.own(request.user.customer, data.wallet)
            return view_of(disputes.give_evidence(case, digest, by=wallet))

        return await asyncio.to_thread(given)

    return [list_cases, show_case, give_evidence]


def dispute_staff_routes(disputes: Disputes, gate: Gate[StaffMember]) -> Router:
    """The staff's routes."""

    @post("/{case:str}/decision", dto=StrictJson, status_code=200, summary="Decide a dispute")
    async def decide_case(
        request: Request[StaffMember, Any, Any], case: _CaseName, data: JSONBody[DecisionIn]
    ) -> CaseView:
        """Once the payee has answered, or its time to is over."""
        del request
        try:
            return view_of(await asyncio.to_thread(disputes.decide, case, awarded=data.awarded))
        except NotDisputable:
            raise NothingHere("case") from None

    return Router(
        "/v1/staff/disputes",
        route_handlers=[decide_case],
        middleware=[SignedRequests.of(gate)],
        tags=["staff"],
        security=[SIGNED],
    )


def view_of(case: Case | DisputeRefusal) -> CaseView:
    """A case as told; raises `Problem` with the rule that forbids what was asked."""
    if isinstance(case, DisputeRefusal):
        raise Problem("dispute_refused", case.value, place=case.value)
    return case_view(case)


def digest_of(text: str) -> bytes:
    """32 bytes of base64url; raises `Problem`."""
    try:
        return decode_base64url(text.encode())
    except KeyEncodingError:
        raise Problem("request_invalid", "not base64url", place="digest") from None
