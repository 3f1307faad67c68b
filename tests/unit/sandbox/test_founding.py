# SPDX-License-Identifier: Apache-2.0
from kerege.runtime import SystemClock
from kerege.sandbox.addresses import CORE, Addresses
from kerege.sandbox.asking import ask_public
from kerege.sandbox.country import Country
from kerege.sandbox.founding import found_institutions
from kerege.sandbox.looking import money_of
from kerege.sandbox.run_file import read_run


def test_a_founding_done_again_changes_nothing(running_country: Country) -> None:
    state = read_run(running_country.folder)
    before = money_of(running_country, state)
    found_institutions(running_country, Addresses(running_country.settings.ports), SystemClock())
    assert money_of(running_country, state) == before


def test_everybody_is_licensed_under_their_names(running_country: Country) -> None:
    url = read_run(running_country.folder).url(CORE)
    told = ask_public(url, "/v1/participants", dict[str, list[dict[str, object]]])
    names = {one["id"]: one["name"] for one in told["participants"]}
    for institution in running_country.profile.institutions:
        assert names[institution.id] == institution.name
