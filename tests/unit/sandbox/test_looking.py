# SPDX-License-Identifier: Apache-2.0
import msgspec
from msgspec.structs import replace

from kerege.runtime import SystemClock
from kerege.sandbox.country import Country
from kerege.sandbox.looking import look
from kerege.sandbox.run_file import read_run


def test_everybody_is_seen_with_what_they_do(running_country: Country) -> None:
    looked = look(running_country, read_run(running_country.folder), SystemClock())
    roles = {seen.name: seen.role for seen in looked.processes}
    institutions = {one.id: one.kind for one in running_country.profile.institutions}
    witnesses = dict.fromkeys(("north", "south"), "witness")
    assert roles == institutions | witnesses | {"core": "core", "people": "people"}
    assert {seen.stage for seen in looked.processes} == {"ready"}
    assert all(seen.memory_bytes > 1 << 20 for seen in looked.processes)
    assert looked.up_s > 0


def test_money_log_and_people_are_seen(running_country: Country) -> None:
    looked = look(running_country, read_run(running_country.folder), SystemClock())
    assert looked.money is not None
    assert looked.money.asset == "KGS"
    assert looked.money.circulating == looked.money.issued == looked.money.reserves
    assert looked.log is not None
    assert looked.log.origin == running_country.profile.log_origin
    assert (looked.log.leaves > 0, looked.log.witnesses) == (True, 2)
    assert looked.people.payments >= 1
    assert msgspec.json.decode(msgspec.json.encode(looked), type=type(looked)) == looked


def test_who_does_not_answer_is_told_as_such(running_country: Country) -> None:
    state = read_run(running_country.folder)
    silent = tuple(replace(one, url=one.url and "http://127.0.0.1:9") for one in state.processes)
    looked = look(running_country, replace(state, processes=silent), SystemClock())
    stages = {seen.name: seen.stage for seen in looked.processes}
    assert stages.pop("people") == "ready", "who listens nowhere cannot be asked"
    assert set(stages.values()) == {"dead"}
    assert (looked.money, looked.log) == (None, None)


def test_the_second_process_of_an_institution_is_of_its_kind(running_country: Country) -> None:
    state = read_run(running_country.folder)
    (core,) = [one for one in state.processes if one.name == "core"]
    looked = look(
        running_country,
        replace(state, processes=(replace(core, name="core-2"),)),
        SystemClock(),
    )
    assert [seen.role for seen in looked.processes] == ["core"]
