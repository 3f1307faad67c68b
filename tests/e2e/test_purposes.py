# SPDX-License-Identifier: Apache-2.0
"""Programmes in a running country: put in force by its agencies, lived by its people."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from kerege.sandbox.addresses import CORE, Addresses
from kerege.sandbox.country import Country
from kerege.sandbox.living import read_living
from kerege.sandbox.terms import PROGRAMMES

WITHIN_S = 90
_T = TypeVar("_T")


def kerege(*arguments: str, **environment: str) -> Any:
    """What a command tells a program."""
    told = subprocess.run(
        [sys.executable, "-m", "kerege", *arguments, "--json"],
        env={**os.environ, "KEREGE_LANGUAGE": "en", **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 0, told.stdout + told.stderr
    return json.loads(told.stdout)


def eventually(look: Callable[[], _T], want: Callable[[_T], bool]) -> _T:
    """What is seen once it is as wanted."""
    deadline = time.monotonic() + WITHIN_S
    while not want(seen := look()):
        assert time.monotonic() < deadline, f"still {seen}"
        time.sleep(0.5)
    return seen


def programmes(country: Country) -> dict[str, Any]:
    """What the command lists, by name."""
    core = Addresses(country.settings.ports).url(CORE)
    found = kerege("programme", "list", "--core", core)["programmes"]
    return {one["id"]: one for one in found}


def test_programmes_are_in_force_and_people_live_by_them(running_country: Country) -> None:
    before = read_living(running_country.people).with_purpose
    found = eventually(
        lambda: programmes(running_country), lambda seen: set(seen) >= set(PROGRAMMES)
    )
    states = {name: found[name]["state"] for name in PROGRAMMES}
    assert states == dict.fromkeys(PROGRAMMES, "active")
    eventually(
        lambda: read_living(running_country.people).with_purpose, lambda seen: seen > before + 5
    )


def test_a_guardian_sees_meals_that_were_paid_by_card(
    running_country: Country, tmp_path: Path
) -> None:
    (pupil, *_) = kerege("pupils", "--folder", str(running_country.folder))["pupils"]
    me = {"KEREGE_PURSE": str(tmp_path / "purse"), "KEREGE_BANK": pupil["bank"]}
    kerege("wallet", "login", "--phone", pupil["phone"], **me)
    (card, *_) = eventually(lambda: kerege("card", "list", **me)["cards"], bool)
    assert pupil["card"].endswith(card["ending"].strip("*"))
    seen = eventually(
        lambda: kerege("wallet", "allowance", card["wallet"], **me),
        lambda seen: any(move["change"] < 0 for move in seen["moves"]),
    )
    meal = next(move for move in reversed(seen["moves"]) if move["change"] < 0)
    paid = {part.get("programme", ""): part["change"] for part in meal["parts"]}
    assert paid["school-meals"] < 0
    assert sum(paid.values()) == meal["change"]
    assert meal["name"], "the canteen is told by name, whichever its bank"
    left = {one.get("programme", ""): one for one in seen["balances"]}
    assert left["school-meals"]["ends_us"] > left["school-meals"].get("held", 0)
    assert list(seen["limits"].values()) == [{"day": 5_000_00}]
