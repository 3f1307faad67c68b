# SPDX-License-Identifier: Apache-2.0
"""Two people act together, once: who may, what is refused, crashes and races."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from kerege.centralbank import actions_desk, actions_settling
from kerege.centralbank.actions import (
    Action,
    Admit,
    Freeze,
    PublishFees,
    ReservesIn,
    SetKeys,
    Suspend,
    Warrant,
)
from kerege.centralbank.actions_proposals import (
    APPROVAL_TYP,
    Approval,
    Proposal,
    ProposalRefused,
    encode_text,
)
from kerege.centralbank.register_participants import Role
from kerege.centralbank.stores import proposals
from kerege.keys import Algorithm, sign_compact
from kerege.ledger import UNMARKED, Ledger
from kerege.payments.fees import FeeSchedule
from tests.registers import HOUR_US, Country, jwk_of, key_of, kid_of

IN = ReservesIn(participant="altyn", asset="KZT", amount=5)
COURT = Warrant(authority="Almaty city court", kind="court-order", reference="7-12/3")


def _refusal(act: Callable[[], object]) -> str:
    with pytest.raises(ProposalRefused) as caught:
        act()
    assert caught.value.remedy
    return str(caught.value.code)


def _propose(country: Country, action: Action = IN, **more: Any) -> Proposal:
    text = country.sign_as("staff-aru", country.proposal(action, **more))
    return country.register.propose(text)


def _reserves(country: Country, bank: str = "altyn") -> int:
    account = country.register.accounts().reserves[bank, "KZT"]
    cell = country.ledger.cells(account).get(UNMARKED)
    return cell.balance if cell else 0


def test_one_proposes_another_approves(country: Country) -> None:
    country.bank("altyn")
    proposed = _propose(country)
    assert (proposed.state, proposed.kind, proposed.proposer) == (
        "proposed",
        "reserves-in",
        "staff-aru",
    )
    assert _reserves(country) == 0
    settled = country.register.approve(country.approval_of(proposed))
    assert (settled.state, settled.code, settled.approver) == ("executed", "executed", "staff-bek")
    assert _reserves(country) == 5
    assert country.register.proposal(proposed.id) == settled
    assert country.register.proposals(limit=1) == [settled]
    assert country.register.proposals(before=settled.number)[0].number == settled.number - 1


def test_the_evidence_is_both_texts(country: Country) -> None:
    country.bank("altyn")
    text = country.sign_as("staff-aru", country.proposal(IN))
    proposed = country.register.propose(text)
    approval = country.approval_of(proposed)
    settled = country.register.approve(approval)
    accepted = country.ledger.accepted(bytes.fromhex(settled.order[4:]))  # type: ignore[arg-type]
    assert accepted is not None
    assert accepted.order.evidence == text + b"\n" + approval


def test_repeats_change_nothing(country: Country) -> None:
    country.bank("altyn")
    proposal = country.proposal(IN)
    text = country.sign_as("staff-aru", proposal)
    first = country.register.propose(text)
    assert country.register.propose(text) == first
    approval = country.approval_of(first)
    settled = country.register.approve(approval)
    assert country.register.approve(approval) == settled
    assert country.register.propose(text) == settled
    assert _reserves(country) == 5
    other = country.sign_as("staff-aru", replace(proposal, reason="another reason"))
    assert _refusal(lambda: country.register.propose(other)) == "id_has_other_content"


def test_nobody_approves_their_own_proposal(country: Country) -> None:
    country.bank("altyn")
    proposed = _propose(country)
    own = country.approval_of(proposed, "staff-aru")
    assert _refusal(lambda: country.register.approve(own)) == "own_proposal"
    # Nor with a second key of their own.
    keys = tuple(jwk_of(key_of(name)) for name in ("staff-aru", "aru's other"))
    country.act(SetKeys(participant="staff-aru", keys=keys))
    other = country.approval_of(proposed, "aru's other")
    assert _refusal(lambda: country.register.approve(other)) == "own_proposal"


def test_only_staff_with_keys_in_force_act(country: Country) -> None:
    bank = country.bank("altyn")
    proposal = country.proposal(IN)
    for name in (bank.name, "nobody"):
        text = country.sign_as(name, proposal)
        assert _refusal(partial(country.register.propose, text)) == "key_unknown"
    proposed = country.register.propose(country.sign_as("staff-aru", proposal))
    by_bank = country.approval_of(proposed, bank.name)
    assert _refusal(lambda: country.register.approve(by_bank)) == "key_unknown"
    forged = country.approval_of(proposed)
    forged = forged[:-8] + (b"AAAAAAAA" if forged[-8:] != b"AAAAAAAA" else b"BBBBBBBB")
    assert _refusal(lambda: country.register.approve(forged)) in (
        "signature_invalid",
        "text_invalid",
    )
    # A proposal is no approval, whatever is in it.
    key = key_of("staff-bek")
    payload = encode_text(Approval(proposal=proposed.id, sha256=proposed.sha256))
    wrong = sign_compact(payload, key, kid=kid_of(key), typ="kerege-proposal")
    assert _refusal(lambda: country.register.approve(wrong)) == "signature_invalid"


def test_an_approval_is_of_the_text_that_was_proposed(country: Country) -> None:
    country.bank("altyn")
    proposed = _propose(country)
    other = Approval(proposal=proposed.id, sha256=_propose(country).sha256)
    text = country.sign_as("staff-bek", other)
    assert _refusal(lambda: country.register.approve(text)) == "digest_differs"
    nothing = Approval(proposal="prp_" + "f" * 32, sha256=proposed.sha256)
    unknown = country.sign_as("staff-bek", nothing)
    assert _refusal(lambda: country.register.approve(unknown)) == "proposal_unknown"


@pytest.mark.parametrize("text", [b"", b"a.b.c", b"x" * 70_000, b"\xff.\xff.\xff"])
def test_rubbish_is_refused(country: Country, text: bytes) -> None:
    assert _refusal(lambda: country.register.propose(text)) == "text_invalid"
    assert _refusal(lambda: country.register.approve(text)) == "text_invalid"


def test_a_proposal_expires(country: Country) -> None:
    country.bank("altyn")
    proposed = _propose(country)
    country.clock.advance_us(HOUR_US + 1)
    assert country.register.proposal(proposed.id).state == "expired"
    approval = country.approval_of(proposed)
    assert _refusal(lambda: country.register.approve(approval)) == "proposal_expired"
    assert country.register.run_due() == 1
    assert _refusal(lambda: country.register.approve(approval)) == "proposal_settled"
    assert country.register.run_due() == 0


@pytest.mark.parametrize(
    "times",
    [
        {"expires_us": 0},
        {"expires_us": 2**53},
        {"not_before_us": 2**53},
    ],
)
def test_times_are_bounded(country: Country, times: dict[str, Any]) -> None:
    assert _refusal(lambda: _propose(country, **times)) == "times_invalid"


def test_a_scheduled_action_waits_for_its_time(country: Country) -> None:
    country.bank("altyn")
    at_us = country.clock.now_us() + 10 * HOUR_US
    proposed = _propose(country, not_before_us=at_us)
    assert country.register.approve(country.approval_of(proposed)).state == "approved"
    assert country.register.run_due() == 0
    country.clock.advance_us(10 * HOUR_US)
    assert country.register.run_due() == 1
    settled = country.register.proposal(proposed.id)
    assert (settled.state, settled.settled_at_us) == ("executed", at_us)
    assert _reserves(country) == 5


def test_a_key_revoked_meanwhile_stops_a_scheduled_action(country: Country) -> None:
    country.bank("altyn")
    at_us = country.clock.now_us() + HOUR_US
    proposed = _propose(country, not_before_us=at_us)
    country.register.approve(country.approval_of(proposed))
    third = Admit(participant="staff-dan", roles=(Role.STAFF,), keys=(jwk_of(key_of("dan")),))
    country.act(third)
    country.act(Suspend(participant="staff-aru"))
    country.clock.advance_us(HOUR_US)
    assert country.register.run_due() == 1
    refused = country.register.proposal(proposed.id)
    assert (refused.state, refused.code) == ("refused", "key_revoked")
    assert refused.explanation
    assert _reserves(country) == 0


def test_too_many_open_proposals(country: Country, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions_desk, "MAX_OPEN", 2)
    _propose(country)
    _propose(country)
    assert _refusal(lambda: _propose(country)) == "too_many_open"


def test_a_second_signature_over_a_proposal_is_the_same_proposal(country: Country) -> None:
    country.bank("altyn")
    key = key_of("staff-es", Algorithm.ES256)
    country.act(Admit(participant="staff-es", roles=(Role.STAFF,), keys=(jwk_of(key),)))
    proposed = _propose(country)
    payload = encode_text(Approval(proposal=proposed.id, sha256=proposed.sha256))
    approval = sign_compact(payload, key, kid=kid_of(key), typ=APPROVAL_TYP)
    assert country.register.approve(approval).code == "executed"


def test_what_the_ledger_refuses_is_kept_with_an_explanation(country: Country) -> None:
    bank = country.bank("altyn")
    aru = country.person(bank)
    frozen = country.act(Freeze(wallet=aru.id, warrant=COURT))
    assert frozen.explanation == ""
    unknown = country.act(
        ReservesIn(participant="nobody", asset="KZT", amount=1), code="participant_unknown"
    )
    assert unknown.state == "refused"
    assert unknown.explanation
    assert country.register.approve(country.approval_of(unknown)) == unknown


def test_fees_come_into_force_at_their_time(country: Country) -> None:
    now_us = country.clock.now_us()
    country.act(PublishFees(schedule=FeeSchedule(version=1)))
    country.act(PublishFees(schedule=FeeSchedule(version=3, from_us=now_us + 5)))
    country.act(PublishFees(schedule=FeeSchedule(version=2)), code="fee_version_not_newer")
    register = country.register
    assert [register.fees(now_us + later).version for later in (0, 4, 5)] == [1, 1, 3]


def _crash(*_: object, **__: object) -> Any:
    raise RuntimeError("the power went")


CRASHES = [
    ("before the ledger", lambda patch: patch.setattr(Ledger, "post", _crash)),
    ("after the ledger", lambda patch: patch.setattr(actions_settling, "apply_action", _crash)),
    ("before the commit", lambda patch: patch.setattr(proposals, "settle", _crash)),
]


@pytest.mark.parametrize(("place", "crash"), CRASHES, ids=[name for name, _ in CRASHES])
@pytest.mark.parametrize("way", ["approved again", "by who runs what is due"])
def test_a_crash_is_completed_exactly_once(
    country: Country, monkeypatch: pytest.MonkeyPatch, place: str, crash: Any, way: str
) -> None:
    bank = country.bank("altyn")
    aru = country.person(bank)
    freeze = Freeze(wallet=aru.id, warrant=COURT)
    proposed = [_propose(country), _propose(country, freeze)]
    approvals = [country.approval_of(each) for each in proposed]
    with monkeypatch.context() as patch:
        crash(patch)
        for approval in approvals:
            with pytest.raises(RuntimeError):
                country.register.approve(approval)
    assert [country.register.proposal(each.id).state for each in proposed] == ["approved"] * 2
    assert country.register.access_log() == []
    if way == "approved again":
        for approval in approvals:
            country.register.approve(approval)
    else:
        node = country.node()
        assert node.run_due() == 2
        node.close()
    assert [country.register.proposal(each.id).state for each in proposed] == ["executed"] * 2
    assert _reserves(country) == 5
    (entry,) = country.register.access_log()
    assert (entry.number, entry.action, entry.institution) == (1, "freeze", "altyn")
    assert entry.authority == "Almaty city court"
    assert country.register.run_due() == 0


def test_many_approve_at_once(country: Country) -> None:
    _act_at_once(country)


def test_two_nodes_on_postgresql(pg_url: str, tmp_path: Path) -> None:
    country = Country(tmp_path, url=pg_url, ledger_url=pg_url)
    _act_at_once(country)
    country.close()


def _act_at_once(country: Country) -> None:
    """Eight proposals, each approved by two nodes at once, while both run what is due."""
    country.bank("altyn")
    nodes = [country.register, country.node()]
    proposed = [_propose(country) for _ in range(8)]
    turns = [(nodes[n], country.approval_of(each)) for each in proposed for n in (0, 1)]
    with ThreadPoolExecutor(4) as pool:
        running = [pool.submit(node.run_due) for node in nodes]
        codes = list(pool.map(lambda turn: turn[0].approve(turn[1]).state, turns))
        for each in running:
            each.result()
    assert set(codes) == {"executed"}
    assert _reserves(country) == 40
    decided = country.register.accounts().decided
    assert country.ledger.cells(decided)[UNMARKED].balance == 9
    nodes[1].close()
