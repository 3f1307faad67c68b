# SPDX-License-Identifier: Apache-2.0
"""Which exception is answered with which problem."""

import pytest
from litestar.exceptions import HTTPException, NotFoundException

from kerege.errors import InvariantViolation, KeregeError
from kerege.keys.http_signatures import HttpSignatureError, ReplayedRequestError
from kerege.ledger import StoreFailed
from kerege.payments import parse_wallet_id
from kerege.service.answering import Answering, headers_of
from kerege.service.problems import Problem, ProblemKind

ANSWERING = Answering()


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (Problem("conflict"), "conflict"),
        (Problem("never heard of"), "internal_error"),
        (HttpSignatureError("no"), "signature_missing"),
        (ReplayedRequestError("again"), "signature_replayed"),
        (StoreFailed("disk"), "unavailable"),
        (KeregeError("key file /secret/place"), "internal_error"),
        (NotFoundException(), "not_found"),
        (HTTPException(status_code=418), "request_invalid"),
        (HTTPException(status_code=507), "internal_error"),
        (InvariantViolation("ours"), "internal_error"),
    ],
)
def test_codes(error: Exception, code: str) -> None:
    assert ANSWERING.problem_of(error).code == code


def test_what_ails_us_is_not_told() -> None:
    for error in (StoreFailed("at postgresql://core"), KeregeError("in /var/lib")):
        problem = ANSWERING.problem_of(error)
        assert (problem.message, problem.place) == ("", "")


def test_what_was_wrong_with_the_request_is_told() -> None:
    with pytest.raises(KeregeError) as raised:
        parse_wallet_id("wal_1")
    assert "'wal_1' is not a wallet id" in ANSWERING.problem_of(raised.value).message


def test_a_room_adds_its_own() -> None:
    class TooFar(KeregeError):
        pass

    texts = {"en": ("Too far", "Come nearer.")}
    answering = Answering({"too_far": ProblemKind(403, texts)}, {TooFar: "too_far"})
    details = answering.details_of(answering.problem_of(TooFar("by 3 m")), "ru", {})
    assert (details.status, details.title, details.detail) == (403, "Too far", "by 3 m")


def test_a_code_without_text_is_found_at_the_start() -> None:
    with pytest.raises(ValueError, match="nameless"):
        Answering({}, {KeregeError: "nameless"})


def test_every_401_has_a_challenge() -> None:
    assert headers_of(Problem("signature_invalid"))["www-authenticate"] == "Signature"
    assert headers_of(Problem("sign_in_required"))["www-authenticate"] == "Bearer"
    assert "www-authenticate" not in headers_of(Problem("not_found"))
