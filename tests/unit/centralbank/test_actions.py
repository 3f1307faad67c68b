# SPDX-License-Identifier: Apache-2.0
"""Actions have one word each."""

import re
import typing
from pathlib import Path

from kerege.centralbank.actions import COURT_ACTIONS, Action, Disclose, Warrant, kind_of


def test_every_action_has_its_word() -> None:
    kinds = [each.__struct_config__.tag for each in typing.get_args(Action)]
    assert len(set(kinds)) == len(kinds) == 20
    court = Warrant(authority="a court", kind="court-order")
    assert kind_of(Disclose(wallet="wal_" + "0" * 32, warrant=court)) == "disclose"


def test_court_actions_carry_a_warrant() -> None:
    with_warrant = [each for each in typing.get_args(Action) if "warrant" in each.__struct_fields__]
    assert tuple(with_warrant) == COURT_ACTIONS


ROOT = Path(__file__).parents[3]


def test_every_action_and_every_refusal_is_documented() -> None:
    page = (ROOT / "docs/formats/proposals.md").read_text(encoding="utf-8")
    kinds = {each.__struct_config__.tag for each in typing.get_args(Action)}
    source = "".join(
        path.read_text(encoding="utf-8")
        for path in (ROOT / "src/kerege/centralbank").glob("actions_*.py")
    )
    codes = set(re.findall(r"Unable\(\s*\"([a-z_]+)\"", source))
    assert len(codes) > 20
    assert [word for word in sorted(kinds | codes) if f"`{word}`" not in page] == []
