# SPDX-License-Identifier: Apache-2.0
"""From an accepted order in the twin's ledger to the event a bank is told. Pure."""

from collections.abc import Iterator
from typing import Final

import msgspec
from msgspec import Raw, Struct

from kerege.bank.core_twin_register import TwinRegister
from kerege.keys import parse_compact
from kerege.ledger import AccountId, Kind, Transfer, format_order_id
from kerege.ledger.encoding import decode_order
from kerege.ledger.stored import StoredOrder
from kerege.payments.events import Event, Move
from kerege.payments.ids import ParticipantId, WalletId

__all__ = ["event_of"]

_RESERVES: Final = {Kind.PENDING: 1, Kind.CAPTURE: -1, Kind.CAPTURE_PART: -1, Kind.VOID: -1}
"""Which way a step moves what is held. Of a capture only what was taken is told, not what of the
rest went back with it: that needs the hold itself, which the core node has at hand."""


class _Side(Struct, frozen=True):
    account: AccountId
    wallet: WalletId
    bank: ParticipantId
    overflow: bool


class _Kind(Struct):
    kind: str


def event_of(
    stored: StoredOrder, *, cursor: int, at_us: int, register: TwinRegister, bank: str
) -> Event | None:
    """What `bank` is told of `stored`; None if no wallet of its was touched by a document."""
    if not stored.evidence:
        return None
    payload = parse_compact(stored.evidence).payload
    moves = tuple(_moves(stored, register, bank))
    if not moves:
        return None
    return Event(
        cursor=cursor,
        order=format_order_id(stored.id),
        at_us=at_us,
        kind=msgspec.json.decode(payload, type=_Kind).kind,
        wallets=moves,
        document=Raw(payload),
    )


def _moves(stored: StoredOrder, register: TwinRegister, bank: str) -> Iterator[Move]:
    leg = -1
    for place, step in enumerate(decode_order(stored.body, stored.evidence).steps):
        if not isinstance(step, Transfer):
            continue
        debit, credit = _side(step.debit, register), _side(step.credit, register)
        if debit is None or credit is None:
            continue
        # A leg through the waterfall takes two steps; the second leaves the overflow.
        leg += not debit.overflow
        amount = stored.results[place]
        held = _RESERVES.get(step.kind, 0) * amount
        change = 0 if step.kind in (Kind.PENDING, Kind.VOID) else amount
        for one, other, sign in ((debit, credit, -1), (credit, debit, 1)):
            if one.bank == bank:
                yield Move(
                    wallet=one.wallet,
                    asset=_asset_of(one, register),
                    change=sign * change,
                    held=held if sign < 0 else 0,
                    mark=step.mark,
                    counterparty=other.wallet,
                    bank=other.bank,
                    leg=max(leg, 0),
                    overflow=one.overflow,
                )


def _side(account: AccountId, register: TwinRegister) -> _Side | None:
    wallet = register.owners.get(account)
    if wallet is None:
        return None
    facts = register.wallets[wallet]
    overflow = account in register.overflows.get(facts.bank, {}).values()
    return _Side(account, wallet, facts.bank, overflow)


def _asset_of(side: _Side, register: TwinRegister) -> str:
    facts = register.wallets[side.wallet]
    accounts = register.overflows[facts.bank] if side.overflow else facts.accounts
    return next(asset for asset, account in accounts.items() if account == side.account)
