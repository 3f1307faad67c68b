# SPDX-License-Identifier: Apache-2.0
"""Order documents: what a wallet signs. One vocabulary for the life of a payment. Pure.

A document is the JSON payload of a signed order (docs/formats/signed-order.md): an object whose
`kind` names one of the structs here. Unknown members are refused, amounts are whole minor units,
times microseconds since 1970 UTC. `wallet` is the wallet that signs; `id` makes repeats harmless.
Nothing in a document names a person: `details` is the SHA-256 of whatever payer and payee tell
each other, in base64url, or empty.
"""

from typing import Annotated, Final

import msgspec
from msgspec import Meta, Struct

from kerege.errors import KeregeError
from kerege.payments.contract_documents import Attest, Contract
from kerege.payments.document_fields import (
    ALLOWANCE_ASSET,
    MAX_ITEMS,
    MAX_WINDOW_S,
    UNMARKED_ONLY,
    AssetCode,
    Digest,
    Items,
    MinorUnits,
    MinorUnitsOrZero,
    OrderName,
    OrderOrNone,
    ProgrammeName,
    Purpose,
    Signed,
    SlugOrNone,
    Spend,
    Text,
    Time,
    Wallet,
    WalletOrNone,
    Window,
    check_papers,
)
from kerege.payments.reward_documents import Reward
from kerege.payments.vat_documents import (
    CreditNote,
    Invoice,
    VatClaim,
    VatClaimRun,
    VatDeclaration,
)
from kerege.payments.wallet_documents import Amend, Open, Rehome, Rekey

__all__ = [
    "ALLOWANCE_ASSET",
    "MAX_DOCUMENT_BYTES",
    "MAX_HOLD_PARTS",
    "MAX_ITEMS",
    "MAX_LEGS",
    "ORDER_TYP",
    "REQUEST_TYP",
    "UNMARKED_ONLY",
    "Amend",
    "Attest",
    "CancelMandate",
    "Capture",
    "Contract",
    "CreditNote",
    "Document",
    "Fund",
    "Hold",
    "Invoice",
    "Leg",
    "MalformedDocument",
    "Mandate",
    "Open",
    "Pay",
    "Pull",
    "Refund",
    "Rehome",
    "Rekey",
    "Release",
    "Request",
    "Reward",
    "TopUp",
    "Unfund",
    "VatClaim",
    "VatClaimRun",
    "VatDeclaration",
    "decode_document",
    "decode_request",
    "encode_document",
]

ORDER_TYP: Final = "kerege-order"
"""The `typ` of a signed order's header."""

REQUEST_TYP: Final = "kerege-request"
"""The `typ` of a signed request to pay."""

MAX_DOCUMENT_BYTES: Final = 48 * 1024
"""Bytes of a document: as a JWS it then fits the ledger's 64 KiB of evidence."""

MAX_LEGS: Final = 512
"""Payees of one order: half a thousand salaries fit `MAX_DOCUMENT_BYTES`; send more for more."""

MAX_HOLD_PARTS: Final = 16
"""A hold and how often it may be raised: hotels and fuel pumps raise a few times."""


class Leg(Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """One payee of an order. `purpose` classifies the payment and is kept with the transfer."""

    to: Wallet
    amount: MinorUnits
    purpose: Purpose = 0


class Pay(Signed, frozen=True, kw_only=True, tag="pay", gc=False):
    """Pay every leg, or none. `max_fee`: what the payer grants for fees on top, in all.

    `request` is the signed request to pay that this answers (compact JWS), if any. Money of
    programmes is spent first where their rules allow, soonest expiry first; `spend` names the one
    programme all of it must come from, or is `unmarked`. What rules may ask for: `channel`
    (how the payment is made), `items` (what it is for, of a payment to one payee), `about` (the
    order that registered the contract or invoice it belongs to) and `milestone` (of that contract).
    `invoice`: the supplier's invoice that a payment `about` a contract pays besides.
    """

    asset: AssetCode
    legs: Annotated[tuple[Leg, ...], Meta(min_length=1, max_length=MAX_LEGS)]
    details: Digest = ""
    max_fee: MinorUnitsOrZero = 0
    request: Annotated[str, Meta(max_length=4096)] = ""
    spend: Spend = ""
    channel: Text = ""
    items: Items = ()
    about: OrderOrNone = ""
    milestone: SlugOrNone = ""
    invoice: OrderOrNone = ""

    def __post_init__(self) -> None:
        check_papers(self.about, self.milestone, self.invoice)


class Hold(Signed, frozen=True, kw_only=True, tag="hold"):
    """Reserve money for a payee for `seconds`: a pre-authorisation or a lock.

    The payee captures it; if `decider` is named, only that wallet does; if `lock` is given
    (SHA-256, base64url), only with its preimage. `raises` names an earlier hold this adds to.
    `spend`, `channel`, `items`, `about`, `milestone` and `invoice` as in a payment.
    """

    asset: AssetCode
    to: Wallet
    amount: MinorUnits
    seconds: Window
    purpose: Purpose = 0
    decider: WalletOrNone = ""
    lock: Digest = ""
    raises: OrderOrNone = ""
    details: Digest = ""
    spend: Spend = ""
    channel: Text = ""
    items: Items = ()
    about: OrderOrNone = ""
    milestone: SlugOrNone = ""
    invoice: OrderOrNone = ""

    def __post_init__(self) -> None:
        check_papers(self.about, self.milestone, self.invoice)


_Holds = Annotated[tuple[OrderName, ...], Meta(min_length=1, max_length=MAX_HOLD_PARTS)]


class Capture(Signed, frozen=True, kw_only=True, tag="capture"):
    """Take `amount` of a hold and its raises (`holds`); signed by whom the hold names.

    The parts give in turn, each at most what it was made for. `keep` leaves the rest reserved;
    otherwise it goes back to the payer. `preimage` opens a lock: 32 bytes in base64url, no other
    length, so that no ledger on the other side of a swap can find it too long.
    """

    holds: _Holds
    amount: MinorUnits
    keep: bool = False
    preimage: Digest = ""
    details: Digest = ""


class Release(Signed, frozen=True, kw_only=True, tag="release"):
    """Give a hold and its raises back to the payer; signed by the payee or the decider."""

    holds: _Holds


class Refund(Signed, frozen=True, kw_only=True, tag="refund"):
    """Pay back (a part of) leg `leg` of an accepted order, signed by that leg's payee, or by the
    payer's bank which then gives its own money (what a dispute awards).

    Never more in all than the leg was; every mark goes back the way it came. What was paid for an
    invoice is owed again, unless `about` names the credit note that says it is not. `in_all` above
    0: refused if by then more of the leg would have been paid back than that, this included; so who
    refunds what somebody else may refund at the same time gives nothing twice.
    """

    order: OrderName
    leg: Annotated[int, Meta(ge=0, lt=MAX_LEGS)] = 0
    amount: MinorUnits
    details: Digest = ""
    about: OrderOrNone = ""
    in_all: MinorUnitsOrZero = 0


class Mandate(Signed, frozen=True, kw_only=True, tag="mandate"):
    """Let `to` pull from this wallet: at most `each` at once, `total` in any `window_s` seconds.

    `window_s` 0: `total` once and for all. `ends_us` 0: until cancelled. `holds`: whether the payee
    may also reserve.
    """

    asset: AssetCode
    to: Wallet
    each: MinorUnits
    total: MinorUnits
    window_s: Annotated[int, Meta(ge=0, le=MAX_WINDOW_S)] = 0
    ends_us: Time = 0
    holds: bool = False
    details: Digest = ""


class Pull(Signed, frozen=True, kw_only=True, tag="pull"):
    """Take `amount` under a mandate, signed by its payee. `hold_s` above 0 reserves instead;
    `decider` then decides."""

    mandate: OrderName
    amount: MinorUnits
    purpose: Purpose = 0
    hold_s: Annotated[int, Meta(ge=0, le=MAX_WINDOW_S)] = 0
    decider: WalletOrNone = ""
    details: Digest = ""
    channel: Text = ""
    items: Items = ()
    about: OrderOrNone = ""
    milestone: SlugOrNone = ""
    invoice: OrderOrNone = ""

    def __post_init__(self) -> None:
        check_papers(self.about, self.milestone, self.invoice)
        if self.decider and not self.hold_s:
            raise ValueError("a decider needs hold_s")


class CancelMandate(Signed, frozen=True, kw_only=True, tag="cancel-mandate"):
    """End a mandate; signed by either side."""

    mandate: OrderName


class Fund(Signed, frozen=True, kw_only=True, tag="fund"):
    """A programme's funder marks `amount` of its own money, within the budget."""

    programme: ProgrammeName
    amount: MinorUnits


class Unfund(Signed, frozen=True, kw_only=True, tag="unfund"):
    """A programme's funder unmarks `amount` of what it holds; the budget has it back."""

    programme: ProgrammeName
    amount: MinorUnits


class TopUp(Signed, frozen=True, kw_only=True, tag="topup"):
    """A bank gives its customer `amount` for the payment `pay` (the customer's own signed order),
    both or neither: the reverse waterfall. `id` is the payment's id."""

    asset: AssetCode
    amount: MinorUnits
    pay: Annotated[str, Meta(max_length=24 * 1024)]


Document = (
    Pay
    | Hold
    | Capture
    | Release
    | Refund
    | Mandate
    | Pull
    | CancelMandate
    | Fund
    | Unfund
    | Contract
    | Attest
    | Reward
    | TopUp
    | Open
    | Amend
    | Rehome
    | Rekey
    | Invoice
    | CreditNote
    | VatDeclaration
    | VatClaim
    | VatClaimRun
)


class Request(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A request to pay, signed by its payee: what a dynamic QR code or a bill stands for.

    `amount` in all; with `parts` several payers may each pay some of it (a split bill).
    """

    id: Annotated[str, Meta(pattern=r"^req_[0-9a-f]{32}$(?!\n)", max_length=36)]
    wallet: Wallet
    asset: AssetCode
    amount: MinorUnits
    until_us: Time
    purpose: Purpose = 0
    parts: bool = False
    details: Digest = ""


class MalformedDocument(KeregeError):
    """A payload is not an order document; `place` says where."""


_DECODER: Final[msgspec.json.Decoder[Document]] = msgspec.json.Decoder(Document)
_REQUEST_DECODER: Final = msgspec.json.Decoder(Request)


def decode_document(payload: bytes) -> Document:
    """Read a payload; raises `MalformedDocument`."""
    _bound(payload)
    try:
        return _DECODER.decode(payload)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as fault:
        raise _malformed(fault) from None


def decode_request(payload: bytes) -> Request:
    """Read a request's payload; raises `MalformedDocument`."""
    _bound(payload)
    try:
        return _REQUEST_DECODER.decode(payload)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as fault:
        raise _malformed(fault) from None


def encode_document(document: Document | Request) -> bytes:
    """A payload to sign. What is signed is kept as it is, so any JSON would do."""
    return msgspec.json.encode(document)


def _bound(payload: bytes) -> None:
    if len(payload) > MAX_DOCUMENT_BYTES:
        raise MalformedDocument(
            f"the document has {len(payload)} bytes, more than {MAX_DOCUMENT_BYTES}",
            remedy="split it into several orders",
        )


def _malformed(fault: Exception) -> MalformedDocument:
    # msgspec ends its messages with " - at `$.legs[0].amount`".
    what, _, place = str(fault).partition(" - at ")
    return MalformedDocument(
        f"not an order document: {what[:200]}",
        place=place.strip("`")[:100],
        remedy="see docs/formats/order-documents.md",
    )
