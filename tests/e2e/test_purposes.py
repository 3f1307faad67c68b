# SPDX-License-Identifier: Apache-2.0
"""Programmes in a running country: put in force by its agencies, lived by its people."""

import json
import subprocess
import sys
import time
from typing import Any

from kerege.sandbox.addresses import CORE, Addresses
from kerege.sandbox.country import Country
from kerege.sandbox.living import read_living
from kerege.sandbox.terms import PROGRAMMES

WITHIN_S = 90


def programmes(country: Country) -> dict[str, Any]:
    """What the command lists, by name."""
    core = Addresses(country.settings.ports).url(CORE)
    told = subprocess.run(
        [sys.executable, "-m", "kerege", "programme", "list", "--core", core, "--json"],
        capture_output=True,
        text=True,
        check=True,
    )
    return {one["id"]: one for one in json.loads(told.stdout)["programmes"]}


def test_four_programmes_are_in_force_and_people_live_by_them(running_country: Country) -> None:
    deadline = time.monotonic() + WITHIN_S
    found: dict[str, Any] = {}
    before = read_living(running_country.people).with_purpose
    while time.monotonic() < deadline:
        found = programmes(running_country)
        living = read_living(running_country.people)
        if set(found) >= set(PROGRAMMES) and living.with_purpose > before + 5:
            break
        time.sleep(0.5)
    assert {name: found[name]["state"] for name in PROGRAMMES} == dict.fromkeys(
        PROGRAMMES, "active"
    )
    assert read_living(running_country.people).with_purpose > before + 5
