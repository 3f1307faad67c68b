# SPDX-License-Identifier: Apache-2.0
"""What anyone may know."""

from kerege.centralbank.http.wire import PublicParticipants
from kerege.centralbank.register_parameters import Parameters
from kerege.keys import format_jwk
from tests.registers import PARAMETERS, key_of, kid_of
from tests.unit.centralbank.http.conftest import Town


def test_participants(town: Town) -> None:
    told = town.anyone.get("/v1/participants", PublicParticipants).participants
    by_name = {one.id: one for one in told}
    assert by_name["altyn-bank"].roles == ["intermediary"]  # type: ignore[index]
    key = key_of("altyn-bank")
    assert by_name["altyn-bank"].keys == {  # type: ignore[index]
        kid_of(key): format_jwk(key.public_key).decode()
    }
    assert by_name["dormant-bank"].suspended  # type: ignore[index]


def test_people_who_work_there_are_not_told(town: Town) -> None:
    assert b"staff" not in town.anyone.get_bytes("/v1/participants")


def test_the_countrys_parameters(town: Town) -> None:
    assert town.anyone.get("/v1/profile", Parameters) == PARAMETERS
