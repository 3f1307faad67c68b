# SPDX-License-Identifier: Apache-2.0
"""From an accepted order to what each institution is told of it."""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Final

import msgspec
from msgspec import Raw, Struct
from msgspec.structs import replace

from kerege.centralbank.recall_orders import RECALL
from kerege.centralbank.register import Register
from kerege.errors import KeregeError
from kerege.keys import parse_compact
from kerege.ledger import (
    AccountId,
    Kind,
    Ledger,
    Order,
    Transfer,
    format_order_id,
    parse_order_id,
)
from kerege.ledger.encoding import decode_order
from kerege.ledger.stored import StoredOrder
from kerege.payments import Document, MalformedDocument, WalletId, decode_document
from kerege.payments.concerned import AUTHORITY, CONCERNING, NAMES_OTHERS, concerns_of
from kerege.payments.events import Concern, Event, Move
from kerege.payments.reading import StepRole, roles_of
from kerege.programmes import Programme

__all__ = ["ACTION", "REHOME", "Teller", "Told", "document_of"]

ACTION: Final = "action"
"""The kind of an order that is no wallet's document: the central bank's own, under dual control."""

REHOME: Final = "rehome"
"""The kind of the order by which a wallet moves to another institution."""

_RESERVES: Final = {Kind.PENDING: 1, Kind.CAPTURE: -1, Kind.CAPTURE_PART: -1, Kind.VOID: -1}
"""Which way a step moves what is held. Of a capture only what was taken is told, not what of the
rest went back with it."""

_RECALL_BEGINS: Final = b'{"kind":"recall"'

_ONLY_HELD: Final = frozenset({Kind.PENDING, Kind.VOID})
_REMEMBERED: Final = 65_536


class Told(Struct, frozen=True):
    """One accepted order, and its event for each institution that has a part in it."""

    cursor: int
    events: Mapping[str, Event]


class _Side(Struct, frozen=True):
    """A wallet's account."""

    wallet: WalletId
    asset: str


class _Kind(Struct):
    kind: str


class Teller:
    """Knows whose accounts are whose. Safe among threads."""

    def __init__(self, ledger: Ledger, register: Register) -> None:
        self._ledger = ledger
        self._register = register
        self._side = lru_cache(maxsize=_REMEMBERED)(self._find_side)

    def tell(self, stored: StoredOrder, *, cursor: int, at_us: int) -> Told:
        """Everyone's events of one order; none for what neither moved a wallet's money nor concerns
        another, but for a wallet that moves: the institution it leaves is told."""
        kind, payload = document_of(stored.evidence)
        if kind == REHOME:
            return self._departure(stored, payload, cursor=cursor, at_us=at_us)
        moves: dict[str, list[Move]] = {}
        for bank, move in self._moves(stored, payload):
            moves.setdefault(bank, []).append(move)
        concerns = self._concerns(payload) if kind in CONCERNING else {}
        if not moves and not concerns:
            return Told(cursor, {})
        document = Raw(payload or b"null")
        order = format_order_id(stored.id)
        events = {
            bank: Event(cursor, order, at_us, kind, tuple(found), document)
            for bank, found in moves.items()
        }
        for bank, mine in concerns.items():
            is_shown = bank in moves or _may_see(kind, mine)
            told = events.get(bank) or Event(cursor, order, at_us, kind, ())
            shown = document if is_shown else told.document
            events[bank] = replace(told, document=shown, concerns=tuple(mine))
        return Told(cursor, events)

    def _concerns(self, payload: bytes) -> dict[str, list[Concern]]:
        """Whom else a document concerns, by the institution that keeps them."""
        found: dict[str, list[Concern]] = {}
        try:
            document = decode_document(payload)
        except MalformedDocument:
            return found
        for concern in concerns_of(document, self._document, self._terms):
            facts = self._register.wallet(concern.wallet)
            if facts is not None:
                found.setdefault(facts.bank, []).append(concern)
        return found

    def _document(self, order: str) -> Document | None:
        accepted = self._ledger.accepted(parse_order_id(order))
        if accepted is None:
            return None
        try:
            return decode_document(document_of(accepted.order.evidence)[1])
        except MalformedDocument:
            return None

    def _terms(self, programme: str) -> Programme | None:
        versions = self._register.programmes().values()
        mine = [one for one in versions if one.terms.id == programme]
        return max(mine, key=lambda one: one.mark).terms if mine else None

    def _departure(self, stored: StoredOrder, payload: bytes, *, cursor: int, at_us: int) -> Told:
        order = format_order_id(stored.id)
        left = self._register.bank_left(order)
        event = Event(cursor, order, at_us, REHOME, (), Raw(payload))
        return Told(cursor, {left: event} if left else {})

    def _moves(self, stored: StoredOrder, payload: bytes) -> Iterator[tuple[str, Move]]:
        order = decode_order(stored.body, stored.evidence)
        roles = _roles_of(payload, order, AccountId(self._register.accounts().allowance_sink))
        for place, (step, role) in enumerate(zip(order.steps, roles, strict=True)):
            if not isinstance(step, Transfer):
                continue
            debit, credit = self._side(step.debit), self._side(step.credit)
            if debit is None and credit is None:
                continue
            sides = ((step.debit, debit, credit, -1), (step.credit, credit, debit, 1))
            for account, one, other, sign in sides:
                if one is not None:
                    yield (
                        self._bank_of(one),
                        Move(
                            wallet=one.wallet,
                            asset=one.asset,
                            change=0 if step.kind in _ONLY_HELD else sign * stored.results[place],
                            held=_RESERVES.get(step.kind, 0) * stored.results[place] * (sign < 0),
                            mark=step.mark,
                            counterparty="" if other is None else other.wallet,
                            bank="" if other is None else self._bank_of(other),
                            leg=max(role.leg, 0),
                            overflow=role.overflow == account,
                        ),
                    )

    def _bank_of(self, side: _Side) -> str:
        facts = self._register.wallet(side.wallet)
        return "" if facts is None else facts.bank

    def _find_side(self, account: AccountId) -> _Side | None:
        wallet = self._register.wallet_of_account(account)
        if wallet is None:
            return None
        return _Side(wallet, self._ledger.account(account).account.asset)


def _may_see(kind: str, concerns: Sequence[Concern]) -> bool:
    """Whether an institution is shown the document for those of its wallets it concerns."""
    return kind not in NAMES_OTHERS or any(one.role == AUTHORITY for one in concerns)


def document_of(evidence: bytes) -> tuple[str, bytes]:
    """The kind and the text of what a wallet signed, or of a recall; no text for the central
    bank's other orders."""
    try:
        if evidence.startswith(_RECALL_BEGINS):
            return RECALL, evidence
        payload = parse_compact(evidence).payload
        return msgspec.json.decode(payload, type=_Kind).kind, payload
    except (KeregeError, msgspec.MsgspecError):
        return ACTION, b""


def _roles_of(payload: bytes, order: Order, sink: AccountId) -> Sequence[StepRole]:
    try:
        return roles_of(decode_document(payload), order, sink)
    except MalformedDocument:
        return [StepRole(0)] * len(order.steps)
