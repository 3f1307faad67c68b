# SPDX-License-Identifier: Apache-2.0
"""Bodies of proposals and approvals: bounded, and nothing more than they name."""

import msgspec
import pytest

from kerege.centralbank.actions_proposals import MAX_APPROVAL_BYTES, MAX_PROPOSAL_BYTES
from kerege.centralbank.actions_wire import ApprovalIn, ProposalIn, ProposalList


@pytest.mark.parametrize(
    ("kind", "member", "most"),
    [(ProposalIn, "proposal", MAX_PROPOSAL_BYTES), (ApprovalIn, "approval", MAX_APPROVAL_BYTES)],
)
def test_a_body_is_one_text_within_bounds(
    kind: type[ProposalIn | ApprovalIn], member: str, most: int
) -> None:
    assert msgspec.convert({member: "x" * most}, kind)
    for wrong in ({member: ""}, {member: "x" * (most + 1)}, {member: "x", "more": 1}, {}):
        with pytest.raises(msgspec.ValidationError):
            msgspec.convert(wrong, kind)


def test_a_list_may_be_empty() -> None:
    assert msgspec.json.decode(b'{"proposals":[]}', type=ProposalList).proposals == []
