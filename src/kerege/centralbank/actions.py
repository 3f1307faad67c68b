# SPDX-License-Identifier: Apache-2.0
"""Actions of the central bank: what one person proposes and another approves. Pure.

An action is the `action` member of a proposal (`actions_proposals`): an object whose `kind` names
one of the structs here. Unknown members are refused, amounts are whole minor units. Nothing in an
action names a person: authorities are offices, wallets are pseudonyms.
"""

from typing import Annotated, Final, Literal

from msgspec import Meta, Struct

from kerege.centralbank.register_parameters import MoneyAsset
from kerege.centralbank.register_participants import MAX_KEYS, Licence, Quota, Role
from kerege.ledger import MAX_AMOUNT
from kerege.payments.fees import FeeSchedule
from kerege.payments.ids import PARTICIPANT_PATTERN, WALLET_PATTERN
from kerege.programmes.document import MAX_PROGRAMME_BYTES, PROGRAMME_PATTERN

__all__ = [
    "COURT_ACTIONS",
    "GROUNDED_ACTIONS",
    "MAX_TERMS_CHARACTERS",
    "Action",
    "ActivateProgramme",
    "Admit",
    "CloseProgramme",
    "DeclareMoney",
    "Disclose",
    "Freeze",
    "Ground",
    "IdentifiedRekey",
    "Issue",
    "PublishFees",
    "Redeem",
    "ReservesIn",
    "ReservesOut",
    "Resume",
    "ResumeProgramme",
    "SeizeMoney",
    "SetKeys",
    "SetQuota",
    "Suspend",
    "SuspendProgramme",
    "Unfreeze",
    "Warrant",
    "WarrantKind",
    "kind_of",
]

_Participant = Annotated[str, Meta(pattern=PARTICIPANT_PATTERN, max_length=32)]
_Asset = Annotated[str, Meta(pattern=r"^[A-Z][A-Z0-9-]{2,11}$(?!\n)", max_length=12)]
_Amount = Annotated[int, Meta(ge=1, le=MAX_AMOUNT)]
_Wallet = Annotated[str, Meta(pattern=WALLET_PATTERN, max_length=36)]
_Order = Annotated[str, Meta(pattern=r"^ord_[0-9a-f]{32}$(?!\n)", max_length=36)]
_Proposal = Annotated[str, Meta(pattern=r"^prp_[0-9a-f]{32}$(?!\n)", max_length=36)]
_Jwk = Annotated[str, Meta(max_length=1024)]
_Keys = Annotated[tuple[_Jwk, ...], Meta(min_length=1, max_length=MAX_KEYS)]
_Roles = Annotated[tuple[Role, ...], Meta(min_length=1, max_length=len(Role))]
_Reference = Annotated[str, Meta(pattern=r"^[ -~]*$(?!\n)", max_length=64)]

_ProgrammeId = Annotated[str, Meta(pattern=PROGRAMME_PATTERN, max_length=32)]

MAX_TERMS_CHARACTERS: Final = MAX_PROGRAMME_BYTES * 4 // 3 + 1024
"""Signed terms of a programme: its bytes in base64url, a header and a signature."""

WarrantKind = Literal["court-order", "prosecutor", "bailiff", "tax-authority", "identification"]
"""On what ground: the last for an owner who lost the key and showed who they are."""


class Warrant(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """By what right. `authority` (an office, never a person) and `kind` are published; `reference`,
    the document's number there, is not."""

    authority: Annotated[str, Meta(min_length=1, max_length=120)]
    kind: WarrantKind
    reference: _Reference = ""


class _Action(Struct, frozen=True, kw_only=True, tag_field="kind", forbid_unknown_fields=True):
    """What every action has: its kind."""


class DeclareMoney(_Action, frozen=True, tag="declare-money"):
    """Let the ledger count a new money, issued one for one against reserves in another asset."""

    money: MoneyAsset


class Admit(_Action, frozen=True, tag="admit"):
    """Admit a participant with its first keys (public JWKs as text)."""

    participant: _Participant
    roles: _Roles
    keys: _Keys
    licence: Licence = Licence()
    quota: Quota = Quota()


class Suspend(_Action, frozen=True, tag="suspend"):
    """Take nothing from a participant any more. Its customers' money stays theirs."""

    participant: _Participant


class Resume(_Action, frozen=True, tag="resume"):
    """End a suspension."""

    participant: _Participant


class SetKeys(_Action, frozen=True, tag="set-keys"):
    """Replace a participant's keys: those not named are revoked for good."""

    participant: _Participant
    keys: _Keys


class SetQuota(_Action, frozen=True, tag="set-quota"):
    """Replace a participant's quota."""

    participant: _Participant
    quota: Quota


class ReservesIn(_Action, frozen=True, tag="reserves-in"):
    """A bank's reserves arrived. `asset` is the money they may back, `reference` the payment's."""

    participant: _Participant
    asset: _Asset
    amount: _Amount
    reference: _Reference = ""


class ReservesOut(_Action, frozen=True, tag="reserves-out"):
    """Give a bank back reserves that back nothing."""

    participant: _Participant
    asset: _Asset
    amount: _Amount
    reference: _Reference = ""


class Issue(_Action, frozen=True, tag="issue"):
    """Issue money to a bank against its reserves, both or neither."""

    participant: _Participant
    asset: _Asset
    amount: _Amount


class Redeem(_Action, frozen=True, tag="redeem"):
    """Retire what a bank paid to the redemption wallet by its own order, and free its reserves."""

    payment: _Order


class Freeze(_Action, frozen=True, tag="freeze"):
    """Let nothing out of a wallet, and with `credits` nothing in."""

    wallet: _Wallet
    warrant: Warrant
    credits: bool = False


class Unfreeze(_Action, frozen=True, tag="unfreeze"):
    """End the freeze that a proposal began; others on the same wallet stay."""

    freeze: _Proposal
    warrant: Warrant


class SeizeMoney(_Action, frozen=True, tag="seize-money"):
    """Move money out of a wallet by order of a court, frozen or not; `in_part`: what is there."""

    wallet: _Wallet
    to: _Wallet
    asset: _Asset
    amount: _Amount
    warrant: Warrant
    in_part: bool = False


class Disclose(_Action, frozen=True, tag="disclose"):
    """An authority was shown a wallet's history."""

    wallet: _Wallet
    warrant: Warrant


class IdentifiedRekey(_Action, frozen=True, tag="identified-rekey"):
    """Give a wallet a new key because its owner lost the old one and was identified."""

    wallet: _Wallet
    key: _Jwk
    warrant: Warrant


class PublishFees(_Action, frozen=True, tag="publish-fees"):
    """Publish a fee schedule, in force from its `from_us`."""

    schedule: FeeSchedule


class Ground(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who wants a programme's life changed, and why. `authority` (an office, never a person) and
    `reason` are published with the programme; `reference`, the document's number there, is not."""

    authority: Annotated[str, Meta(min_length=1, max_length=120)]
    reason: Annotated[str, Meta(min_length=3, max_length=300)]
    reference: _Reference = ""


class ActivateProgramme(_Action, frozen=True, tag="activate-programme"):
    """Put a version of a programme in force: `terms` is its document, signed by its funder (a
    later version's also by one of the `changers` of the version before) as `kerege-programme`."""

    terms: Annotated[str, Meta(min_length=1, max_length=MAX_TERMS_CHARACTERS)]


class SuspendProgramme(_Action, frozen=True, tag="suspend-programme"):
    """Let a programme's money rest where it is."""

    programme: _ProgrammeId
    ground: Ground


class ResumeProgramme(_Action, frozen=True, tag="resume-programme"):
    """End a programme's suspension."""

    programme: _ProgrammeId
    ground: Ground


class CloseProgramme(_Action, frozen=True, tag="close-programme"):
    """End a programme for good: its money returns to the funder, wherever it is."""

    programme: _ProgrammeId
    ground: Ground


Action = (
    DeclareMoney
    | Admit
    | Suspend
    | Resume
    | SetKeys
    | SetQuota
    | ReservesIn
    | ReservesOut
    | Issue
    | Redeem
    | Freeze
    | Unfreeze
    | SeizeMoney
    | Disclose
    | IdentifiedRekey
    | PublishFees
    | ActivateProgramme
    | SuspendProgramme
    | ResumeProgramme
    | CloseProgramme
)

COURT_ACTIONS: Final = (Freeze, Unfreeze, SeizeMoney, Disclose, IdentifiedRekey)
"""What is told in the public access log."""

GROUNDED_ACTIONS: Final = (SuspendProgramme, ResumeProgramme, CloseProgramme)
"""What is done to a programme in force, and told with it."""


def kind_of(action: Action) -> str:
    """The word an action goes by in its document."""
    return str(action.__struct_config__.tag)
