# SPDX-License-Identifier: Apache-2.0
"""What a bank tells its customer's wallet: the structs of the bank's API. Pure.

Amounts are whole minor units, times microseconds since 1970 UTC. Members a wallet does not know
are passed over, so that a bank may say more than this version reads.
"""

from typing import Any, Final

from msgspec import Struct

from kerege.payments.holdings import Balance, Line
from kerege.payments.verdict import Verdict

__all__ = [
    "MAX_PAGE",
    "AliasList",
    "AliasView",
    "Answer",
    "CardList",
    "CardView",
    "CaseList",
    "CaseView",
    "ChildLimits",
    "ChildMoney",
    "ChildMove",
    "ChildRefusal",
    "CustomerView",
    "Departure",
    "DepositList",
    "DepositView",
    "EvidenceView",
    "Me",
    "Notice",
    "PaidPart",
    "Payee",
    "PayoutPlan",
    "PlannedLine",
    "StandingRequest",
    "Statement",
    "WalletState",
]

MAX_PAGE: Final = 500
"""Entries of one page of a statement, a list of requests, or a catch-up of events."""


class Answer(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What became of an order, and the same in the customer's language.

    `evidence`: the text the log keeps where it is not the customer's own (a payment that the bank
    topped up), so that the receipt can be checked against it. `wallet`: the wallet that was opened,
    where the bank chose its id.
    """

    verdict: Verdict
    text: str = ""
    evidence: str = ""
    wallet: str = ""


class WalletState(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A wallet as its bank shows it to its owner.

    `custody`: the bank holds its key. `top_up`: the deposit gives what a payment lacks. A payment
    to `bank_wallet` with the details `defunding` is put on the deposit.
    """

    wallet: str
    bank: str
    name: str = ""
    owner_kind: str = "person"
    tier: str = ""
    custody: bool = False
    suspended: bool = False
    top_up: bool = False
    bank_wallet: str = ""
    defunding: str = ""
    balances: tuple[Balance, ...] = ()


class Payee(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Whom a text names: an alias, a wallet id, a QR payload.

    `wallet` is empty if it cannot be paid from here; `text` then says why, in the customer's
    language. `name` is what the payee lets others see ("А*** Қ."). `amount` 0: the payer chooses.
    `request` is the signed request to pay, if the text names one.
    """

    wallet: str = ""
    bank: str = ""
    name: str = ""
    asset: str = ""
    amount: int = 0
    request: str = ""
    expires_us: int = 0
    scheme: str = ""
    text: str = ""


class Statement(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Lines, newest first; `next` is the `before` of the following page, 0 at the end."""

    lines: tuple[Line, ...]
    next: int = 0


class Notice(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Something that happened to a customer; `id` grows, and is where to go on after a break."""

    id: int
    at_us: int
    kind: str
    wallet: str = ""
    data: dict[str, Any] = {}


class StandingRequest(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A request to pay as its payee's bank keeps it; `qr` is the payload to show."""

    id: str
    wallet: str
    asset: str
    amount: int
    until_us: int
    request: str
    qr: str = ""
    paid: int = 0
    note: str = ""


class CustomerView(Struct, frozen=True, omit_defaults=True):
    """A customer. `state`: `waiting` while a person must look at the application."""

    customer: str
    kind: str
    tier: str
    state: str
    language: str
    guardian: str = ""


class Me(Struct, frozen=True):
    """Oneself, the children one answers for, and the bank."""

    customer: CustomerView
    name: str
    phone: str
    wards: tuple[CustomerView, ...]
    bank: str


class DepositView(Struct, frozen=True):
    """A deposit in minor units; `held` is set aside for payments under way."""

    asset: str
    balance: int
    held: int = 0


class DepositList(Struct, frozen=True):
    """A customer's deposits."""

    deposits: tuple[DepositView, ...]


class CardView(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A card bound to a wallet in custody, by its last characters. `state`: active or blocked."""

    card: str
    ending: str
    wallet: str
    state: str
    bound_us: int = 0


class CardList(Struct, frozen=True):
    """Cards of one's own and of children one answers for."""

    cards: tuple[CardView, ...]


class ChildLimits(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a guardian set for a child's wallet in one asset, minor units; None does not bound."""

    payment: int | None = None
    day: int | None = None
    month: int | None = None


class PaidPart(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What an order did to one mark of a wallet: minor units of change, and whose mark it is
    (empty: the family's own money)."""

    change: int
    mark: int = 0
    programme: str = ""


class ChildMove(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One order that moved a child's money: `change` minor units in all, negative for what was
    paid, by mark in `parts`. `wallet` is the other side, with the name it shows."""

    order: str
    at_us: int
    change: int
    parts: tuple[PaidPart, ...]
    wallet: str = ""
    name: str = ""


class ChildRefusal(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A charge of a child's card that was refused: `text` says why in the reader's language, with
    the words of the programme's `rule` if one kept its money back."""

    order: str
    at_us: int
    asset: str
    amount: int
    code: str
    text: str
    rule: str = ""
    wallet: str = ""
    name: str = ""


class ChildMoney(Struct, frozen=True, kw_only=True):
    """A child's wallet as its guardian sees it: what is left of each mark and until when, what was
    paid and had, newest first (`next` is the `before` of the following page, 0 at the end), what
    tills were refused, newest first (on the first page), and the limits that are set, by asset."""

    wallet: str
    asset: str
    balances: tuple[Balance, ...]
    limits: dict[str, ChildLimits]
    moves: tuple[ChildMove, ...]
    next: int
    refused: tuple[ChildRefusal, ...]


class Departure(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a bank says of a wallet that is to leave. `open_orders` are on their way: wait for
    them, for once the wallet has moved this bank can send nothing for it."""

    wallet: str
    bank: str
    open_orders: tuple[str, ...] = ()


class AliasView(Struct, frozen=True):
    """An alias of one's own. `state`: `listed`, or on its way in (`claiming`) or out
    (`releasing`)."""

    kind: str
    alias: str
    wallet: str
    state: str


class AliasList(Struct, frozen=True):
    """All of them."""

    aliases: list[AliasView]


class EvidenceView(Struct, frozen=True):
    """A document one side of a dispute gave: SHA-256 in base64url."""

    wallet: str
    at_us: int
    digest: str


class CaseView(Struct, frozen=True):
    """A dispute. `reserved`: the claim is set aside at the payee until it is decided."""

    id: str
    payment: str
    leg: int
    asset: str
    payer: str
    payee: str
    reason: str
    state: str
    claimed: int
    conceded: int
    awarded: int
    reserved: bool
    opened_us: int
    answer_by_us: int
    decide_by_us: int
    evidence: tuple[EvidenceView, ...]


class CaseList(Struct, frozen=True):
    """Cases of a wallet, of either side."""

    disputes: tuple[CaseView, ...]


class PlannedLine(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One line of a payout file: whom it pays; no `wallet` if nobody has the name."""

    line: int
    wallet: str = ""
    amount: int
    purpose: int = 0


class PayoutPlan(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A payout file as it was read. `faults` are line, column and what is wrong; `repeated` pairs
    of lines that pay the same to the same payee, worth a question."""

    asset: str
    lines: tuple[PlannedLine, ...] = ()
    faults: tuple[tuple[int, str, str], ...] = ()
    repeated: tuple[tuple[int, int], ...] = ()
    total: int = 0
