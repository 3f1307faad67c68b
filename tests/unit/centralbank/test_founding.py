# SPDX-License-Identifier: Apache-2.0
"""A country is founded by its settings, once."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from kerege.centralbank.core_settings import CoreSettingsError, read_core_settings
from kerege.centralbank.founding import found_as_set
from kerege.centralbank.register import Register
from kerege.centralbank.register_facts import CountryNotFounded
from kerege.ledger import open_ledger
from kerege.runtime import ManualClock
from tests.cores import write_settings
from tests.ledgers import START_US
from tests.registers import PARAMETERS


@pytest.fixture
def register(tmp_path: Path):  # type: ignore[no-untyped-def]
    clock = ManualClock(START_US)
    ledger = open_ledger(f"sqlite:///{tmp_path}/ledger.db", now_us=clock.now_us)
    register = Register(f"sqlite:///{tmp_path}/register.db", ledger, clock)
    yield register
    register.close()
    ledger.close()


def test_founded_and_found(register: Register, tmp_path: Path) -> None:
    settings = read_core_settings(write_settings(tmp_path))
    for _ in range(2):
        found_as_set(register, settings)
    assert register.parameters() == PARAMETERS
    assert register.participant("staff-aru") is not None


def test_nothing_to_found(register: Register, tmp_path: Path) -> None:
    settings = read_core_settings(write_settings(tmp_path))
    found_as_set(register, replace(settings, founding=None))
    with pytest.raises(CountryNotFounded):
        register.parameters()


def test_mistakes(register: Register, tmp_path: Path) -> None:
    settings = read_core_settings(write_settings(tmp_path))
    assert settings.founding is not None
    bad_key = replace(settings.founding, operator="{}")
    with pytest.raises(CoreSettingsError) as raised:
        found_as_set(register, replace(settings, founding=bad_key))
    assert raised.value.place == "founding.operator"
    no_file = replace(settings.founding, parameters="nowhere.json")
    with pytest.raises(CoreSettingsError, match="cannot be read"):
        found_as_set(register, replace(settings, founding=no_file))
