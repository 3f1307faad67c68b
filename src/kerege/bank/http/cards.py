# SPDX-License-Identifier: Apache-2.0
"""Routes of one's cards, and of shops that are shown one. A token travels in bodies only."""

import asyncio
from typing import Annotated

from litestar import MediaType, Response, Router, delete, get, post, put
from litestar.openapi import ResponseSpec
from litestar.params import JSONBody, PathParameter
from msgspec import Meta, Struct

from kerege.bank.alias import AliasRefusal
from kerege.bank.card import CardState
from kerege.bank.card_payments import AskedTooOften, CardTill
from kerege.bank.cards import Cards, ShownCard
from kerege.bank.customer import CustomerId
from kerege.bank.http.payments import SENT
from kerege.bank.http.signed_in import PAYMENTS, WALLETS, CustomerRequest, language_of, needs
from kerege.bank.http.telling import Teller
from kerege.payments import Verdict
from kerege.payments.aliases import MAX_ALIAS_CHARS
from kerege.service import BEARER, Problem, StrictJson
from kerege.wallet.wire import Answer, CardList, CardView

__all__ = ["CardIn", "CardSetting", "CardShown", "answer_of", "card_payment_routes", "card_routes"]

_ON_ITS_WAY = 202
_Token = Annotated[str, Meta(min_length=1, max_length=MAX_ALIAS_CHARS)]
_CardName = Annotated[str, PathParameter(pattern=r"^crd_[0-9a-f]{32}$")]
_Request = Annotated[str, Meta(min_length=1, max_length=4096, pattern=r"^[A-Za-z0-9_.-]+$(?!\n)")]


class CardIn(Struct, frozen=True, forbid_unknown_fields=True):
    """A card's token and the wallet in custody that it should pay from."""

    token: _Token
    wallet: Annotated[str, Meta(max_length=36)]


class CardSetting(Struct, frozen=True, forbid_unknown_fields=True):
    """`blocked` for a card that is lost, `active` for one that is found."""

    state: CardState


class CardShown(Struct, frozen=True, forbid_unknown_fields=True):
    """A card that is shown to a shop, and the request to pay that the shop's wallet signed for it;
    it ends within ten minutes."""

    token: _Token
    request: _Request


def card_routes(cards: Cards) -> Router:
    """The routes of whoever has cards."""

    def bind(customer: CustomerId, data: CardIn) -> CardView:
        found = cards.bind(customer, data.token, data.wallet)
        if isinstance(found, AliasRefusal):
            raise Problem(found.value, place="token")
        return _view(found)

    @post("/", dto=StrictJson, status_code=200, opt=needs(PAYMENTS), summary="Bind a card")
    async def bind_card(request: CustomerRequest, data: JSONBody[CardIn]) -> CardView:
        """A transit card or a pass pays from a wallet in custody; again changes nothing."""
        return await asyncio.to_thread(bind, request.user.customer, data)

    @get("/", opt=needs(WALLETS), summary="My cards")
    async def list_cards(request: CustomerRequest) -> CardList:
        """One's own and those of children one answers for."""
        found = await asyncio.to_thread(cards.listed, request.user.customer)
        return CardList(tuple(_view(one) for one in found))

    @put("/{card:str}", dto=StrictJson, opt=needs(PAYMENTS), summary="Block a card, or unblock it")
    async def set_card(
        request: CustomerRequest, card: _CardName, data: JSONBody[CardSetting]
    ) -> CardView:
        """At once; children may block only."""
        customer = request.user.customer
        return _view(await asyncio.to_thread(cards.set_state, customer, card, data.state))

    @delete("/{card:str}", status_code=204, opt=needs(PAYMENTS), summary="Give up a card")
    async def drop_card(request: CustomerRequest, card: _CardName) -> None:
        """Others may bind it then."""
        await asyncio.to_thread(cards.give_up, request.user.customer, card)

    return Router(
        "/v1/cards",
        route_handlers=[bind_card, list_cards, set_card, drop_card],
        tags=["cards"],
        security=[BEARER],
    )


def card_payment_routes(till: CardTill, teller: Teller) -> Router:
    """The route of shops."""

    @post(
        "/",
        dto=StrictJson,
        status_code=200,
        opt=needs(PAYMENTS),
        summary="Be paid by a card",
        media_type=MediaType.JSON,
        responses={_ON_ITS_WAY: ResponseSpec(Answer, description="On its way: ask again.")},
    )
    async def charge(request: CustomerRequest, data: JSONBody[CardShown]) -> Response[Answer]:
        """The card's bank pays what the shop's wallet signed, or says no. The same token and
        request again get the first answer."""
        customer = request.user.customer
        verdict = answer_of(
            await asyncio.to_thread(till.charge, customer, data.token, data.request)
        )
        answer = teller.answer(verdict, language_of(request))
        return Response(answer, status_code=_ON_ITS_WAY if verdict.code == SENT else 200)

    return Router("/v1/card-payments", route_handlers=[charge], tags=["cards"], security=[BEARER])


def answer_of(verdict: Verdict | AskedTooOften) -> Verdict:
    """The verdict; raises `Problem` 429 for who was declined too often."""
    if isinstance(verdict, AskedTooOften):
        headers = {"retry-after": str(verdict.wait_s)}
        raise Problem("too_many_requests", "too many cards were declined", headers=headers)
    return verdict


def _view(found: ShownCard) -> CardView:
    card = found.card
    return CardView(
        card=card.id,
        ending=found.shown,
        wallet=card.wallet,
        state=card.state.value,
        bound_us=card.bound_us,
    )
