# SPDX-License-Identifier: Apache-2.0
"""What planning an order may look at. The core node provides it; tests provide a dictionary.

Pure: a `Scene` is asked, its answers are facts as of this batch. That money is there is not asked
here: the ledger decides that, atomically.
"""

from collections.abc import Mapping
from typing import Protocol

from msgspec import Struct

from kerege.ledger.ids import AccountId, Mark, OrderId
from kerege.ledger.order import Expectation, Order, Step, Terms
from kerege.ledger.refusal import Refusal as LedgerRefusal
from kerege.payments.documents import ALLOWANCE_ASSET, Document, Pay, Request
from kerege.payments.fees import FeeSchedule
from kerege.payments.ids import ParticipantId, WalletId
from kerege.payments.refusal import Refusal
from kerege.programmes import ActiveProgramme, Blocked, Situation

__all__ = ["ALLOWANCE_ASSET", "Kept", "Past", "Plan", "Refused", "Scene", "WalletFacts"]


class WalletFacts(Struct, frozen=True, kw_only=True):
    """A wallet as the core knows it: no person, only what rules may depend on."""

    id: WalletId
    bank: ParticipantId
    owner_kind: str
    tier: str
    accounts: Mapping[str, AccountId]
    """By asset."""
    category: str = ""
    vat: bool = False
    region: str = ""
    overflow: Mapping[str, AccountId] = {}
    """By asset, where money above the holding limit goes; empty without a waterfall."""
    suspended: bool = False


class Past(Struct, frozen=True, kw_only=True):
    """An accepted order: what was signed, what the ledger was asked, what came of it."""

    document: Document
    order: Order
    results: tuple[int, ...]
    at_us: int


class Kept(Struct, frozen=True):
    """A programme whose money stayed behind, in a payment that unmarked money may do for. Which
    rule it was is asked when somebody has to be told: it takes longer than the payment.

    `blocked` where it is known already.
    """

    programme: ActiveProgramme
    situation: Situation
    blocked: Blocked | None = None

    def why(self) -> Blocked:
        """The rule, and what would have passed."""
        judged = self.blocked or self.programme.rules.judge(self.situation)
        return judged if isinstance(judged, Blocked) else Blocked(judged.route.name)

    def rule(self) -> str:
        """`programme/route/condition`, as in `Refused`."""
        blocked = self.why()
        return f"{self.programme.terms.id}/{blocked.route}/{blocked.rule}"


class Plan(Struct, frozen=True):
    """What a document does to the ledger. `legs[i]` is the leg that step `i` belongs to (-1: the
    order as a whole).

    `renamed` gives the refusal that stands for a ledger's refusal met at a step: an allowance
    without room is a mandate used up, a request paid before... See `verdict_of`.

    `chosen`: what the steps are depends on balances; refused, a plan may be made anew by what they
    are by then. `kept`: a programme that kept its money from this order, of
    which `marked` minor units are programmes' money. `until_us`: the last instant of
    the ledger's time at which it may take effect, 0 without one: what moves marked money, or
    reserves it, does so while its programme lasts. `expects`: balances the plan was made for.
    """

    steps: tuple[Step, ...]
    legs: tuple[int, ...]
    renamed: Mapping[tuple[int, LedgerRefusal], Refusal] = {}
    chosen: bool = False
    kept: Kept | None = None
    marked: int = 0
    until_us: int = 0
    expects: tuple[Expectation, ...] = ()

    def terms(self, document: Document) -> Terms:
        """When and on what conditions the planned order of `document` may take effect."""
        until_us = min(document.until_us, self.until_us or document.until_us)
        return Terms(document.after_us, until_us, self.expects)


class Refused(Struct, frozen=True, gc=False):
    """Why a document does nothing; `step` the leg at fault (-1: the order), the two figures
    compared. `rule` names a programme's rule: `programme/route/condition`. `chosen`: balances are
    why, as in a plan."""

    refusal: Refusal
    step: int = -1
    found: int = 0
    limit: int = 0
    rule: str = ""
    chosen: bool = False


class Scene(Protocol):
    """Facts for planning."""

    @property
    def now_us(self) -> int:
        """The time this batch is decided at."""

    @property
    def fees(self) -> FeeSchedule:
        """The fee schedule in force."""

    @property
    def allowance_sink(self) -> AccountId:
        """The collector that used-up allowances are counted in."""

    @property
    def programmes(self) -> Mapping[Mark, ActiveProgramme]:
        """Programmes by the mark of their money."""

    def converter(self, asset: str) -> AccountId:
        """The account where money of an asset changes its mark."""

    def purse(self, account: AccountId) -> Mapping[Mark, int]:
        """Marked money an account can part with as of this batch, in minor units; empty for
        nearly all."""

    def wallet(self, wallet_id: str) -> WalletFacts | None:
        """A wallet, None if there is none."""

    def past(self, order_id: OrderId) -> Past | None:
        """An accepted order, None if there is none (or it was the ledger's own)."""

    def allowance(self, opening: Order) -> AccountId:
        """The account `opening` opens in its first step, opened now if it was not yet.

        The order's id is derived from what it limits, so that there is one account, however
        many ask at once. A scene may answer with a blank, open what a batch asked for together,
        and have the plan made again.
        """

    def spendable(self, account: AccountId) -> int:
        """What an account can part with as of this batch (an allowance: what is left of it), in
        minor units of unmarked money; 0 if it is frozen.

        Asked for where a choice depends on it; that it is still so is for the ledger to say.
        """

    def request(self, text: str) -> Request | Refusal:
        """A signed request to pay, its signature verified with its payee's key."""

    def payment(self, text: str) -> Pay | Refusal:
        """The signed payment inside a top-up: its signature verified with its wallet's key, as if
        it had been submitted itself."""
