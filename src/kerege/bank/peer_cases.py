# SPDX-License-Identifier: Apache-2.0
"""What banks say to each other of a dispute: the payer's bank tells, the payee's answers for its
customer. Signed requests, as everything between institutions."""

from collections.abc import Callable
from typing import Annotated, Final, TypeVar
from urllib.parse import quote

from msgspec import Meta, Struct

from kerege.bank.core_line import CoreUnreachable
from kerege.errors import KeregeError
from kerege.ledger import MAX_AMOUNT
from kerege.payments.disputes import MAX_EVIDENCE, Reason, State
from kerege.payments.ids import WALLET_PATTERN
from kerege.service import NodeClient, Refused, Unreachable
from kerege.wallet.wire import CaseView

__all__ = ["CaseAnswer", "CaseEvidence", "CaseRefused", "PeerCases", "ToldCase"]

_PATH: Final = "/v1/peers/disputes"
_T = TypeVar("_T")

_Wallet = Annotated[str, Meta(pattern=WALLET_PATTERN, max_length=36)]
_Digest = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{43}$(?!\n)", max_length=43)]
_Amount = Annotated[int, Meta(ge=0, le=MAX_AMOUNT)]
_Instant = Annotated[int, Meta(ge=0, le=2**62)]
_Order = Annotated[str, Meta(pattern=r"^ord_[0-9a-f]{32}$(?!\n)", max_length=36)]
_Case = Annotated[str, Meta(pattern=r"^dsp_[0-9a-f]{32}$(?!\n)", max_length=36)]
_Asset = Annotated[str, Meta(pattern=r"^[A-Z][A-Z0-9-]{2,11}$(?!\n)", max_length=12)]


class CaseRefused(KeregeError):
    """The payer's bank does not let its case go on like this; `place` is the rule."""


class ToldEvidence(Struct, frozen=True, forbid_unknown_fields=True):
    """SHA-256 of a document one side gave, in base64url."""

    wallet: _Wallet
    at_us: _Instant
    digest: _Digest


class ToldCase(Struct, frozen=True, forbid_unknown_fields=True):
    """A case as the payer's bank tells it: `CaseView`, within bounds."""

    id: _Case
    payment: _Order
    leg: Annotated[int, Meta(ge=0, lt=512)]
    asset: _Asset
    payer: _Wallet
    payee: _Wallet
    reason: Reason
    state: State
    claimed: _Amount
    conceded: _Amount
    awarded: _Amount
    reserved: bool
    opened_us: _Instant
    answer_by_us: _Instant
    decide_by_us: _Instant
    evidence: Annotated[tuple[ToldEvidence, ...], Meta(max_length=MAX_EVIDENCE)] = ()


class CaseAnswer(Struct, frozen=True, forbid_unknown_fields=True):
    """How much of the claim the payee's wallet admits."""

    wallet: _Wallet
    conceded: _Amount


class CaseEvidence(Struct, frozen=True, forbid_unknown_fields=True):
    """A document the payee's wallet names."""

    wallet: _Wallet
    digest: _Digest


class _Heard(Struct):
    id: str


class PeerCases:
    """Cases at other banks. `line_to` finds the client of a bank. Every call raises `CaseRefused`,
    or `CoreUnreachable` where there was no answer: the same may be sent again."""

    def __init__(self, line_to: Callable[[str], NodeClient | None]) -> None:
        self._line_to = line_to

    def tell(self, bank: str, case: CaseView) -> None:
        """Tell the payee's bank how a case stands."""
        self._call(bank, lambda line: line.post(_PATH, case, _Heard))

    def show(self, bank: str, case: str) -> CaseView:
        """How a case stands at the payer's bank."""
        return self._call(bank, lambda line: line.get(_path(case), CaseView))

    def answer(self, bank: str, case: str, answer: CaseAnswer) -> CaseView:
        """The payee answers."""
        path = _path(case, "answer")
        return self._call(bank, lambda line: line.post(path, answer, CaseView))

    def give_evidence(self, bank: str, case: str, evidence: CaseEvidence) -> CaseView:
        """The payee names a document."""
        path = _path(case, "evidence")
        return self._call(bank, lambda line: line.post(path, evidence, CaseView))

    def _call(self, bank: str, ask: Callable[[NodeClient], _T]) -> _T:
        line = self._line_to(bank)
        if line is None:
            raise CoreUnreachable("there is no way to that bank", remedy="name it in peers")
        try:
            return ask(line)
        except Unreachable as fault:
            raise CoreUnreachable(fault.message, remedy="send the same again") from fault
        except Refused as fault:
            if fault.code == "dispute_refused":
                raise CaseRefused(fault.details.detail, place=fault.details.place) from fault
            raise CoreUnreachable("the other bank does not hear us", place=bank) from fault


def _path(case: str, what: str = "") -> str:
    return f"{_PATH}/{quote(case, safe='')}" + (f"/{what}" if what else "")
