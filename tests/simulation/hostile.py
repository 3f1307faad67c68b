# SPDX-License-Identifier: Apache-2.0
"""Orders that are malformed, each with the refusal it must get whatever the ledger holds."""

import random
from typing import Any

from msgspec.structs import replace

from kerege.ledger.account import MAX_AMOUNT, MAX_BALANCE, Role, Status
from kerege.ledger.ids import MAX_ACCOUNT_ID, MAX_MARK, OWN_IDS
from kerege.ledger.order import (
    MAX_CODE,
    MAX_EVIDENCE_BYTES,
    MAX_HOLD_S,
    MAX_STEPS,
    DeclareAsset,
    Expectation,
    Kind,
    OpenAccount,
    Order,
    PendingRef,
    SetLimits,
    SetStatus,
    Terms,
    Transfer,
)
from kerege.ledger.refusal import Refusal as R  # noqa: N817 -- it stands in every line

__all__ = ["expected_fault", "spoil", "spoil_row"]

GOOD = Transfer(debit=1, credit=2, amount=5)  # type: ignore[arg-type]
REF = PendingRef(order_id=bytes(15) + b"\x09")  # type: ignore[arg-type]
NUMBERS = (True, False, 1.0, None, "1", 2**63, 2**64, -(2**63), float("nan"), [1], b"1")

Spoiler = tuple[dict[str, Any], R]


def _fields(name: str, values: tuple[Any, ...], refusal: R) -> list[Spoiler]:
    return [({name: value}, refusal) for value in values]


TRANSFERS: list[Spoiler] = [
    *_fields("debit", (0, -1, MAX_ACCOUNT_ID + 1, *NUMBERS), R.ACCOUNT_ID_INVALID),
    *_fields("credit", (0, -1, MAX_ACCOUNT_ID + 1, *NUMBERS), R.ACCOUNT_ID_INVALID),
    *_fields("mark", (-1, MAX_MARK + 1, 0.0, *NUMBERS), R.MARK_INVALID),
    *_fields("code", (-1, MAX_CODE + 1, *NUMBERS), R.CODE_INVALID),
    *_fields("kind", (1, 0, 8, None, "POST", Kind.EXPIRE), R.KIND_NOT_ALLOWED),
    *_fields("amount", (0, -1, -(2**63), True, 1.0, None, "1", [1]), R.AMOUNT_MUST_BE_POSITIVE),
    *_fields("amount", (MAX_AMOUNT + 1, 2**63, 2**64, 2**200), R.AMOUNT_TOO_LARGE),
    *_fields("credit", (1,), R.ACCOUNTS_MUST_DIFFER),
    *_fields("timeout_s", (1, -1, *NUMBERS), R.TIMEOUT_INVALID),
    *_fields("pending", (REF, "x", 5, [REF]), R.PENDING_REFERENCE_INVALID),
    ({"kind": Kind.PENDING}, R.TIMEOUT_INVALID),
    ({"kind": Kind.PENDING, "timeout_s": MAX_HOLD_S + 1}, R.TIMEOUT_INVALID),
    ({"kind": Kind.CAPTURE}, R.PENDING_REFERENCE_INVALID),
    ({"kind": Kind.VOID, "amount": 0, "pending": [1]}, R.PENDING_REFERENCE_INVALID),
    ({"kind": Kind.VOID, "pending": REF}, R.AMOUNT_TOO_LARGE),
    *[
        ({"kind": Kind.CAPTURE, "pending": replace(REF, step=step)}, R.PENDING_REFERENCE_INVALID)
        for step in (-1, MAX_STEPS, 1.0, None, [1])
    ],
    *[
        ({"kind": Kind.CAPTURE, "pending": replace(REF, order_id=i)}, R.PENDING_REFERENCE_INVALID)
        for i in (b"", bytes(16), bytes(17), "x", None, 7, [1])
    ],
]

FRAMES: list[Spoiler] = [
    *_fields(
        "id", (b"", bytes(16), b"x" * 15, b"x" * 17, "x" * 16, None, 7, [1]), R.ORDER_ID_INVALID
    ),
    *_fields("id", (bytearray(b"x" * 16),), R.ORDER_ID_INVALID),
    *_fields("id", (OWN_IDS + b"x" * 8,), R.ORDER_ID_INVALID),
    *_fields("steps", ((), None, [GOOD], 5), R.STEPS_MISSING),
    *_fields("steps", ((GOOD,) * (MAX_STEPS + 1),), R.TOO_MANY_STEPS),
    *_fields("evidence", (None, "x", 5, [1]), R.EVIDENCE_INVALID),
    *_fields("evidence", (bytes(MAX_EVIDENCE_BYTES + 1),), R.EVIDENCE_TOO_LARGE),
    *_fields(
        "terms",
        (
            Terms(valid_from_us=-1),
            Terms(valid_from_us=1.0),  # type: ignore[arg-type]
            Terms(valid_until_us=2**63),
            Terms(valid_from_us=9, valid_until_us=8),
            Terms(valid_from_us=False),
            Terms(expects=(Expectation(1),) * 17),  # type: ignore[arg-type]
            Terms(expects=(Expectation(0),)),  # type: ignore[arg-type]
            Terms(expects=(Expectation(1, balance=2**63),)),  # type: ignore[arg-type]
            Terms(expects=(Expectation(1, version=-1),)),  # type: ignore[arg-type]
            Terms(expects=(Expectation([1]),)),  # type: ignore[arg-type]
            Terms(expects=[]),  # type: ignore[arg-type]
            Terms(expects=(5,)),  # type: ignore[arg-type]
            None,
            (0, 0, ()),
        ),
        R.TERMS_INVALID,
    ),
]

CHANGES: list[tuple[Any, R]] = [
    (DeclareAsset("kzt", 2), R.ASSET_INVALID),
    (DeclareAsset("", 2), R.ASSET_INVALID),
    (DeclareAsset("KZT\n", 2), R.ASSET_INVALID),
    (DeclareAsset("KZT", 19), R.ASSET_INVALID),
    (DeclareAsset("KZT", True), R.ASSET_INVALID),
    *[(OpenAccount("KZT", role, "owner"), R.ROLE_INVALID) for role in (1, 1.0, "x", None, [1])],  # type: ignore[arg-type]
    (OpenAccount("KZT", Role.HOLDER, "owner", floor=None), R.LIMITS_INVALID),
    (OpenAccount("KZT", Role.HOLDER, "owner", ceiling=2**63), R.LIMITS_INVALID),
    (OpenAccount("KZT", Role.COLLECTOR, "owner", ceiling=5), R.LIMITS_INVALID),
    (OpenAccount("KZT", Role.CONVERTER, "owner", floor=-5), R.LIMITS_INVALID),
    (OpenAccount("KZT", Role.ISSUER, "owner", floor=0), R.LIMITS_INVALID),
    *[(step, R.KIND_NOT_ALLOWED) for step in (None, 5, "x", (), REF)],
    *[
        (OpenAccount("KZT", Role.HOLDER, owner), R.OWNER_INVALID)  # type: ignore[arg-type]
        for owner in ("", "a b", "x" * 65, 5, "\n")
    ],
    (SetLimits(1, 1, None), R.LIMITS_INVALID),  # type: ignore[arg-type]
    (SetLimits(1, 0, -1), R.LIMITS_INVALID),  # type: ignore[arg-type]
    (SetLimits(1, 0.0, 5), R.LIMITS_INVALID),  # type: ignore[arg-type]
    (SetLimits("1", 0, 5), R.ACCOUNT_ID_INVALID),  # type: ignore[arg-type]
    (SetStatus(1, 4), R.STATUS_INVALID),  # type: ignore[arg-type]
    (SetStatus(1, 8), R.STATUS_INVALID),  # type: ignore[arg-type]
    (SetStatus(1, None), R.STATUS_INVALID),  # type: ignore[arg-type]
]

_LAST = MAX_ACCOUNT_ID
AT_THE_EDGE: list[Any] = [
    replace(GOOD, debit=_LAST),
    replace(GOOD, credit=_LAST),
    replace(GOOD, mark=MAX_MARK),
    replace(GOOD, code=MAX_CODE),
    replace(GOOD, amount=1),
    replace(GOOD, amount=MAX_AMOUNT),
    replace(GOOD, kind=Kind.PENDING, timeout_s=1),
    replace(GOOD, kind=Kind.PENDING, timeout_s=MAX_HOLD_S),
    replace(GOOD, kind=Kind.VOID, amount=0, pending=REF),
    replace(GOOD, kind=Kind.CAPTURE, pending=replace(REF, step=0)),
    replace(GOOD, kind=Kind.CAPTURE_PART, pending=replace(REF, step=MAX_STEPS - 1)),
    DeclareAsset("KZT", 0),
    DeclareAsset("A23456789-BC", 18),
    OpenAccount("KZT", Role.HOLDER, "!"),
    OpenAccount("KZT", Role.HOLDER, "~" * 64, floor=-MAX_BALANCE, ceiling=MAX_BALANCE),
    OpenAccount("KZT", Role.HOLDER, "x", ceiling=0),
    OpenAccount("KZT", Role.COLLECTOR, "x"),
    OpenAccount("KZT", Role.CONVERTER, "x"),
    OpenAccount("KZT", Role.ISSUER, "x", floor=None),
    SetLimits(_LAST, -MAX_BALANCE, MAX_BALANCE),  # type: ignore[arg-type]
    SetLimits(1, None, 0),  # type: ignore[arg-type]
    *[SetStatus(1, Status(n)) for n in range(4)],  # type: ignore[arg-type]
]
"""Steps that a limit moved by one would refuse."""

_faults: dict[int, tuple[Order, R, int]] = {}
_row_faults: dict[bytes, tuple[R, int]] = {}


def spoil(order: Order, rng: random.Random) -> Order:
    """An order with one thing wrong; `expected_fault` knows what it must be told."""
    steps: tuple[Any, ...]
    step = -1
    part = rng.randrange(3)
    if part == 0:
        change, refusal = rng.choice(FRAMES)
        spoiled = replace(order, **change)
    else:
        bad, refusal = rng.choice(CHANGES) if part == 1 else _bad_transfer(rng)
        step = rng.randrange(len(order.steps) + 1) if rng.random() < 0.3 else 0
        steps = (*order.steps[:step], bad) if step else (bad,)
        spoiled = Order(order.id, steps)
        step = len(steps) - 1
    _faults[id(spoiled)] = spoiled, refusal, step
    return spoiled


def _bad_transfer(rng: random.Random) -> tuple[Transfer, R]:
    change, refusal = rng.choice(TRANSFERS)
    return replace(GOOD, **change), refusal


COLUMNS: list[Spoiler] = [
    *_fields("debit", (0, -1, 2**62, 2**63 - 1, MAX_ACCOUNT_ID + 1), R.ACCOUNT_ID_INVALID),
    *_fields("credit", (0, -(2**63)), R.ACCOUNT_ID_INVALID),
    *_fields("amount", (0, -5, -(2**63)), R.AMOUNT_MUST_BE_POSITIVE),
    *_fields("amount", (MAX_AMOUNT + 1, 2**63 - 1), R.AMOUNT_TOO_LARGE),
    *_fields("code", (-1, MAX_CODE + 1), R.CODE_INVALID),
    *_fields("credit", (1,), R.ACCOUNTS_MUST_DIFFER),
]


def spoil_row(order: Order, rng: random.Random) -> Order:
    """A plain order with one 64-bit integer wrong, for the columnar way in."""
    change, refusal = rng.choice(COLUMNS)
    spoiled = Order(order.id, (replace(GOOD, **change),))
    _row_faults[order.id] = refusal, 0
    return spoiled


def expected_fault(order: Order) -> tuple[R, int] | None:
    """The refusal and step of a spoiled order, None for any other."""
    found = _faults.get(id(order))
    if found is not None:
        return found[1], found[2]
    return _row_faults.get(order.id) if _row_faults else None
