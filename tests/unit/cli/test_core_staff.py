# SPDX-License-Identifier: Apache-2.0
"""A proposal in words, and options that pass through wrappers."""

import click

from kerege.centralbank.actions import Issue
from kerege.centralbank.actions_proposals import Proposal, ProposalText
from kerege.cli.core_staff import carrying, words_of

PROPOSAL = Proposal(
    id="prp_" + "0" * 32,
    number=1,
    kind="issue",
    state="executed",
    text=ProposalText(
        id="prp_" + "0" * 32,
        action=Issue(participant="altyn-bank", asset="KZT", amount=150_00),
        reason="salaries",
        expires_us=2,
        not_before_us=1_700_000_000_000_000,
    ),
    sha256="",
    proposer="aida",
    approver="berik",
    proposed_at_us=1_700_000_000_000_000,
    due_at_us=0,
    settled_at_us=0,
    order="",
    code="executed",
    explanation="",
)


def test_nothing_of_it_is_left_out() -> None:
    assert words_of(PROPOSAL).splitlines() == [
        f"{PROPOSAL.id}: issue, executed",
        "  participant: altyn-bank",
        "  asset: KZT",
        "  amount: 15000",
        "  reason: salaries",
        "  proposed by aida, 2023-11-14T22:13:20Z",
        "  not before 2023-11-14T22:13:20Z",
        "  approved by berik",
    ]


def test_options_are_carried_not_shared() -> None:
    @click.option("--inner")
    def inner() -> None:
        """The inner one."""

    def outer() -> None: ...

    carried = click.option("--outer")(carrying(outer, inner))
    assert carried.__doc__ == "The inner one."
    assert len(carried.__click_params__) == 2  # type: ignore[attr-defined]
    assert len(inner.__click_params__) == 1  # type: ignore[attr-defined]
