# SPDX-License-Identifier: Apache-2.0
"""Documents of contracts: what a programme's money is paid for, and whether it is owed. Pure."""

from typing import Annotated, Final

from msgspec import Meta, Struct

from kerege.payments.document_fields import (
    AssetCode,
    Digest,
    MinorUnits,
    OrderName,
    OrderOrNone,
    ProgrammeName,
    Signed,
    Slug,
    Time,
    Wallet,
    WalletOrNone,
)

__all__ = ["MAX_MILESTONES", "MAX_OBLIGATIONS", "Attest", "Contract", "Milestone", "Obligation"]

MAX_MILESTONES: Final = 24
"""Milestones of one contract, each an account: two years of monthly acceptance."""

MAX_OBLIGATIONS: Final = 8
"""Obligations of one contract: each is looked at for every payment."""


class Milestone(Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """A part of the work and what is paid for it, at most."""

    name: Slug
    amount: MinorUnits


class Obligation(Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """What the supplier must have met to be paid; `attester` says whether it has. `text`: SHA-256
    of its words."""

    name: Slug
    attester: Wallet
    text: Digest = ""


class Contract(Signed, frozen=True, kw_only=True, tag="contract"):
    """Register a contract of a programme, signed by its buyer: the programme's funder, or the
    supplier of the contract `parent`.

    Paid at most `cap` in all, until `ends_us`; with milestones, each payment is for one of them.
    With `acceptor`, money goes only by holds that this wallet decides about: the acceptance act.
    `last`: the supplier passes nothing on to others.
    """

    programme: ProgrammeName
    asset: AssetCode
    supplier: Wallet
    cap: MinorUnits
    ends_us: Time
    parent: OrderOrNone = ""
    acceptor: WalletOrNone = ""
    last: bool = False
    milestones: Annotated[tuple[Milestone, ...], Meta(max_length=MAX_MILESTONES)] = ()
    obligations: Annotated[tuple[Obligation, ...], Meta(max_length=MAX_OBLIGATIONS)] = ()
    details: Digest = ""

    def __post_init__(self) -> None:
        milestones = {one.name for one in self.milestones}
        obligations = {one.name for one in self.obligations}
        if len(milestones) < len(self.milestones) or len(obligations) < len(self.obligations):
            raise ValueError("two milestones or obligations have one name")
        if sum(one.amount for one in self.milestones) > self.cap:
            raise ValueError("the milestones come to more than the cap")
        if self.supplier in {self.acceptor, *(one.attester for one in self.obligations)}:
            raise ValueError("the supplier accepts or attests its own work")


class Attest(Signed, frozen=True, kw_only=True, tag="attest"):
    """Say whether an obligation of a contract is met at present; signed by its attester. The last
    word counts."""

    contract: OrderName
    obligation: Slug
    met: bool
    details: Digest = ""
