# SPDX-License-Identifier: Apache-2.0
"""The scene that documents are planned in: the register, and what the ledger remembers."""

from collections.abc import Mapping, Sequence
from typing import Final

from kerege.centralbank.register import Register
from kerege.centralbank.register_memory import Remembered
from kerege.errors import InvariantViolation, KeregeError
from kerege.keys import parse_compact, verify_compact
from kerege.ledger import AccountId, Ledger, Mark, OpenAccount, Order, OrderId, UnknownAccount
from kerege.ledger.encoding import decode_order
from kerege.payments import (
    ORDER_TYP,
    REQUEST_TYP,
    Pay,
    Refusal,
    Request,
    decode_document,
    decode_request,
)
from kerege.payments.scene import Past

__all__ = ["LedgerScene", "RehearsalScene"]


_NOT_YET: Final = AccountId(1)
"""Stands in a plan for an allowance that is still to be opened; such a plan is made again."""

_EMPTY: Final[Mapping[Mark, int]] = {}

_OPENED: Final = 16_384
"""Allowances that one scene by itself remembers: twice what a batch can ask for."""


class LedgerScene:
    """See `kerege.payments.scene.Scene`.

    Allowances that a batch is the first to ask for are opened together, in one commit: a plan that
    asked for one has a blank in it until `open_asked`, and is made again after that.
    """

    def __init__(
        self,
        ledger: Ledger,
        register: Register,
        now_us: int,
        opened: Remembered[OrderId, AccountId] | None = None,
    ) -> None:
        """`opened`: allowances known from before, and where to note more."""
        self._ledger = ledger
        self._register = register
        self.now_us = now_us
        self.programmes = register.programmes()
        self.allowance_sink = AccountId(register.accounts().allowance_sink)
        self.wallet = register.wallet
        self.fees = register.fees(now_us)
        self.has_blank = False
        """Whether a plan has been given a blank since this was last set to False."""
        self._opened = Remembered[OrderId, AccountId](_OPENED) if opened is None else opened
        self._purses: dict[AccountId, dict[Mark, int]] = {}
        self._asked: dict[OrderId, Order] = {}
        self._requests: dict[str, Request | Refusal] = {}

    def converter(self, asset: str) -> AccountId:
        """Its account; the first one there is where no programme was ever in that money."""
        return self._register.converter(asset) or _NOT_YET

    def purse(self, account: AccountId) -> Mapping[Mark, int]:
        """Marked money, as of the last look; nothing of a frozen account is left out, for the
        ledger says that of it."""
        if not self.programmes:
            return _EMPTY
        if account not in self._purses:
            self._look([account])
        return self._purses[account]

    def look_anew(self, accounts: Sequence[AccountId]) -> None:
        """Forget what was seen of marked money, whoever's; look at that of `accounts` at once."""
        self._purses.clear()
        self._look(accounts)

    def _look(self, accounts: Sequence[AccountId]) -> None:
        if not self.programmes:
            return
        self._purses |= {account: {} for account in accounts}
        for (account, mark), cell in self._ledger.marked(accounts).items():
            if cell.available > 0:
                self._purses[account][mark] = cell.available

    def past(self, order_id: OrderId) -> Past | None:
        """An accepted order with what was signed; None for the core's own orders."""
        accepted = self._ledger.accepted(order_id)
        if accepted is None or not accepted.order.evidence:
            return None
        stored = accepted.order
        try:
            document = decode_document(parse_compact(stored.evidence).payload)
        except KeregeError:
            return None
        order = decode_order(stored.body, stored.evidence)
        return Past(document=document, order=order, results=stored.results, at_us=accepted.at_us)

    def allowance(self, opening: Order) -> AccountId:
        """Its account, or a blank until `open_asked`."""
        account = self._opened.get(opening.id)
        if account is None:
            self.has_blank = True
            self._asked[opening.id] = opening
        return _NOT_YET if account is None else account

    def open_asked(self) -> None:
        """Open what was asked for, or find it open."""
        openings = list(self._asked.values())
        self._asked.clear()
        opened: dict[OrderId, AccountId] = {}
        for outcome in self._ledger.post(openings):
            if not outcome.accepted:
                raise InvariantViolation(f"an allowance was refused: {outcome.refusal}")
            opened[outcome.order_id] = AccountId(outcome.results[0])
        # Which account it is never changes.
        self._opened.put(opened, read_in=self._opened.epoch)

    def spendable(self, account: AccountId) -> int:
        """What is there above the floor, nothing of a frozen account."""
        return self._ledger.spendable(account)

    def request(self, text: str) -> Request | Refusal:
        """A request to pay that its payee signed; verified once a batch."""
        if text not in self._requests:
            self._requests[text] = self._read_request(text)
        return self._requests[text]

    def _read_request(self, text: str) -> Request | Refusal:
        found = self._signed(text, REQUEST_TYP)
        if isinstance(found, Refusal):
            return Refusal.REQUEST_INVALID
        payload, wallet = found
        try:
            request = decode_request(payload)
        except KeregeError:
            return Refusal.REQUEST_INVALID
        return request if request.wallet == wallet else Refusal.REQUEST_INVALID

    def payment(self, text: str) -> Pay | Refusal:
        """The payment inside a top-up, signed by its own wallet."""
        found = self._signed(text, ORDER_TYP)
        if isinstance(found, Refusal):
            return found
        payload, wallet = found
        try:
            document = decode_document(payload)
        except KeregeError:
            return Refusal.ORDER_TEXT_INVALID
        if not isinstance(document, Pay):
            return Refusal.TOPUP_MISMATCH
        return document if document.wallet == wallet else Refusal.SIGNER_IS_NOT_WALLET

    def _signed(self, text: str, typ: str) -> tuple[bytes, str] | Refusal:
        try:
            jws = parse_compact(text.encode())
            kid = jws.header.kid or ""
            record = self._register.key(kid)
            if record is None:
                return Refusal.KEY_UNKNOWN
            if record.revoked:
                return Refusal.KEY_REVOKED
            return verify_compact(jws, record.key, kid=kid, typ=typ), record.wallet
        except KeregeError:
            return Refusal.SIGNATURE_INVALID


class RehearsalScene(LedgerScene):
    """The same, for a dry run: allowances are opened in rehearsal only.

    `openings` are those a plan asked for; they are to be rehearsed before its order.
    """

    def __init__(self, ledger: Ledger, register: Register, now_us: int) -> None:
        super().__init__(ledger, register, now_us)
        self.openings: list[Order] = []
        self._caps: dict[AccountId, int] = {}

    def allowance(self, opening: Order) -> AccountId:
        """The account it has, or would have."""
        self.openings.append(opening)
        outcome = self._ledger.rehearse(self.openings)[-1]
        if not outcome.accepted:
            raise InvariantViolation(f"an allowance would be refused: {outcome.refusal}")
        account = AccountId(outcome.results[0])
        (step,) = opening.steps
        self._caps[account] = -(step.floor or 0) if isinstance(step, OpenAccount) else 0
        return account

    def spendable(self, account: AccountId) -> int:
        """The same, or all of an allowance that only rehearsal has opened."""
        try:
            return super().spendable(account)
        except UnknownAccount:
            return self._caps[account]
