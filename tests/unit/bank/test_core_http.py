# SPDX-License-Identifier: Apache-2.0
"""The line to a real core: signed requests, typed answers, and what no answer means."""

from collections.abc import Iterator
from typing import Any

import pytest

from kerege.bank.core_http import HttpCore
from kerege.bank.core_line import CoreUnreachable, Resolved
from kerege.keys import Algorithm, PrivateKey
from kerege.payments import Verdict
from kerege.payments.holdings import Balance, Line, WalletView
from kerege.runtime import ManualClock, SeededRandomness
from kerege.service import NodeClient, Refused
from tests.receivers import Receiver, receiving

WALLET = "wal_" + "0" * 32
ORDER = "ord_" + "0" * 32
VERDICT = {"order": ORDER, "code": "accepted", "number": 7}
PROBLEM = {"type": "x", "title": "No", "status": 404, "code": "not_found"}


@pytest.fixture
def core() -> Iterator[Receiver]:
    with receiving() as made:
        yield made


@pytest.fixture
def line(core: Receiver) -> Iterator[HttpCore]:
    made = line_to(core)
    yield made
    made.close()


def line_to(core: Receiver) -> HttpCore:
    return HttpCore(
        NodeClient(
            f"http://{core.authority}",
            clock=ManualClock(1_800_000_000_000_000),
            randomness=SeededRandomness(1),
            key=PrivateKey(Algorithm.ED25519, bytes(32)),
            keyid="altyn-bank",
        )
    )


def test_orders_go_signed_and_verdicts_come_back(core: Receiver, line: HttpCore) -> None:
    core.routes["POST /v1/orders"] = (200, {"verdicts": [VERDICT]})
    assert line.submit([b"a.b.c"]) == [Verdict(ORDER, "accepted", number=7)]
    assert b'{"orders":["a.b.c"]}' in core.requests[0]
    assert b"signature-input: " in core.requests[0].lower()
    core.routes["POST /v1/orders/try"] = (200, VERDICT)
    assert line.try_out(b"a.b.c").accepted


def test_what_the_core_knows(core: Receiver, line: HttpCore) -> None:
    view = {"id": WALLET, "bank": "b", "owner_kind": "person", "assets": ["KZT"]}
    entry = {"seq": 5, "order": ORDER, "at_us": 1, "asset": "KZT", "change": 1, "balance": 2}
    core.routes |= {
        f"GET /v1/orders/{ORDER}": (200, VERDICT),
        f"GET /v1/orders/{ORDER}/receipt": (200, b"a receipt"),
        f"GET /v1/wallets/{WALLET}": (200, view),
        f"GET /v1/wallets/{WALLET}/balances": (
            200,
            {"balances": [{"asset": "KZT", "balance": 5}]},
        ),
        f"GET /v1/wallets/{WALLET}/statement": (200, {"lines": [entry]}),
        "GET /v1/events": (200, {"events": [], "next": 4}),
        "POST /v1/aliases/resolve": (200, {"wallet": WALLET, "bank": "b"}),
    }
    assert line.verdict(ORDER) == Verdict(ORDER, "accepted", number=7)
    assert line.receipt(ORDER) == "a receipt"
    assert line.wallet(WALLET) == WalletView(WALLET, "b", "person", ("KZT",))
    assert line.balances(WALLET) == [Balance("KZT", 5)]
    assert line.statement(WALLET, asset="KZT", before=9, limit=2) == [
        Line(5, ORDER, 1, "KZT", 1, 2)
    ]
    assert b"before=9" in core.requests[-1]
    assert line.events(-1, limit=10, wait_s=0).next == 4
    assert line.resolve("tag") == Resolved(WALLET, "b")


def test_what_is_not_there_is_none(core: Receiver, line: HttpCore) -> None:
    core.routes |= {
        f"GET /v1/orders/{ORDER}": (404, PROBLEM),
        f"GET /v1/orders/{ORDER}/receipt": (404, PROBLEM),
        f"GET /v1/wallets/{WALLET}": (404, PROBLEM),
        f"GET /v1/wallets/{WALLET}/balances": (404, PROBLEM),
        f"GET /v1/wallets/{WALLET}/statement": (404, PROBLEM),
        "POST /v1/aliases/resolve": (404, PROBLEM),
        "DELETE /v1/aliases/tag": (404, PROBLEM),
    }
    assert line.verdict(ORDER) is None
    assert line.receipt(ORDER) is None
    assert line.wallet(WALLET) is None
    assert line.balances(WALLET) == []
    assert line.statement(WALLET, asset="KZT") == []
    assert line.resolve("tag") is None
    line.drop_alias("tag")


@pytest.mark.parametrize("status", [429, 500, 503])
def test_later_is_no_answer(core: Receiver, line: HttpCore, status: int) -> None:
    core.answer = f"HTTP/1.1 {status} X\r\ncontent-length: 0\r\nconnection: close\r\n\r\n".encode()
    for ask in (
        lambda: line.submit([b"a.b.c"]),
        lambda: line.verdict(ORDER),
        lambda: line.receipt(ORDER),
        lambda: line.events(0, limit=1),
        lambda: line.drop_alias("tag"),
        lambda: line.resolve("tag"),
    ):
        with pytest.raises(CoreUnreachable):
            ask()


def test_a_refusal_as_such_is_a_fault_of_the_set_up(core: Receiver, line: HttpCore) -> None:
    core.routes["POST /v1/orders"] = (401, {**PROBLEM, "status": 401, "code": "signature_missing"})
    with pytest.raises(Refused):
        line.submit([b"a.b.c"])


def test_nobody_there_is_no_answer() -> None:
    gone = Receiver()
    gone.port = 1
    line = line_to(gone)
    with pytest.raises(CoreUnreachable):
        line.submit([b"a.b.c"])
    line.close()


def test_a_report_is_asked_for_by_its_period(core: Receiver, line: HttpCore) -> None:
    empty: dict[str, Any] = {"figures": [], "standing": [], "refused": [], "flags": []}
    figures = {"from_us": 1, "until_us": 2, "budget": 3, "budget_left": 3}
    whole = {"is_complete": True, "is_standing_complete": True, "are_flags_complete": True}
    names = {"programme": "meals", "asset": "KZT", "state": "active"}
    told = {**names, **figures, **empty, **whole}
    core.routes["GET /v1/programmes/meals/report"] = (200, told)
    found = line.programme_report("meals", from_us=1, until_us=2)
    assert found is not None
    assert (found.programme, found.budget) == ("meals", 3)
    assert b"/v1/programmes/meals/report?from_us=1&until_us=2 " in core.requests[-1]


@pytest.mark.parametrize(("status", "code"), [(403, "not_allowed"), (404, "not_found")])
def test_what_is_not_for_this_bank_is_none(
    core: Receiver, line: HttpCore, status: int, code: str
) -> None:
    for ask, path in (
        (line.contract_tree, "tree"),
        (line.vat_graph, "vat/graph"),
        (line.vat_claims, "vat/claims"),
    ):
        problem = {**PROBLEM, "status": status, "code": code}
        core.routes[f"GET /v1/programmes/meals/{path}"] = (status, problem)
        assert ask("meals") is None
    revoked = {**PROBLEM, "status": 403, "code": "key_revoked"}
    core.routes["GET /v1/programmes/meals/tree"] = (403, revoked)
    with pytest.raises(Refused):
        line.contract_tree("meals")
