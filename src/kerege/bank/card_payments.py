# SPDX-License-Identifier: Apache-2.0
"""A card is shown to a shop: the shop's bank asks the card's bank, which pays from the wallet.

The shop signs a request to pay, as for any bill, and its bank sends it with the card's keyed tag to
where the directory says. There the wallet in custody pays exactly what the shop signed, under the
limits of its tier and guardian. The shop hears `accepted`, or which of three things is wrong, and
no figure: what is in a wallet and what its limits are is nobody's business at a till.
"""

import hashlib
from typing import Final, Protocol

from kerege.bank.aliases import Aliases
from kerege.bank.answer import Answer, PaymentState
from kerege.bank.cards import Cards
from kerege.bank.core_line import CoreLine, CoreUnreachable
from kerege.bank.custody import NotInCustody
from kerege.bank.custody_orders import CustodyOrders, Wish
from kerege.bank.customer import CustomerId
from kerege.bank.ownership import Ownership
from kerege.bank.refusal import BankRefusal
from kerege.bank.requests import RequestRefused, read_request
from kerege.bank.throttle import AskedTooOften, Rule, Throttle
from kerege.bank.till_refusals import TillRefusals
from kerege.payments import Request, Verdict
from kerege.runtime import Clock

__all__ = [
    "DECLINED_OF_A_BANK",
    "DECLINED_PER_DAY",
    "DECLINED_PER_HOUR",
    "MAX_SHOWN_S",
    "REFUSED_OF_A_CARD",
    "AskedTooOften",
    "CardBanks",
    "CardDesk",
    "CardTill",
]

MAX_SHOWN_S: Final = 600
"""How far ahead a request may end that a card pays: the card is there now. A shop cannot keep a
token and charge it tomorrow by a request it signs today."""

DECLINED_PER_HOUR: Final = Rule("cards declined to a shop", 60, 3600)
DECLINED_PER_DAY: Final = Rule("cards declined to a shop a day", 300, 24 * 3600)
"""Declined cards are a few in a hundred at a busy till. At this pace it takes 90 years to try the
ten million numbers of a transit card, and every try is on record."""

DECLINED_OF_A_BANK: Final = Rule("cards declined to a bank", 3_000, 3600)
"""For all shops of a bank that does not hold its shops to the rules above."""

REFUSED_OF_A_CARD: Final = Rule("one card refused at one shop", 30, 3600)
"""Every one is an order at the core and a row here: nobody shows a till an empty card so often."""

_US: Final = 1_000_000
_ORDER_LABEL: Final = "kerege-card-pay/v1"
_SHOPS: Final = frozenset({"firm", "agency"})
_SHORT: Final = frozenset(
    {
        "exceeds_balance",
        "programme_rule",
        BankRefusal.DEPOSIT_SHORT,
        BankRefusal.DEPOSIT_BLOCKED,
    }
)
"""Also what a programme's money may not pay and the rest does not suffice for: a good card, and
today's allowance is eaten. As a declined card it would count against the canteen, and a school's
second helpings would shut its till."""

_OVER_LIMIT: Final = frozenset(
    {
        BankRefusal.LIMIT_PAYMENT,
        BankRefusal.LIMIT_DAY,
        BankRefusal.LIMIT_MONTH,
        BankRefusal.GUARDIAN_PAYMENT,
        BankRefusal.GUARDIAN_DAY,
        BankRefusal.GUARDIAN_MONTH,
    }
)
_THE_SHOPS_OWN: Final = frozenset(
    {
        "request_invalid",
        "request_expired",
        "request_already_paid",
        "payee_does_not_hold_asset",
        BankRefusal.ID_TAKEN,
    }
)
"""What the shop can put right by itself is told as it is."""

_REFUSED: Final = frozenset({BankRefusal.CARD_SHORT, BankRefusal.CARD_OVER_LIMIT})
"""A good card that does not pay this."""

_DECLINED: Final = Verdict(order="", code=BankRefusal.CARD_DECLINED)
_BLOCKED: Final = Verdict(order="", code=BankRefusal.CARD_BLOCKED)


class CardBanks(Protocol):
    """The line to other banks: `neighbours.PeerBanks`."""

    def pay_by_card(self, bank: str, tag: str, request: str) -> Verdict:
        """What the card's bank says. Raises `RequestRefused`; `CoreUnreachable` if no answer came
        or there is no way there."""


class CardDesk:
    """The card's side: pays what shops of the country ask of cards bound here."""

    def __init__(
        self,
        cards: Cards,
        orders: CustodyOrders,
        core: CoreLine,
        *,
        refusals: TillRefusals,
        throttle: Throttle,
        clock: Clock,
    ) -> None:
        self._cards = cards
        self._orders = orders
        self._refusals = refusals
        self._core = core
        self._throttle = throttle
        self._clock = clock

    def pay(self, tag: str, text: str, *, asking: str) -> Verdict | AskedTooOften:
        """Pay the request `text` from the wallet behind `tag`; `asking` is the shop's bank. The
        same request and card again gets the first answer. Blocks.

        Raises `RequestRefused`, `JwsEncodingError`, `MalformedDocument`, `CoreUnreachable`.
        """
        subject = f"bank {asking}".encode()
        if wait_s := self._throttle.look_s(subject, [DECLINED_OF_A_BANK]):
            return AskedTooOften(wait_s)
        request = read_shown(text, now_us=self._clock.now_us())
        payee = self._core.wallet(request.wallet)
        if payee is None or payee.bank != asking or payee.owner_kind not in _SHOPS:
            raise RequestRefused("not a shop of this bank", place="wallet")
        pair = f"{request.wallet} {tag}".encode()
        if wait_s := self._throttle.look_s(pair, [REFUSED_OF_A_CARD]):
            return AskedTooOften(wait_s)
        verdict = self._pay(tag, request, text)
        if verdict.code == BankRefusal.CARD_DECLINED:
            self._throttle.wait_s(subject, [DECLINED_OF_A_BANK])
        elif verdict.code in _REFUSED:
            self._throttle.wait_s(pair, [REFUSED_OF_A_CARD])
        return verdict

    def _pay(self, tag: str, request: Request, text: str) -> Verdict:
        order = card_order_id(tag, text)
        card = self._cards.payable(tag)
        if card is None:
            blocked = self._cards.blocked(tag)
            if blocked is not None:
                self._refusals.note(blocked.wallet, order, request, _BLOCKED)
            return _DECLINED
        wish = Wish(
            key=f"card {tag} {request.id}",
            wallet=card.wallet,
            to=request.wallet,
            asset=request.asset,
            amount=request.amount,
            purpose=request.purpose,
            details=request.details,
            request=text,
            until_us=request.until_us,
            order=order,
        )
        try:
            answer = self._orders.pay(wish, customer=card.customer).result()
        except NotInCustody:
            return _DECLINED
        if answer.state is PaymentState.REFUSED:
            self._refusals.note(card.wallet, order, request, answer.verdict)
        return _told(answer)


class CardTill:
    """The shop's side: finds the card's bank and asks it."""

    def __init__(
        self,
        bank: str,
        aliases: Aliases,
        desk: CardDesk,
        banks: CardBanks,
        core: CoreLine,
        *,
        ownership: Ownership,
        throttle: Throttle,
        clock: Clock,
    ) -> None:
        self._bank = bank
        self._aliases = aliases
        self._desk = desk
        self._banks = banks
        self._core = core
        self._ownership = ownership
        self._throttle = throttle
        self._clock = clock

    def charge(self, actor: CustomerId, token: str, text: str) -> Verdict | AskedTooOften:
        """Have the card of `token` pay `text`, a request that a wallet of `actor`'s signed. Blocks.

        Raises `MalformedAlias`, `RequestRefused`, `JwsEncodingError`, `MalformedDocument`,
        `NothingHere`, `CoreUnreachable`: then the same again finds out.
        """
        tag = self._aliases.card_tag(token)
        request = read_shown(text, now_us=self._clock.now_us())
        _, shop = self._ownership.require(actor, request.wallet)
        rules = (DECLINED_PER_HOUR, DECLINED_PER_DAY)
        if wait_s := self._throttle.look_s(shop.encode(), rules):
            return AskedTooOften(wait_s)
        found = self._aliases.find_tag(tag)
        if found is None:
            verdict: Verdict | AskedTooOften = _DECLINED
        elif found.bank == self._bank:
            verdict = self._desk.pay(tag, text, asking=self._bank)
        else:
            verdict = self._checked(self._banks.pay_by_card(found.bank, tag, text), tag, text)
        if isinstance(verdict, Verdict) and verdict.code == BankRefusal.CARD_DECLINED:
            self._throttle.wait_s(shop.encode(), rules)
        return verdict

    def _checked(self, verdict: Verdict, tag: str, text: str) -> Verdict:
        """Another bank's word that it has paid, as the core confirms it."""
        if not verdict.accepted:
            return verdict
        order = card_order_id(tag, text)
        known = self._core.verdict(order)
        if known is None or not known.accepted or read_request(text).amount not in known.amounts:
            raise CoreUnreachable(
                "the card's bank says that it has paid, and the core does not", place=order
            )
        return verdict


def card_order_id(tag: str, request: str) -> str:
    """The id of the order that pays `request` by the card of `tag`: both banks can tell it.

    Its first bit is 0: ids that begin with bytes of 255 are the core's own.
    """
    digest = hashlib.sha256(f"{_ORDER_LABEL}\n{tag}\n{request}".encode()).digest()
    return f"ord_{digest[0] & 0x7F:02x}{digest[1:16].hex()}"


def read_shown(text: str, *, now_us: int) -> Request:
    """A request that a card is shown for. Raises as `read_request`, and `RequestRefused` for one
    that is over or ends too late."""
    request = read_request(text)
    if not now_us < request.until_us <= now_us + MAX_SHOWN_S * _US:
        raise RequestRefused(
            f"over, or open for more than {MAX_SHOWN_S} s: sign one when the card is shown",
            place="until_us",
        )
    return request


def _told(answer: Answer) -> Verdict:
    """What the shop hears of the card's payment."""
    verdict = answer.verdict
    if answer.state is PaymentState.ACCEPTED:
        return Verdict(
            order=verdict.order,
            code=verdict.code,
            at_us=verdict.at_us,
            number=verdict.number,
            replayed=verdict.replayed,
        )
    if answer.state is PaymentState.SENT or verdict.code in _THE_SHOPS_OWN:
        return Verdict(order=verdict.order, code=verdict.code)
    if verdict.code in _OVER_LIMIT:
        return Verdict(order=verdict.order, code=BankRefusal.CARD_OVER_LIMIT)
    if verdict.code in _SHORT:
        return Verdict(order=verdict.order, code=BankRefusal.CARD_SHORT)
    return _DECLINED
