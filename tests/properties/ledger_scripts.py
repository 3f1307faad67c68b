# SPDX-License-Identifier: Apache-2.0
"""Scripts for a ledger: batches of orders of every kind, and time that passes in between.

Pending transfers are resolved by orders that mostly name them rightly, and ids are reused,
so that a script goes through the ledger rather than bouncing off its first checks.
"""

from typing import NamedTuple

from hypothesis import strategies as st

from kerege.ledger.account import MAX_AMOUNT, Role, Status
from kerege.ledger.ids import AccountId, Mark, OrderId
from kerege.ledger.order import (
    CloseAccount,
    DeclareAsset,
    Expectation,
    Kind,
    OpenAccount,
    Order,
    PendingRef,
    SetLimits,
    SetStatus,
    Step,
    Terms,
    Transfer,
)

__all__ = ["ACCOUNTS", "BEGINNING", "Pause", "scripts"]

ACCOUNTS = 8
"""Opened at the beginning; scripts also name accounts that are opened later, or never."""


class Pause(NamedTuple):
    """Time passes; then what is due expires if `expire`, or else with the next batch."""

    seconds: int
    expire: bool


def _id(number: int) -> OrderId:
    return OrderId(number.to_bytes(16, "big"))


BEGINNING = (
    Order(
        id=_id(1),
        steps=(
            DeclareAsset("KZT", 2),
            OpenAccount("KZT", Role.ISSUER, "issuer", floor=None),
            OpenAccount("KZT", Role.HOLDER, "aru"),
            OpenAccount("KZT", Role.HOLDER, "bek", ceiling=300),
            OpenAccount("KZT", Role.HOLDER, "overdrawn", floor=-100, ceiling=200),
            OpenAccount("KZT", Role.COLLECTOR, "tax"),
            OpenAccount("KZT", Role.COLLECTOR, "shop"),
            OpenAccount("KZT", Role.CONVERTER, "marks"),
            OpenAccount("KZT", Role.ISSUER, "second", floor=None),
        ),
    ),
    Order(
        id=_id(2),
        steps=(Transfer(AccountId(1), AccountId(2), 500), Transfer(AccountId(1), AccountId(5), 90)),
    ),
)

_accounts = st.integers(1, ACCOUNTS + 2).map(AccountId)
_marks = st.sampled_from([0, 0, 0, 7, 9]).map(Mark)
_amounts = st.sampled_from([1, 5, 40, 120, 400, 0, 2 * 10**17, MAX_AMOUNT, MAX_AMOUNT + 1])
_usual = st.sampled_from([1, 5, 40, 120, 400])

_changes: st.SearchStrategy[Step] = st.one_of(
    st.builds(
        SetStatus, account=_accounts, status=st.sampled_from([Status(bits) for bits in range(5)])
    ),
    st.builds(
        SetLimits,
        account=_accounts,
        floor=st.sampled_from([0, -50, None]),
        ceiling=st.sampled_from([None, 100, 1000]),
    ),
    st.builds(CloseAccount, account=_accounts),
    st.builds(DeclareAsset, asset=st.sampled_from(["KZT", "XAU-G", "bad"]), scale=st.just(2)),
    st.builds(
        OpenAccount,
        asset=st.sampled_from(["KZT", "XAU-G"]),
        role=st.sampled_from(Role),
        owner=st.sampled_from(["one", "two"]),
        floor=st.sampled_from([0, None]),
        ceiling=st.sampled_from([None, None, 60]),
    ),
)
_terms = st.one_of(
    *[st.just(Terms())] * 4,
    st.builds(
        Terms,
        valid_from_us=st.sampled_from([0, 5_000_000]),
        valid_until_us=st.sampled_from([0, 6_000_000]),
        expects=st.lists(
            st.builds(
                Expectation,
                account=_accounts,
                mark=_marks,
                balance=st.sampled_from([None, 0, 500]),
                version=st.sampled_from([None, None, 0, 1]),
            ),
            max_size=2,
        ).map(tuple),
    ),
)


@st.composite
def _steps(draw: st.DrawFn, pendings: list[tuple[PendingRef, Transfer]]) -> Step:
    kind = draw(st.sampled_from(["move", "move", "move", "hold", "resolve", "resolve", "change"]))
    if kind == "change":
        return draw(_changes)
    if kind == "resolve" and pendings:
        ref, held = draw(st.sampled_from(pendings))
        way = draw(st.sampled_from([Kind.CAPTURE, Kind.CAPTURE_PART, Kind.VOID]))
        debit = draw(st.sampled_from([held.debit] * 9 + [AccountId(2)]))
        amount = 0 if way is Kind.VOID else draw(_usual)
        return Transfer(debit, held.credit, amount, held.mark, way, pending=ref)
    debit, credit, mark = draw(_accounts), draw(_accounts), draw(_marks)
    if kind == "hold":
        seconds = draw(st.integers(1, 4))
        return Transfer(debit, credit, draw(_usual), mark, Kind.PENDING, timeout_s=seconds)
    way = draw(st.sampled_from([Kind.POST, Kind.POST, Kind.POST_UP_TO]))
    amount = draw(st.one_of(_usual, _usual, _usual, _amounts))
    return Transfer(debit, credit, amount, mark, way, code=draw(st.integers(0, 3)))


@st.composite
def scripts(draw: st.DrawFn) -> list[list[Order] | Pause]:
    """Batches and pauses, to be played after `BEGINNING`."""
    script: list[list[Order] | Pause] = []
    pendings: list[tuple[PendingRef, Transfer]] = []
    sent: list[Order] = []
    for _ in range(draw(st.integers(1, 6))):
        if draw(st.integers(0, 3)) == 0:
            script.append(Pause(draw(st.integers(0, 3)), draw(st.booleans())))
        batch: list[Order] = []
        for _ in range(draw(st.integers(1, 8))):
            if sent and draw(st.integers(0, 9)) == 0:
                batch.append(draw(st.sampled_from(sent)))
                continue
            order_id = _id(draw(st.sampled_from([0, 100, *[len(sent) + 200] * 8])))
            steps = tuple(draw(st.lists(_steps(pendings), max_size=4, min_size=1)))
            evidence = draw(st.sampled_from([b"", b"", b"signed"]))
            order = Order(order_id, steps, draw(_terms), evidence)
            pendings += [
                (PendingRef(order_id, place), step)
                for place, step in enumerate(steps)
                if isinstance(step, Transfer) and step.kind is Kind.PENDING
            ]
            batch.append(order)
            sent.append(order)
        script.append(batch)
    return script
