# SPDX-License-Identifier: Apache-2.0
"""What staff and core say to each other of proposals over HTTP: bodies and answers. Pure."""

from typing import Annotated

from msgspec import Meta, Struct

from kerege.centralbank.actions_proposals import (
    MAX_APPROVAL_BYTES,
    MAX_PROPOSAL_BYTES,
    Proposal,
)

__all__ = ["ApprovalIn", "ProposalIn", "ProposalList"]


class ProposalIn(Struct, frozen=True, forbid_unknown_fields=True):
    """A compact JWS, `typ` kerege-proposal."""

    proposal: Annotated[str, Meta(min_length=1, max_length=MAX_PROPOSAL_BYTES)]


class ApprovalIn(Struct, frozen=True, forbid_unknown_fields=True):
    """A compact JWS, `typ` kerege-approval."""

    approval: Annotated[str, Meta(min_length=1, max_length=MAX_APPROVAL_BYTES)]


class ProposalList(Struct, frozen=True):
    """Newest first; the next page is `before` the last one's number."""

    proposals: list[Proposal]
