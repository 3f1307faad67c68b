# SPDX-License-Identifier: Apache-2.0
"""Steps of orders as Hypothesis draws them: few accounts, small amounts, so that things meet."""

from typing import Any

from hypothesis import strategies as st
from msgspec.structs import replace

from kerege.ledger.account import MAX_AMOUNT, Role, Status
from kerege.ledger.ids import AccountId, Mark, OrderId
from kerege.ledger.order import (
    NO_TERMS,
    CloseAccount,
    DeclareAsset,
    Expectation,
    Kind,
    OpenAccount,
    PendingRef,
    SetLimits,
    SetStatus,
    Step,
    Terms,
    Transfer,
)

__all__ = [
    "FOUNDING",
    "amounts",
    "expiry",
    "pendings",
    "plain",
    "resolution",
    "resolving_kinds",
    "steps",
    "terms",
    "timed",
]

FOUNDING: tuple[Step, ...] = (
    DeclareAsset("KZT", 2),
    DeclareAsset("XAU-G", 4),
    OpenAccount("KZT", Role.ISSUER, "centralbank", floor=None),
    OpenAccount("KZT", Role.HOLDER, "aru", ceiling=1_000),
    OpenAccount("KZT", Role.HOLDER, "bek", floor=-300),
    OpenAccount("KZT", Role.COLLECTOR, "tax"),
    OpenAccount("KZT", Role.CONVERTER, "programme"),
    OpenAccount("XAU-G", Role.ISSUER, "vault", floor=None),
    OpenAccount("XAU-G", Role.HOLDER, "aru"),
)
ACCOUNTS = len(FOUNDING) + 1

accounts = st.integers(1, ACCOUNTS).map(AccountId)
sides = st.lists(st.integers(1, 7) | accounts, min_size=2, max_size=2, unique=True)
amounts = st.integers(1, 40) | st.integers(1, 1_500) | st.just(MAX_AMOUNT)
marks = st.sampled_from((0, 0, 1, 2)).map(Mark)
resolving_kinds = st.sampled_from((Kind.CAPTURE, Kind.CAPTURE_PART, Kind.VOID))
ceilings = st.none() | st.integers(0, 2_000)


@st.composite
def transfers(draw: st.DrawFn, /, **fixed: Any) -> Transfer:
    """A transfer between two accounts, of `fixed` fields."""
    debit, credit = draw(sides)
    some = Transfer(AccountId(debit), AccountId(credit), draw(amounts), draw(marks))
    return replace(some, **fixed)


def plain() -> st.SearchStrategy[Transfer]:
    """What columns decide."""
    return transfers(mark=Mark(0))


def pendings() -> st.SearchStrategy[Transfer]:
    """Transfers that wait."""
    waits = st.sampled_from((1, 5, 100))
    return waits.flatmap(lambda wait: transfers(kind=Kind.PENDING, timeout_s=wait))


def resolution(held: Transfer, ref: PendingRef, kind: Kind, amount: int) -> Transfer:
    """What captures or voids `held`."""
    amount = 0 if kind is Kind.VOID else amount
    return Transfer(held.debit, held.credit, amount, held.mark, kind, pending=ref)


def expiry(ref: Any, sides_: tuple[int, int, int]) -> Transfer:
    """What the ledger itself does to a hold whose time has passed."""
    debit, credit, mark = sides_
    pending = PendingRef(OrderId(ref[0]), ref[1])
    return Transfer(
        AccountId(debit), AccountId(credit), 0, Mark(mark), Kind.EXPIRE, pending=pending
    )


def steps() -> st.SearchStrategy[Step]:
    """Any step, well formed."""
    holders = st.builds(
        OpenAccount,
        st.sampled_from(("KZT", "XAU-G", "NONE")),
        st.just(Role.HOLDER),
        st.just("someone"),
        st.integers(-500, 0),
        ceilings,
    )
    floors = st.none() | st.integers(-500, 0)
    freezes = st.sampled_from([Status(number) for number in range(4)])
    return st.one_of(
        transfers(),
        transfers(kind=Kind.POST_UP_TO),
        pendings(),
        holders,
        st.builds(SetLimits, accounts, floors, ceilings),
        st.builds(SetStatus, accounts, freezes | st.just(Status.OPEN)),
        st.builds(CloseAccount, accounts),
        st.builds(DeclareAsset, st.sampled_from(("KZT", "AAA", "BBB")), st.integers(0, 18)),
    )


def terms() -> st.SearchStrategy[Terms]:
    """Terms whose times count from now, in seconds: see `timed`."""
    expectations = st.builds(
        Expectation,
        accounts,
        marks,
        st.none() | st.integers(-50, 50),
        st.none() | st.integers(0, 3),
    )
    times = st.sampled_from((0, -1, 1, 60))
    drawn = st.builds(Terms, times, times, st.lists(expectations, max_size=2).map(tuple))
    return st.just(NO_TERMS) | st.just(NO_TERMS) | drawn


def timed(relative: Terms, now_us: int) -> Terms:
    """`relative` with real times; an end before the start is left out."""
    start, end = (
        now_us + seconds * 1_000_000 if seconds else 0
        for seconds in (relative.valid_from_us, relative.valid_until_us)
    )
    return Terms(start, 0 if end < start else end, relative.expects)
