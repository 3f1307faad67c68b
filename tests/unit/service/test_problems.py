# SPDX-License-Identifier: Apache-2.0
"""What a problem's body says."""

from kerege.service.problem_kinds import PROBLEM_KINDS
from kerege.service.problems import Problem, describe


def test_it_says_what_where_and_what_next() -> None:
    problem = Problem("conflict", "there are two", place="$.orders[3]")
    details = describe(
        "conflict", PROBLEM_KINDS["conflict"], problem, language="en", answer_id="ab12"
    )
    assert details.type == "urn:kerege:problem:conflict"
    assert (details.status, details.detail, details.place) == (409, "there are two", "$.orders[3]")
    assert details.remedy == "Look at what is there first."
    assert details.instance == "urn:kerege:answer:ab12"


def test_what_was_sent_cannot_blow_it_up_or_reach_a_terminal() -> None:
    problem = Problem("conflict", "x" * 10_000, place="\x1b[2J\n")
    details = describe("conflict", PROBLEM_KINDS["conflict"], problem, language="kk", answer_id="")
    assert len(details.detail) == 400
    assert details.place == "\N{REPLACEMENT CHARACTER}[2J\N{REPLACEMENT CHARACTER}"
    assert details.instance == ""
