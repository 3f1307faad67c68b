# SPDX-License-Identifier: Apache-2.0
"""A reward names what it is for, always."""

from typing import Any

import msgspec
import pytest

from kerege.payments.documents import MalformedDocument, decode_document
from kerege.payments.reward_documents import Reward
from tests.walks import claim_of


def _reward(**more: Any) -> bytes:
    frame = {"kind": "reward", "id": "ord_" + "1" * 32, "wallet": "wal_" + "1" * 32}
    terms = {"until_us": 1, "programme": "walks", "to": "wal_" + "2" * 32, "units": 1}
    return msgspec.json.encode({**frame, **terms, "claim": claim_of("a walk"), **more})


def test_a_reward_is_read() -> None:
    assert isinstance(decode_document(_reward()), Reward)


@pytest.mark.parametrize(
    "member", [{"claim": ""}, {"claim": "A" * 44}, {"claim": "A" * 42 + "B"}, {"units": 0}]
)
def test_without_a_claim_it_is_none(member: dict[str, Any]) -> None:
    with pytest.raises(MalformedDocument):
        decode_document(_reward(**member))
