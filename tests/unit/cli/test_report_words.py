# SPDX-License-Identifier: Apache-2.0
"""Whatever a report can tell of has words."""

import pytest

from kerege.centralbank.programme_flows import FlowKind
from kerege.centralbank.register_programmes import ProgrammeState
from kerege.cli.programme_tree import _PARTS
from kerege.cli.report_words import REPORT_TEXTS
from kerege.programmes.contract_tree import Branch


@pytest.mark.parametrize("flow", FlowKind)
def test_every_flow(flow: FlowKind) -> None:
    assert f"flow.{flow}" in REPORT_TEXTS


@pytest.mark.parametrize("state", ProgrammeState)
def test_every_state(state: ProgrammeState) -> None:
    assert f"state.{state}" in REPORT_TEXTS


@pytest.mark.parametrize("part", _PARTS)
def test_every_part_of_a_branch(part: str) -> None:
    assert f"tree.{part}" in REPORT_TEXTS
    assert part in Branch.__struct_fields__
