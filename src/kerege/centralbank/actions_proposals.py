# SPDX-License-Identifier: Apache-2.0
"""Proposals and approvals: signed texts, their form, and what may be wrong with them. Pure.

A proposal is a compact JWS (`typ` kerege-proposal) by a key of one member of the staff, an approval
one (`typ` kerege-approval) by a key of another over the SHA-256 of what the first signed.
"""

import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum, unique
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta, Struct

from kerege.centralbank.actions import (
    COURT_ACTIONS,
    GROUNDED_ACTIONS,
    Action,
    ActivateProgramme,
    PublishFees,
)
from kerege.centralbank.programme_terms import check_terms, parse_terms
from kerege.errors import KeregeError
from kerege.keys import encode_base64url
from kerege.payments.fee_reading import MalformedSchedule, read_schedule
from kerege.programmes.document import MalformedProgramme

__all__ = [
    "APPROVAL_TYP",
    "MAX_APPROVAL_BYTES",
    "MAX_LIFE_US",
    "MAX_PROPOSAL_BYTES",
    "MAX_SCHEDULE_US",
    "PROPOSAL_TYP",
    "AccessEntry",
    "Approval",
    "Proposal",
    "ProposalFault",
    "ProposalRefused",
    "ProposalText",
    "check_sense",
    "decode_approval",
    "decode_proposal",
    "digest_of",
    "encode_text",
]

PROPOSAL_TYP: Final = "kerege-proposal"
APPROVAL_TYP: Final = "kerege-approval"

MAX_APPROVAL_BYTES: Final = 2 * 1024
MAX_PROPOSAL_BYTES: Final = 62 * 1024 - 1
"""Both texts and a line feed between them fit the ledger's 64 KiB of evidence."""

MAX_LIFE_US: Final = 31 * 24 * 3600 * 1_000_000
"""A month to find somebody who approves; then it is proposed anew."""

MAX_SCHEDULE_US: Final = 400 * 24 * 3600 * 1_000_000
"""How far ahead an action may be scheduled: a year and its holidays."""

_Id = Annotated[str, Meta(pattern=r"^prp_[0-9a-f]{32}$(?!\n)", max_length=36)]
_Time = Annotated[int, Meta(ge=0, le=2**53)]
_Reason = Annotated[str, Meta(min_length=3, max_length=300)]
_Digest = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{43}$(?!\n)", max_length=43)]

# Twelve digits are a tax number, eleven a phone; an address of mail has its sign.
_PERSONAL: Final = re.compile(r"\d{10,}|@|\+\s?\d")


class ProposalText(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is signed: the action and why. `not_before_us` 0: as soon as it is approved."""

    id: _Id
    action: Action
    reason: _Reason
    expires_us: _Time
    """Until when it may be approved."""
    not_before_us: _Time = 0


class Approval(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the other person signs: `sha256` of the proposal's signing input, see `digest_of`."""

    proposal: _Id
    sha256: _Digest


class Proposal(Struct, frozen=True, kw_only=True):
    """A proposal as the core knows it; times in microseconds since 1970 UTC, 0 for none.

    `code` is `executed` or why it was refused, `explanation` says it in English. `order` is the
    ledger's order, if one was posted. `sha256` is what an approval names.
    """

    id: str
    number: int
    kind: str
    state: Literal["proposed", "approved", "executed", "refused", "expired"]
    text: ProposalText
    sha256: str
    proposer: str
    approver: str
    proposed_at_us: int
    due_at_us: int
    settled_at_us: int
    order: str
    code: str
    explanation: str


class AccessEntry(Struct, frozen=True, kw_only=True):
    """A line of the public access log: by whom, on what ground, when, where; never about whom."""

    number: int
    at_us: int
    action: str
    authority: str
    warrant: str
    institution: str


@unique
class ProposalFault(StrEnum):
    """Why a proposal or approval is not taken, in order of precedence."""

    TEXT_INVALID = "text_invalid"
    KEY_UNKNOWN = "key_unknown"
    """Not the key of a member of the staff, or not in force."""
    SIGNATURE_INVALID = "signature_invalid"
    ID_HAS_OTHER_CONTENT = "id_has_other_content"
    PROPOSAL_UNKNOWN = "proposal_unknown"
    PROPOSAL_EXPIRED = "proposal_expired"
    PROPOSAL_SETTLED = "proposal_settled"
    """Approved by somebody else, carried out or refused already."""
    TIMES_INVALID = "times_invalid"
    PERSONAL_DATA = "personal_data"
    """The reason has something that looks like a person's number or address."""
    OWN_PROPOSAL = "own_proposal"
    DIGEST_DIFFERS = "digest_differs"
    """The approval is of another text than the one proposed."""
    TOO_MANY_OPEN = "too_many_open"


class ProposalRefused(KeregeError):
    """A proposal or approval that is not taken; `code` says why."""

    def __init__(self, code: ProposalFault, message: str, *, remedy: str, place: str = "") -> None:
        super().__init__(message, place=place, remedy=remedy)
        self.code = code


_PROPOSALS: Final = msgspec.json.Decoder(ProposalText)
_APPROVALS: Final = msgspec.json.Decoder(Approval)


def encode_text(text: ProposalText | Approval) -> bytes:
    """A payload to sign."""
    return msgspec.json.encode(text)


def decode_proposal(payload: bytes) -> ProposalText:
    """Read a proposal; raises `ProposalRefused`."""
    try:
        text = _PROPOSALS.decode(payload)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as fault:
        raise _invalid(fault) from None
    _check_words(text)
    _check_enclosed(text.action)
    return text


def decode_approval(payload: bytes) -> Approval:
    """Read an approval; raises `ProposalRefused`."""
    try:
        return _APPROVALS.decode(payload)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as fault:
        raise _invalid(fault) from None


def digest_of(signing_input: bytes) -> str:
    """What an approval names a proposal by: SHA-256 of its text up to the second dot, base64url.

    Not of the whole text: one can make a second valid signature of an ES256 signature.
    """
    return encode_base64url(hashlib.sha256(signing_input).digest())


def check_sense(action: Action) -> None:
    """Look whether a document inside an action makes sense; raises `ProposalRefused`.

    When it is proposed, and again when it is carried out, not whenever it is read.
    """
    if isinstance(action, ActivateProgramme):
        with _placed("terms"):
            check_terms(parse_terms(action.terms.encode()))


def _check_enclosed(action: Action) -> None:
    """Read the document that is inside an action, if there is one."""
    if isinstance(action, PublishFees):
        with _placed("schedule"):
            read_schedule(msgspec.json.encode(action.schedule))
    if isinstance(action, ActivateProgramme):
        with _placed("terms"):
            parse_terms(action.terms.encode())


@contextmanager
def _placed(member: str) -> Iterator[None]:
    """Faults of a document in `member` as faults of the proposal."""
    try:
        yield
    except (MalformedSchedule, MalformedProgramme) as fault:
        place = f"$.action.{member}{fault.place.removeprefix('$')}"
        raise ProposalRefused(
            ProposalFault.TEXT_INVALID, fault.message, place=place, remedy=fault.remedy
        ) from None


def _check_words(text: ProposalText) -> None:
    words = [("$.reason", text.reason)]
    if isinstance(text.action, COURT_ACTIONS):
        words.append(("$.action.warrant.authority", text.action.warrant.authority))
    if isinstance(text.action, GROUNDED_ACTIONS):
        words.append(("$.action.ground.authority", text.action.ground.authority))
        words.append(("$.action.ground.reason", text.action.ground.reason))
    for place, said in words:
        if not said.isprintable() or said != said.strip():
            raise ProposalRefused(
                ProposalFault.TEXT_INVALID,
                "spaces at an end, or a character that does not print",
                place=place,
                remedy="write it in plain words on one line",
            )
        if _PERSONAL.search(said):
            raise ProposalRefused(
                ProposalFault.PERSONAL_DATA,
                "this looks like a person's number or address",
                place=place,
                remedy="leave it out: the core keeps no personal data",
            )


def _invalid(fault: Exception) -> ProposalRefused:
    what, _, place = str(fault).partition(" - at ")
    return ProposalRefused(
        ProposalFault.TEXT_INVALID,
        what[:200],
        place=place.strip("`")[:100],
        remedy="see docs/formats/proposals.md",
    )
