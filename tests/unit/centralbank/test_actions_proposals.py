# SPDX-License-Identifier: Apache-2.0
"""Proposals and approvals are read strictly, with the place of what is wrong."""

from typing import Any

import msgspec
import pytest

from kerege.centralbank.actions import PublishFees, Suspend
from kerege.centralbank.actions_proposals import (
    Approval,
    ProposalFault,
    ProposalRefused,
    ProposalText,
    decode_approval,
    decode_proposal,
    digest_of,
    encode_text,
)
from kerege.payments.fees import FeeRule, FeeSchedule

TEXT = ProposalText(
    id="prp_" + "1" * 32,
    action=Suspend(participant="altyn"),
    reason="as the board decided",
    expires_us=5,
)
APPROVAL = Approval(proposal=TEXT.id, sha256=digest_of(b"x"))


def test_they_come_back_as_they_went() -> None:
    assert decode_proposal(encode_text(TEXT)) == TEXT
    assert decode_approval(encode_text(APPROVAL)) == APPROVAL


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"id": "prp_1"}, "$.id"),
        ({"id": "prp_" + "1" * 32 + "\n"}, "$.id"),
        ({"reason": ""}, "$.reason"),
        ({"reason": "x" * 301}, "$.reason"),
        ({"reason": " padded "}, "$.reason"),
        ({"reason": "two\nlines"}, "$.reason"),
        ({"expires_us": -1}, "$.expires_us"),
        ({"more": 1}, ""),
        ({"action": {"kind": "print-money"}}, "$.action.kind"),
        ({"action": {"kind": "suspend", "participant": "Altyn"}}, "$.action.participant"),
        ({"action": {"kind": "suspend", "participant": "altyn", "x": 1}}, "$.action"),
    ],
)
def test_faults_have_their_place(change: dict[str, Any], place: str) -> None:
    raw = msgspec.json.decode(encode_text(TEXT)) | change
    with pytest.raises(ProposalRefused) as caught:
        decode_proposal(msgspec.json.encode(raw))
    assert (caught.value.code, caught.value.place) == (ProposalFault.TEXT_INVALID, place)


@pytest.mark.parametrize("payload", [b"", b"\xff", b"[" * 100_000, b"null", b'{"reason":"\xff"}'])
def test_rubbish(payload: bytes) -> None:
    for decode in (decode_proposal, decode_approval):
        with pytest.raises(ProposalRefused):
            decode(payload)


def test_a_fee_schedule_is_read_as_strictly_as_ever() -> None:
    texts = {"kk": "a", "ru": "a", "en": "a"}
    rule = FeeRule(
        name="a", asset="KZT", paid_by="payer", collector="wal_" + "0" * 32, texts=texts,  # type: ignore[arg-type]
        minimum=5, maximum=4,
    )  # fmt: skip
    action = PublishFees(schedule=FeeSchedule(version=1, rules=(rule,)))
    with pytest.raises(ProposalRefused) as caught:
        decode_proposal(encode_text(msgspec.structs.replace(TEXT, action=action)))
    assert caught.value.place.startswith("$.action.schedule.rules[0]")
