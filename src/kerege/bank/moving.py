# SPDX-License-Identifier: Apache-2.0
"""Wallets that come from another bank, and wallets that leave for one.

The wallet itself says so, with its key, to the core: balances, marks, holds and mandates are the
core's and stay as they are. A bank only learns whose the wallet is, or forgets it; what it knew of
it the owner may take along.
"""

from collections.abc import Callable
from typing import Final

from msgspec import Struct

from kerege.bank.answer import PaymentState
from kerege.bank.core_line import CoreLine
from kerege.bank.customer import CustomerId, CustomerState, Refused
from kerege.bank.customers import Customers
from kerege.bank.delivery import Delivery
from kerege.bank.guardian_limits import GuardianLimits
from kerege.bank.own_wallet import OwnWallet
from kerege.bank.ownership import NothingHere, Ownership
from kerege.bank.tiers import Limits
from kerege.errors import KeregeError
from kerege.keys import parse_compact
from kerege.ledger import OrderId, format_order_id
from kerege.payments import Amend, Rehome, Verdict, WalletId, decode_document
from kerege.runtime import Clock, IdMaker

__all__ = ["MAX_TAKEN_ALONG", "Departure", "Moving", "NotMoving", "PastPayment"]

MAX_TAKEN_ALONG: Final = 10_000
"""Payments in one departure; earlier ones are in the wallet's statement at the core."""

_PAGE: Final = 500
_AMEND_LIVES_US: Final = 60_000_000


class NotMoving(KeregeError):
    """A wallet that this bank does not take, or that has not left."""


class PastPayment(Struct, frozen=True, omit_defaults=True):
    """An order as the bank remembers it, amounts in minor units."""

    order: str
    kind: str
    at_us: int
    state: PaymentState
    asset: str = ""
    amount: int = 0
    code: str = ""


class Departure(Struct, frozen=True):
    """What a bank knows of a wallet, for its owner to take along. `open_orders` are on their way:
    wait for them before the wallet moves, for afterwards this bank can send nothing for it."""

    wallet: str
    bank: str
    made_us: int
    open_orders: tuple[str, ...]
    guardian_limits: dict[str, Limits]
    payments: tuple[PastPayment, ...]


class Moving:
    """Arrivals at and departures from the bank whose wallet `own` is."""

    def __init__(
        self,
        own: OwnWallet,
        *,
        customers: Customers,
        ownership: Ownership,
        core: CoreLine,
        delivery: Delivery,
        guardians: GuardianLimits,
        clock: Clock,
        ids: IdMaker,
        forget: Callable[[WalletId], None],
    ) -> None:
        """`forget` takes down what else leads to a wallet that has left."""
        self._forget = forget
        self._own = own
        self._bank = own.bank
        self._customers = customers
        self._ownership = ownership
        self._core = core
        self._delivery = delivery
        self._guardians = guardians
        self._clock = clock
        self._ids = ids

    def arrive(self, actor: CustomerId, text: bytes, *, owner: CustomerId | None = None) -> Verdict:
        """Have the core move a wallet here, for `actor` or a child `actor` answers for; `text` is
        its signed `Rehome`. A repeat changes nothing.

        Raises `JwsEncodingError`, `MalformedDocument`, `NotMoving`, `NothingHere`,
        `CoreUnreachable`.
        """
        holder = owner or actor
        if not self._customers.may_act_for(actor, holder):
            raise NothingHere("customer")
        document = decode_document(parse_compact(text).payload)
        if not isinstance(document, Rehome) or document.bank != self._bank:
            raise NotMoving("not a wallet's word that it moves to this bank", place="bank")
        self._check(holder, document)
        [verdict] = self._core.submit([text])
        if verdict.accepted:
            wallet = WalletId(document.wallet)
            refused = self._customers.attach_wallet(holder, wallet, custody=False)
            if isinstance(refused, Refused):
                raise NotMoving(f"the wallet is not given to you ({refused.code})")
            self._put_in_tier(wallet, self._customers.get(holder).tier)
        return verdict

    def departure(self, actor: CustomerId, wallet: str) -> Departure:
        """What the bank knows of a wallet. Raises `NothingHere`."""
        checked, _ = self._ownership.require(actor, wallet)
        payments = self._payments(checked)
        return Departure(
            wallet=checked,
            bank=self._bank,
            made_us=self._clock.now_us(),
            open_orders=tuple(p.order for p in payments if p.state is PaymentState.SENT),
            guardian_limits=dict(self._guardians.of([checked]).get(checked, {})),
            payments=tuple(payments),
        )

    def leave(self, actor: CustomerId, wallet: str) -> None:
        """Forget whose a wallet was that is kept elsewhere by now. Raises `NothingHere`,
        `NotMoving`."""
        checked, _ = self._ownership.require(actor, wallet)
        if not self.left(checked):
            raise NotMoving("the core says that this bank keeps the wallet", place="wallet")

    def left(self, wallet: WalletId) -> bool:
        """Forget a wallet with its cards, aliases and key, if the core says that another bank
        keeps it; False otherwise. Again changes nothing. Raises `CoreUnreachable`."""
        view = self._core.wallet(wallet)
        if view is None or view.bank == self._bank:
            return False
        self._forget(wallet)
        self._customers.detach_wallet(wallet)
        return True

    def _check(self, holder: CustomerId, document: Rehome) -> None:
        customer = self._customers.get(holder)
        if customer.state is not CustomerState.ACTIVE:
            raise NotMoving("the customer is not active yet", place="customer")
        view = self._core.wallet(document.wallet)
        if view is None or view.owner_kind != customer.kind:
            raise NotMoving("a wallet of another kind of owner, or none", place="wallet")

    def _put_in_tier(self, wallet: WalletId, tier: str) -> None:
        """Tell the core the tier that this bank has its customer in. Where more is in the wallet
        than that tier may hold the core refuses, and the old tier stays until it is less."""
        view = self._core.wallet(wallet)
        if view is None or view.tier == tier:
            return
        document = Amend(
            id=format_order_id(OrderId(self._ids.make())),
            wallet=self._own.wallet,
            until_us=self._clock.now_us() + _AMEND_LIVES_US,
            subject=wallet,
            tier=tier,
            category=view.category,
            vat=view.vat,
            region=view.region,
            overflow=view.overflow,
        )
        self._core.submit([self._own.sign(document)])

    def _payments(self, wallet: str) -> list[PastPayment]:
        found: list[PastPayment] = []
        before: tuple[int, str] | None = None
        while len(found) < MAX_TAKEN_ALONG:
            page = self._delivery.page(wallet, before=before, limit=_PAGE)
            for kept in page:
                sending, answer = kept.sending, kept.answer
                found.append(
                    PastPayment(
                        order=sending.id,
                        kind=sending.kind,
                        at_us=sending.made_us,
                        state=answer.state if answer else PaymentState.SENT,
                        asset=sending.asset,
                        amount=sending.amount,
                        code=answer.verdict.code if answer else "",
                    )
                )
                before = (sending.made_us, sending.id)
            if len(page) < _PAGE:
                break
        return found
