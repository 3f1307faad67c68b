# SPDX-License-Identifier: Apache-2.0
"""A proposal in words, and options that pass through wrappers."""

import click
from msgspec.structs import replace

from kerege.centralbank.actions import ActivateProgramme, Issue
from kerege.centralbank.actions_proposals import Proposal, ProposalText
from kerege.cli.core_staff import carrying, words_of
from kerege.sandbox.shipped_programmes import shipped_programme
from tests.funders import signed_terms
from tests.registers import key_of, kid_of

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


def proposed(terms: str) -> str:
    text = replace(PROPOSAL.text, action=ActivateProgramme(terms=terms))
    return words_of(replace(PROPOSAL, kind="activate-programme", text=text))


def test_who_approves_a_programme_reads_its_terms() -> None:
    terms = shipped_programme(
        "movement", asset="KZT", funder="wal_" + "1" * 32, starts_us=1, ends_us=10**15
    )
    told = proposed(signed_terms(terms, key_of("funder")))
    assert f"signed with {kid_of(key_of('funder'))}" in told
    assert f'"budget": {terms.budget}' in told
    assert terms.title["ru"] in told
    assert terms.routes[0].conditions[0].cel in told


def test_letters_that_turn_or_hide_are_shown() -> None:
    terms = shipped_programme(
        "movement", asset="KZT", funder="wal_" + "1" * 32, starts_us=1, ends_us=10**15
    )
    odd = replace(terms, title={**terms.title, "en": "Pay\u202e\u200b\x9b"})
    told = proposed(signed_terms(odd, key_of("funder")))
    assert "Pay\\u202e\\u200b\\x9b" in told
    assert all(one.isprintable() or one == "\n" for one in told)


def test_terms_that_are_none_are_shown_as_they_came() -> None:
    assert "  terms: nonsense" in proposed("nonsense")


def test_options_are_carried_not_shared() -> None:
    @click.option("--inner")
    def inner() -> None:
        """The inner one."""

    def outer() -> None: ...

    carried = click.option("--outer")(carrying(outer, inner))
    assert carried.__doc__ == "The inner one."
    assert len(carried.__click_params__) == 2  # type: ignore[attr-defined]
    assert len(inner.__click_params__) == 1  # type: ignore[attr-defined]
