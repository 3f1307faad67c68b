# SPDX-License-Identifier: Apache-2.0
"""Mandates a wallet granted, as its purse keeps them."""

from typing import Final

from msgspec import Struct

from kerege.keys import parse_compact
from kerege.payments import CancelMandate, Document, Mandate, WalletId, decode_document
from kerege.wallet.store import WalletStore

__all__ = ["GrantedMandate", "granted_mandates"]

_GRANTED: Final = "mandate"
_CANCELLED: Final = "cancel-mandate"


class GrantedMandate(Struct, frozen=True):
    """A mandate, and whether it has ended as far as this purse knows: by its time, or cancelled
    from here. Its payee may have ended it too."""

    document: Mandate
    ended: bool


def granted_mandates(store: WalletStore, wallet: WalletId, *, now_us: int) -> list[GrantedMandate]:
    """The accepted mandates of a wallet, oldest first. A document's `id` is what is pulled under
    and cancelled."""
    cancelled = {
        one.mandate
        for one in _documents(store, wallet, _CANCELLED)
        if isinstance(one, CancelMandate)
    }
    return [
        GrantedMandate(one, one.id in cancelled or 0 < one.ends_us <= now_us)
        for one in _documents(store, wallet, _GRANTED)
        if isinstance(one, Mandate)
    ]


def _documents(store: WalletStore, wallet: WalletId, kind: str) -> list[Document]:
    kept = store.of_kind(wallet, kind)
    return [decode_document(parse_compact(one.order.text).payload) for one in kept]
