# SPDX-License-Identifier: Apache-2.0
"""The facts the twin plans with: its wallets, its ledger, and the moment."""

from msgspec import Struct

from kerege.bank.core_twin_wallets import TwinWallets
from kerege.keys import (
    InvalidSignatureError,
    JwsEncodingError,
    parse_compact,
    verify_compact,
)
from kerege.ledger import AccountId, Ledger, Order, OrderId
from kerege.ledger.encoding import decode_order
from kerege.payments.documents import (
    REQUEST_TYP,
    MalformedDocument,
    Request,
    decode_document,
    decode_request,
)
from kerege.payments.fees import NO_FEES, FeeSchedule
from kerege.payments.ids import WalletId
from kerege.payments.refusal import Refusal
from kerege.payments.scene import Past, WalletFacts

__all__ = ["TwinScene"]


class TwinScene(Struct, frozen=True):
    """`payments.Scene` over the twin."""

    now_us: int
    ledger: Ledger
    wallets: TwinWallets
    allowance_sink: AccountId
    fees: FeeSchedule = NO_FEES

    def wallet(self, wallet_id: str) -> WalletFacts | None:
        """A wallet, None if there is none."""
        return self.wallets.wallets.get(WalletId(wallet_id))

    def past(self, order_id: OrderId) -> Past | None:
        """An accepted order, None if there is none or no document stands behind it."""
        accepted = self.ledger.accepted(order_id)
        if accepted is None or not accepted.order.evidence:
            return None
        stored = accepted.order
        payload = parse_compact(stored.evidence).payload
        return Past(
            document=decode_document(payload),
            order=decode_order(stored.body, stored.evidence),
            results=stored.results,
            at_us=accepted.at_us,
        )

    def allowance(self, opening: Order) -> AccountId:
        """The account `opening` opens, opened now if it was not yet."""
        (outcome,) = self.ledger.post([opening])
        return AccountId(outcome.results[0])

    def request(self, text: str) -> Request | Refusal:
        """A signed request to pay, verified with its payee's key."""
        try:
            return self._request(text.encode())
        except (JwsEncodingError, InvalidSignatureError, MalformedDocument, UnicodeEncodeError):
            return Refusal.REQUEST_INVALID

    def _request(self, text: bytes) -> Request | Refusal:
        jws = parse_compact(text)
        found = self.wallets.keys.get(jws.header.kid or "")
        if found is None or found.revoked or found.recovers:
            return Refusal.REQUEST_INVALID
        payload = verify_compact(jws, found.key, kid=jws.header.kid, typ=REQUEST_TYP)
        request = decode_request(payload)
        return request if request.wallet == found.wallet else Refusal.REQUEST_INVALID
