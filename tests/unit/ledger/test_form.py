# SPDX-License-Identifier: Apache-2.0
# mypy: disable-error-code="arg-type, var-annotated"
"""Orders with values no type checker would let through: each refused by name, nothing raised.

Wrong types are the point here, so the checks of argument types are off in this file.
"""

from typing import Any

import pytest
from msgspec.structs import replace

from kerege.ledger.account import MAX_BALANCE, Role, Status
from kerege.ledger.form import fault_of_order
from kerege.ledger.ids import AccountId
from kerege.ledger.order import (
    MAX_EXPECTATIONS,
    CloseAccount,
    DeclareAsset,
    Expectation,
    Kind,
    OpenAccount,
    Order,
    PendingRef,
    SetLimits,
    SetStatus,
    Terms,
)
from kerege.ledger.refusal import Refusal
from kerege.money.asset import is_asset_code
from tests.ledgers import World, move, order_id

HUGE = 2**200


class OddInt(int):
    """A whole number that is not quite an `int`."""


NOT_WHOLE: list[Any] = [1.0, "1", None, OddInt(1), True, b"1", [1], (1, 2), HUGE, -HUGE]
HELD = {"kind": Kind.PENDING, "timeout_s": 5}
TAKE = {"kind": Kind.CAPTURE, "pending": PendingRef(order_id(7))}


def _order(step: Any, **frame: Any) -> Order:
    return replace(Order(order_id(1), (step,)), **frame)


STEPS: list[tuple[Any, Refusal]] = [
    *[(move(v, 2, 5), Refusal.ACCOUNT_ID_INVALID) for v in [0, -1, 2**36, *NOT_WHOLE]],
    *[(move(1, v, 5), Refusal.ACCOUNT_ID_INVALID) for v in [0, -1, 2**36, *NOT_WHOLE]],
    *[(move(1, 2, 5, v), Refusal.MARK_INVALID) for v in [-1, 2**26, 0.0, False, "", *NOT_WHOLE]],
    *[(move(1, 2, 5, code=v), Refusal.CODE_INVALID) for v in [-1, 2**31, 0.0, False, *NOT_WHOLE]],
    *[
        (move(1, 2, 5, kind=v), Refusal.KIND_NOT_ALLOWED)
        for v in [0, 1, 8, "POST", Kind.EXPIRE, None]
    ],
    *[
        (move(1, 2, v), Refusal.AMOUNT_MUST_BE_POSITIVE)
        for v in [0, -1, -HUGE, 5.0, True, None, "5", [5], (5, 6), OddInt(5)]
    ],
    *[(move(1, 2, v), Refusal.AMOUNT_TOO_LARGE) for v in [10**18, 2**63, 2**64, HUGE]],
    (move(1, 2, 1, kind=Kind.VOID, pending=PendingRef(order_id(7))), Refusal.AMOUNT_TOO_LARGE),
    (move(2, 2, 5), Refusal.ACCOUNTS_MUST_DIFFER),
    *[
        (move(1, 2, 5, timeout_s=v), Refusal.TIMEOUT_INVALID)
        for v in [1, -1, 0.0, False, *NOT_WHOLE]
    ],
    (move(1, 2, 5, kind=Kind.PENDING), Refusal.TIMEOUT_INVALID),
    (move(1, 2, 5, **TAKE, timeout_s=5), Refusal.TIMEOUT_INVALID),
    (move(1, 2, 5, pending=PendingRef(order_id(7))), Refusal.PENDING_REFERENCE_INVALID),
    (move(1, 2, 5, **HELD, pending=PendingRef(order_id(7))), Refusal.PENDING_REFERENCE_INVALID),
    *[
        (move(1, 2, 5, kind=Kind.CAPTURE, pending=v), Refusal.PENDING_REFERENCE_INVALID)
        for v in [
            None,
            "x",
            7,
            [],
            PendingRef(order_id(7), -1),
            PendingRef(order_id(7), 8192),
            PendingRef(order_id(7), True),
            *[PendingRef(id_) for id_ in ([], None, b"short", bytes(16), "x" * 16)],
        ]
    ],
    *[
        (DeclareAsset(v, 2), Refusal.ASSET_INVALID)
        for v in ["KZ", "kzt", "K" * 13, "KZT\n", None, 7]
    ],
    *[(DeclareAsset("KZT", v), Refusal.ASSET_INVALID) for v in [-1, 19, True, 2.0, None, "2"]],
    *[(OpenAccount(v, Role.HOLDER, "o"), Refusal.ASSET_INVALID) for v in ["", None, b"KZT"]],
    *[
        (OpenAccount("KZT", Role.HOLDER, v), Refusal.OWNER_INVALID)
        for v in ["", " ", "a b", "x" * 65, "ә", "a\n", None, 7, b"owner", ["o"]]
    ],
    *[
        (OpenAccount("KZT", v, "o"), Refusal.ROLE_INVALID)
        for v in [0, 5, 1, True, 1.0, None, "HOLDER", []]
    ],
    *[
        (OpenAccount("KZT", Role.HOLDER, "o", *limits), Refusal.LIMITS_INVALID)
        for limits in [(None, None), (1, None), (0, -1), (0.0, None), (0, HUGE), (False, None)]
    ],
    (OpenAccount("KZT", Role.COLLECTOR, "o", 0, 5), Refusal.LIMITS_INVALID),
    (OpenAccount("KZT", Role.CONVERTER, "o", -5), Refusal.LIMITS_INVALID),
    (OpenAccount("KZT", Role.ISSUER, "o", 0), Refusal.LIMITS_INVALID),
    *[
        (SetLimits(AccountId(1), v, None), Refusal.LIMITS_INVALID)
        for v in [1, -MAX_BALANCE - 1, "0"]
    ],
    *[(SetLimits(AccountId(1), 0, v), Refusal.LIMITS_INVALID) for v in [-1, MAX_BALANCE + 1, 0.0]],
    *[
        (SetStatus(AccountId(1), v), Refusal.STATUS_INVALID)
        for v in [Status.CLOSED, Status(7), Status(200), 1, 2.0, "1", None, True, -1]
    ],
    *[(CloseAccount(v), Refusal.ACCOUNT_ID_INVALID) for v in [0, None, "acc_1", 1.0, True, HUGE]],
    *[(v, Refusal.KIND_NOT_ALLOWED) for v in [None, 7, "POST", (), Terms()]],
]

FRAMES: list[tuple[dict[str, Any], Refusal]] = [
    *[
        ({"id": v}, Refusal.ORDER_ID_INVALID)
        for v in [bytes(16), b"x" * 15, b"x" * 17, b"", "x" * 16, None, 7, [], bytearray(16)]
    ],
    *[({"steps": v}, Refusal.STEPS_MISSING) for v in [(), None, 7, "", [move(1, 2, 5)]]],
    *[({"evidence": v}, Refusal.EVIDENCE_INVALID) for v in [None, "", "text", bytearray(3), 0, []]],
    *[({"terms": v}, Refusal.TERMS_INVALID) for v in [None, 7, ()]],
    *[
        ({"terms": Terms(valid_from_us=v)}, Refusal.TERMS_INVALID)
        for v in [-1, 2**62 + 1, 0.0, False, *NOT_WHOLE]
    ],
    ({"terms": Terms(valid_from_us=5, valid_until_us=4)}, Refusal.TERMS_INVALID),
    *[
        ({"terms": Terms(expects=v)}, Refusal.TERMS_INVALID)
        for v in [
            None,
            7,
            (None,),
            [Expectation(AccountId(1))],
            (Expectation(AccountId(1)),) * (MAX_EXPECTATIONS + 1),
            (Expectation(AccountId(0)),),
            (Expectation(AccountId(1), balance=1.5),),
            (Expectation(AccountId(1), balance=MAX_BALANCE + 1),),
            (Expectation(AccountId(1), version=-1),),
            (Expectation(AccountId(1), mark=2**26),),
        ]
    ],
]

CASES = [(_order(step), refusal, 0) for step, refusal in STEPS] + [
    (_order(move(1, 2, 5), **frame), refusal, -1) for frame, refusal in FRAMES
]


@pytest.mark.parametrize(("order", "refusal", "step"), CASES)
def test_a_faulty_value_is_refused_by_name(order: Order, refusal: Refusal, step: int) -> None:
    assert fault_of_order(order) == (refusal, step)


def test_faulty_orders_do_not_disturb_the_others_of_their_batch(world: World) -> None:
    payer, payee = world.holder(10**6), world.holder()
    good = [world.order(move(payer, payee, 1)) for _ in range(60)]
    mixed: list[Order] = []
    for place, (order, _, _) in enumerate(CASES):
        mixed += (order, good[place]) if place < len(good) else (order,)
    found = world.ledger.post(mixed)
    refused = [outcome for outcome in found if not outcome.accepted]
    assert [(o.refusal, o.step) for o in refused] == [(r, step) for _, r, step in CASES]
    assert world.balance(payee) == len(good)


@pytest.mark.parametrize(("order", "refusal", "step"), CASES)
def test_a_faulty_order_among_many_plain_ones_is_still_refused(
    order: Order, refusal: Refusal, step: int, world: World
) -> None:
    payer, payee = world.holder(10**6), world.holder()
    assert (payer, payee) == (2, 3)
    good = [world.order(move(payer, payee, 1)) for _ in range(50)]
    *others, found = world.ledger.post([*good, order])
    assert (found.refusal, found.step) == (refusal, step)
    assert all(outcome.accepted for outcome in others)


@pytest.mark.parametrize("code", ["KZT", "XAU-G", "A00000000000"])
def test_these_name_an_asset(code: str) -> None:
    assert is_asset_code(code)
