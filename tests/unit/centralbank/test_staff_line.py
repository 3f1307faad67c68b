# SPDX-License-Identifier: Apache-2.0
"""Two of the staff at a core."""

from pathlib import Path

import pytest

from kerege.centralbank.actions import Suspend
from kerege.centralbank.staff_line import StaffLine
from kerege.runtime import SystemClock, SystemRandomness
from kerege.service import Refused
from tests.cores import Core
from tests.registers import key_of


def line(core: Core, name: str) -> StaffLine:
    return StaffLine(core.url, key_of(name), clock=SystemClock(), randomness=SystemRandomness())


def test_one_proposes_another_approves(tmp_path: Path) -> None:
    with Core(tmp_path) as core, line(core, "staff-aru") as aru, line(core, "staff-bek") as bek:
        core.admit("altyn-bank")
        proposed = aru.propose(Suspend(participant="altyn-bank"), reason="a test")
        assert bek.proposals() == [proposed]
        with pytest.raises(Refused):
            aru.approve(proposed)
        done = bek.approve(bek.proposal(proposed.id))
        assert (done.state, done.approver) == ("executed", "staff-bek")
        found = core.node.register.participant("altyn-bank")
        assert found is not None
        assert found.suspended
