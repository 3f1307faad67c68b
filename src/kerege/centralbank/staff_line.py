# SPDX-License-Identifier: Apache-2.0
"""A member of the central bank's staff at the core: proposes, looks, approves, by signed texts."""

from typing import Final, Self
from urllib.parse import quote

from kerege.centralbank.actions import Action
from kerege.centralbank.actions_proposals import (
    APPROVAL_TYP,
    PROPOSAL_TYP,
    Approval,
    Proposal,
    ProposalText,
    encode_text,
)
from kerege.centralbank.actions_wire import ApprovalIn, ProposalIn, ProposalList
from kerege.keys import SigningKey, key_thumbprint, sign_compact
from kerege.payments.vat_claims import OpenClaims
from kerege.programmes.contract_tree import ContractTree
from kerege.programmes.report import ProgrammeReport
from kerege.programmes.vat_graph import VatGraph
from kerege.runtime import Clock, Randomness
from kerege.service import NodeClient

__all__ = ["LIFE_US", "StaffLine"]

LIFE_US: Final = 24 * 3600 * 1_000_000
"""How long a proposal waits for its approval: a working day and a night, in microseconds."""

_ID_BYTES: Final = 16


class StaffLine:
    """One person's line to the core at `url`. Use as a context."""

    def __init__(self, url: str, key: SigningKey, *, clock: Clock, randomness: Randomness) -> None:
        """`key` is the person's own: it signs requests and what is proposed and approved."""
        self._key = key
        self._keyid = key_thumbprint(key.public_key)
        self._clock = clock
        self._randomness = randomness
        self._client = NodeClient(
            url, clock=clock, randomness=randomness, key=key, keyid=self._keyid
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def propose(self, action: Action, *, reason: str, not_before_us: int = 0) -> Proposal:
        """Propose. Raises what `NodeClient.post` raises."""
        drawn = self._randomness.draw(_ID_BYTES)
        text = ProposalText(
            id=f"prp_{drawn.hex()}",
            action=action,
            reason=reason,
            expires_us=max(self._clock.now_us(), not_before_us) + LIFE_US,
            not_before_us=not_before_us,
        )
        body = ProposalIn(self._sign(encode_text(text), PROPOSAL_TYP))
        return self._client.post("/v1/proposals", body, Proposal)

    def proposal(self, proposal_id: str) -> Proposal:
        """One proposal."""
        return self._client.get(f"/v1/proposals/{proposal_id}", Proposal)

    def proposals(self) -> list[Proposal]:
        """The newest, newest first."""
        return self._client.get("/v1/proposals", ProposalList).proposals

    def approve(self, proposal: Proposal) -> Proposal:
        """Approve what was read. Raises what `NodeClient.post` raises."""
        approval = Approval(proposal=proposal.id, sha256=proposal.sha256)
        body = ApprovalIn(self._sign(encode_text(approval), APPROVAL_TYP))
        return self._client.post(f"/v1/proposals/{proposal.id}/approvals", body, Proposal)

    def programme_report(self, programme: str, *, from_us: int, until_us: int) -> ProgrammeReport:
        """A programme's report over a period (µs); raises what `NodeClient.get` raises."""
        return self._client.get(
            f"/v1/programmes/{quote(programme, safe='')}/report",
            ProgrammeReport,
            query={"from_us": from_us, "until_us": until_us},
        )

    def contract_tree(self, programme: str) -> ContractTree:
        """A programme's contracts; raises what `NodeClient.get` raises."""
        return self._client.get(f"/v1/programmes/{quote(programme, safe='')}/tree", ContractTree)

    def vat_graph(self, programme: str) -> VatGraph:
        """Trade and its patterns; raises what `NodeClient.get` raises."""
        return self._client.get(_vat_path(programme, "graph"), VatGraph)

    def vat_claims(self, programme: str) -> OpenClaims:
        """Claims that wait for their answer; raises what `NodeClient.get` raises."""
        return self._client.get(_vat_path(programme, "claims"), OpenClaims)

    def _sign(self, payload: bytes, typ: str) -> str:
        return sign_compact(payload, self._key, kid=self._keyid, typ=typ).decode()


def _vat_path(programme: str, what: str) -> str:
    return f"/v1/programmes/{quote(programme, safe='')}/vat/{what}"
