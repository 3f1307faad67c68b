# SPDX-License-Identifier: Apache-2.0
from collections.abc import Iterator

import pytest

from kerege.centralbank.actions import Issue, Suspend
from kerege.runtime import SystemClock
from kerege.sandbox.addresses import CORE
from kerege.sandbox.configuring import STAFF
from kerege.sandbox.country import Country
from kerege.sandbox.dual_control import ActionRefused, DualControl
from kerege.sandbox.looking import money_of
from kerege.sandbox.run_file import read_run

BANK = "komuz-bank"


@pytest.fixture
def control(running_country: Country) -> Iterator[DualControl]:
    url = read_run(running_country.folder).url(CORE)
    keys = running_country.central_bank / "keys"
    with DualControl(url, keys, STAFF, SystemClock()) as control:
        yield control


def test_what_two_people_sign_takes_effect_once_for_a_label(
    running_country: Country, control: DualControl
) -> None:
    state = read_run(running_country.folder)
    before = money_of(running_country, state).issued
    now_us = SystemClock().now_us()
    action = Issue(participant=BANK, asset="KGS", amount=700)
    steps: list[str] = []
    told = [
        control.carry_out(
            action,
            reason="a test",
            label="seven som",
            now_us=now_us,
            between=lambda: steps.append("proposed"),
        )
        for _ in range(2)
    ]
    assert told[0].id == told[1].id
    assert steps == ["proposed", "proposed"]
    assert money_of(running_country, state).issued == before + 700
    control.carry_out(action, reason="another")
    assert money_of(running_country, state).issued == before + 1400


def test_what_cannot_be_done_is_told(control: DualControl) -> None:
    with pytest.raises(ActionRefused) as caught:
        control.carry_out(Suspend(participant="nobody"), reason="a test")
    assert caught.value.code == "participant_unknown"
