# SPDX-License-Identifier: Apache-2.0
"""What another bank answers about a case, and what it is to us."""

from collections.abc import Iterator

import pytest

from kerege.bank.core_line import CoreUnreachable
from kerege.bank.peer_cases import CaseAnswer, CaseEvidence, CaseRefused, PeerCases
from kerege.runtime import ManualClock, SystemRandomness
from kerege.service import NodeClient
from tests.receivers import Receiver, receiving

CASE = "dsp_" + "1" * 32
WALLET = "wal_" + "1" * 32


@pytest.fixture
def post() -> Iterator[Receiver]:
    with receiving() as made:
        yield made


@pytest.fixture
def peers(post: Receiver) -> Iterator[PeerCases]:
    line = NodeClient(
        f"http://{post.authority}", clock=ManualClock(1), randomness=SystemRandomness()
    )
    yield PeerCases({"post": line}.get)
    line.close()


def test_a_refusal_names_its_rule_and_all_else_is_no_answer(
    peers: PeerCases, post: Receiver
) -> None:
    problem = {"type": "", "title": "No", "status": 422, "place": "too_late"}
    route = f"POST /v1/peers/disputes/{CASE}/answer"
    post.routes[route] = (422, {**problem, "code": "dispute_refused"})
    with pytest.raises(CaseRefused) as caught:
        peers.answer("post", CASE, CaseAnswer(WALLET, 1))
    assert caught.value.place == "too_late"
    for status, code in ((404, "not_found"), (401, "signature_invalid"), (503, "unavailable")):
        post.routes[route] = (status, {**problem, "status": status, "code": code})
        with pytest.raises(CoreUnreachable):
            peers.answer("post", CASE, CaseAnswer(WALLET, 1))
    with pytest.raises(CoreUnreachable):
        peers.give_evidence("unheard-of", CASE, CaseEvidence(WALLET, "A" * 43))
    with pytest.raises(CoreUnreachable):
        peers.show("unheard-of", CASE)
