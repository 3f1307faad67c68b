# SPDX-License-Identifier: Apache-2.0
"""The core's problems are complete, and none hides one of every node's."""

import pytest

from kerege.centralbank.actions_proposals import ProposalFault
from kerege.centralbank.directory import DirectoryFault
from kerege.centralbank.http.problem_kinds import CORE_KINDS
from kerege.centralbank.http.problems import CORE_CODES, DIRECTORY_CODES, PROPOSAL_CODES
from kerege.service import LANGUAGES, PROBLEM_KINDS, Answering


@pytest.mark.parametrize("code", CORE_KINDS)
def test_every_kind_is_complete(code: str) -> None:
    kind = CORE_KINDS[code]
    assert 400 <= kind.status < 500
    assert sorted(kind.texts) == sorted(LANGUAGES)
    assert code not in PROBLEM_KINDS


def test_every_fault_has_a_code() -> None:
    assert set(PROPOSAL_CODES) == set(ProposalFault)
    assert set(DIRECTORY_CODES) == set(DirectoryFault)
    Answering(CORE_KINDS, CORE_CODES)
