# SPDX-License-Identifier: Apache-2.0
"""One wallet: it signs what its owner wants, and its bank passes it on.

Every method that moves money returns the bank's `Answer`: accepted, or a named refusal with its
words. They raise `StillUnanswered` where nobody knows yet, `BankRefused` where the bank would not
pass the order on, `SessionEnded` where it asks who we are.
"""

from collections.abc import Sequence
from typing import Any, Final

from kerege.errors import KeregeError
from kerege.keys import SigningKey, format_jwk
from kerege.ledger.ids import OrderId, format_order_id
from kerege.money import Amount, allocate
from kerege.payments import (
    CancelMandate,
    Capture,
    Document,
    Fund,
    Hold,
    Leg,
    Mandate,
    Open,
    Pay,
    Pull,
    Refund,
    Rehome,
    Rekey,
    Release,
    Request,
    Unfund,
    WalletId,
    format_request_id,
)
from kerege.runtime.clock import Clock
from kerege.runtime.ids import IdMaker
from kerege.translog.trust import CheckpointPolicy
from kerege.wallet.line import BankLine
from kerege.wallet.receipts import CheckedReceipt, check_receipt
from kerege.wallet.sending import OPENING, Sender
from kerege.wallet.signing import Signer
from kerege.wallet.store import KnownWallet, Stage, StoredOrder, WalletFileError, WalletStore
from kerege.wallet.wire import Answer, Payee, StandingRequest, Statement, WalletState

__all__ = ["DEFAULT_LIFETIME_S", "PayeeUnknown", "Wallet", "shares_of"]

DEFAULT_LIFETIME_S: Final = 3600
"""How long an order may still be accepted: long enough for a bank to come back, short enough to
be sure of on the same day."""


class PayeeUnknown(KeregeError):
    """A text that names nobody who can be paid from here; the message says why."""


class Wallet:
    """A wallet that is open, or about to be opened with `open`."""

    def __init__(
        self,
        known: KnownWallet,
        key: SigningKey,
        *,
        line: BankLine,
        store: WalletStore,
        sender: Sender,
        clock: Clock,
        ids: IdMaker,
        lifetime_s: int = DEFAULT_LIFETIME_S,
    ) -> None:
        """Put together what a `Purse` keeps; `key` is the one the wallet is registered with."""
        self.known = known
        self._key = key
        self._signer = Signer(known.id, key)
        self._line = line
        self._store = store
        self._sender = sender
        self._clock = clock
        self._ids = ids
        self._lifetime_us = lifetime_s * 1_000_000

    @property
    def id(self) -> WalletId:
        """The wallet's id."""
        return self.known.id

    def open(
        self,
        *,
        bank: str,
        assets: Sequence[str],
        owner_kind: str,
        tier: str,
        category: str = "",
        vat: bool = False,
        region: str = "",
        overflow: bool = False,
        recovery: SigningKey | None = None,
    ) -> Answer:
        """Have the institution `bank` open it; one that was begun before is brought to its end."""
        begun = [each for each in self._store.unanswered() if self._opens(each)]
        if begun:
            answer = self._sender.resume(begun[0])
        else:
            answer = self.send(
                Open(
                    **self.head(),
                    bank=bank,
                    key=format_jwk(self._key.public_key).decode(),
                    assets=tuple(assets),
                    owner_kind=owner_kind,
                    tier=tier,
                    category=category,
                    vat=vat,
                    region=region,
                    overflow=overflow,
                    recovery="" if recovery is None else format_jwk(recovery.public_key).decode(),
                )
            )
        if answer.verdict.accepted:
            self._store.mark_opened(self.id)
        return answer

    def state(self) -> WalletState:
        """Balances, and what the bank knows of it."""
        return self._line.wallet(self.id)

    def statement(self, *, asset: str = "", before: int = 0, limit: int = 100) -> Statement:
        """What happened, newest first; go on with `before` as the page's `next` says."""
        return self._line.statement(self.id, asset=asset, before=before, limit=limit)

    def payee(self, to: str) -> Payee:
        """Whom `to` names: an alias, a wallet id, a QR payload. Raises `PayeeUnknown`."""
        found = self._line.resolve(to)
        if not found.wallet:
            raise PayeeUnknown(found.text or "nobody here has this name")
        return found

    def pay(
        self,
        to: str | Payee,
        amount: int = 0,
        *,
        asset: str,
        purpose: int = 0,
        max_fee: int = 0,
        details: str = "",
    ) -> Answer:
        """Pay `amount` minor units to an alias, a wallet or the shop of a QR code.

        A code or request that says the amount needs none; another amount than it says is refused.
        Raises `PayeeUnknown`, `MalformedDocument`.
        """
        payee = self.payee(to) if isinstance(to, str) else to
        leg = Leg(to=payee.wallet, amount=_asked_of(payee, amount), purpose=purpose)
        return self.pay_all(
            [leg], asset=asset, max_fee=max_fee, details=details, request=payee.request
        )

    def pay_all(
        self,
        legs: Sequence[Leg],
        *,
        asset: str,
        max_fee: int = 0,
        details: str = "",
        request: str = "",
        order: str = "",
    ) -> Answer:
        """Pay everyone in `legs`, or no one.

        `order` is the id to do it under; an order of that id that this wallet kept before is
        brought to its end instead.
        """
        kept = self._store.order(order) if order else None
        if kept is not None:
            return self._sender.resume(kept)
        head = self.head()
        return self.send(
            Pay(
                **{**head, "id": order or head["id"]},
                asset=asset,
                legs=tuple(legs),
                max_fee=max_fee,
                details=details,
                request=request,
            )
        )

    def hold(
        self,
        to: str,
        amount: int,
        *,
        asset: str,
        seconds: int,
        decider: str = "",
        lock: str = "",
        raises: str = "",
    ) -> Answer:
        """Reserve money for a payee; `verdict.order` is what to capture or release."""
        payee = self.payee(to)
        return self.send(
            Hold(
                **self.head(),
                asset=asset,
                to=payee.wallet,
                amount=amount,
                seconds=seconds,
                decider=decider,
                lock=lock,
                raises=raises,
            )
        )

    def capture(
        self, holds: Sequence[str], amount: int, *, keep: bool = False, preimage: str = ""
    ) -> Answer:
        """Take `amount` of a hold and its raises; `keep` leaves the rest reserved."""
        return self.send(
            Capture(**self.head(), holds=tuple(holds), amount=amount, keep=keep, preimage=preimage)
        )

    def release(self, holds: Sequence[str]) -> Answer:
        """Give a hold back to its payer."""
        return self.send(Release(**self.head(), holds=tuple(holds)))

    def refund(self, order: str, amount: int, *, leg: int = 0, about: str = "") -> Answer:
        """Pay back some or all of a leg that this wallet received, `about` a credit note if any."""
        return self.send(Refund(**self.head(), order=order, leg=leg, amount=amount, about=about))

    def mandate(
        self,
        to: str,
        *,
        asset: str,
        each: int,
        total: int,
        window_s: int = 0,
        ends_us: int = 0,
        holds: bool = False,
    ) -> Answer:
        """Let a payee pull; `verdict.order` is the mandate's id."""
        payee = self.payee(to)
        return self.send(
            Mandate(
                **self.head(),
                asset=asset,
                to=payee.wallet,
                each=each,
                total=total,
                window_s=window_s,
                ends_us=ends_us,
                holds=holds,
            )
        )

    def pull(self, mandate: str, amount: int, *, purpose: int = 0, hold_s: int = 0) -> Answer:
        """Take `amount` under a mandate given to this wallet."""
        return self.send(
            Pull(**self.head(), mandate=mandate, amount=amount, purpose=purpose, hold_s=hold_s)
        )

    def cancel_mandate(self, mandate: str) -> Answer:
        """End a mandate, from either side."""
        return self.send(CancelMandate(**self.head(), mandate=mandate))

    def defund(self, amount: int, *, asset: str) -> Answer:
        """Have digital money put on the deposit: pay the bank's own wallet, saying what for."""
        state = self.state()
        leg = Leg(to=state.bank_wallet, amount=amount)
        return self.pay_all([leg], asset=asset, details=state.defunding)

    def rekey(self, key: SigningKey) -> Answer:
        """Replace this wallet's key by `key`, signed with the present one."""
        return self.send(Rekey(**self.head(), key=format_jwk(key.public_key).decode()))

    def take_over(self, recovery: SigningKey) -> Answer:
        """Make this wallet's key the one in force, signed with the recovery key."""
        document = Rekey(**self.head(), key=format_jwk(self._key.public_key).decode())
        signed = Signer(self.id, recovery).order(document)
        return self._sender.send(signed, kind=_kind_of(document))

    def move_to(self, bank: str) -> bytes:
        """The signed wish to be kept by `bank`, to be handed to that bank."""
        return self._signer.order(Rehome(**self.head(), bank=bank)).text

    def request(
        self,
        amount: int,
        *,
        asset: str,
        seconds: int = DEFAULT_LIFETIME_S,
        parts: bool = False,
        purpose: int = 0,
        note: str = "",
    ) -> StandingRequest:
        """Ask to be paid; `qr` of what is returned is a code to show."""
        signed = self.sign_request(
            amount, asset=asset, seconds=seconds, parts=parts, purpose=purpose
        )
        return self._line.post_request(signed, note=note)

    def sign_request(
        self,
        amount: int,
        *,
        asset: str,
        seconds: int = DEFAULT_LIFETIME_S,
        parts: bool = False,
        purpose: int = 0,
    ) -> bytes:
        """A signed request to pay that nobody has seen yet: for a card that is shown now."""
        return self._signer.request(
            Request(
                id=format_request_id(self._ids.make()),
                wallet=self.id,
                asset=asset,
                amount=amount,
                until_us=self._clock.now_us() + seconds * 1_000_000,
                purpose=purpose,
                parts=parts,
            )
        )

    def sign_programme(self, document: bytes) -> bytes:
        """A programme's document (JSON) signed by this wallet as its funder or a changer: what
        the central bank puts in force. Raises `MalformedProgramme`."""
        return self._signer.programme(document)

    def fund_programme(self, programme: str, amount: int) -> Answer:
        """Mark money of one's own for a programme one funds."""
        return self.send(Fund(**self.head(), programme=programme, amount=amount))

    def unfund_programme(self, programme: str, amount: int) -> Answer:
        """Unmark what one still holds of a programme one funds."""
        return self.send(Unfund(**self.head(), programme=programme, amount=amount))

    def send(self, document: Document) -> Answer:
        """Sign a document, keep it, send it until it is answered."""
        return self._sender.send(self._signer.order(document), kind=_kind_of(document))

    def try_out(self, document: Document) -> Answer:
        """What would become of a document now; nothing is kept or moved."""
        return self._line.try_out(self._signer.order(document).text)

    def draft_payment(self, to: str | Payee, amount: int, *, asset: str) -> Pay:
        """The document that `pay` would sign, for `try_out`."""
        payee = self.payee(to) if isinstance(to, str) else to
        leg = Leg(to=payee.wallet, amount=_asked_of(payee, amount))
        return Pay(**self.head(), asset=asset, legs=(leg,), request=payee.request)

    def resume(self) -> list[Answer]:
        """Send everything of this wallet that is kept without an answer, oldest first."""
        mine = [each for each in self._store.unanswered() if each.order.wallet == self.id]
        return [self._sender.resume(stored) for stored in mine]

    def receipt(self, order_id: str, trust: CheckpointPolicy) -> CheckedReceipt:
        """Fetch (once), check and keep the receipt of an order this wallet signed.

        Raises what checking raises, `WalletFileError` for an order that is not this wallet's.
        """
        stored = self._store.order(order_id)
        if stored is None or stored.order.wallet != self.id or stored.stage is not Stage.ACCEPTED:
            raise WalletFileError(f"this wallet has no accepted order {order_id}")
        kept = self._store.receipt(order_id)
        text = self._line.receipt(order_id) if kept is None else kept
        other = stored.answer.evidence if stored.answer else ""
        evidence = other.encode() if other else stored.order.text
        checked = check_receipt(text, order_id=order_id, evidence=evidence, trust=trust)
        if kept is None:
            self._store.keep_receipt(order_id, text)
        return checked

    def _opens(self, stored: StoredOrder) -> bool:
        return stored.order.wallet == self.id and stored.kind == OPENING

    def head(self) -> dict[str, Any]:
        """What every document of this wallet begins with: give `send` the rest."""
        return {
            "id": format_order_id(OrderId(self._ids.make())),
            "wallet": self.id,
            "until_us": self._clock.now_us() + self._lifetime_us,
        }


def shares_of(amount: Amount, among: int) -> tuple[Amount, ...]:
    """What each of `among` people pays of a bill: equal to the minor unit, and in all the bill."""
    return tuple(allocate(amount, [1] * among))


def _asked_of(payee: Payee, amount: int) -> int:
    if payee.amount and amount not in (0, payee.amount) and not payee.request:
        raise PayeeUnknown(f"the code asks for {payee.amount}, not {amount} minor units")
    return amount or payee.amount


def _kind_of(document: Document) -> str:
    return str(type(document).__struct_config__.tag)
