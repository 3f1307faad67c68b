# SPDX-License-Identifier: Apache-2.0
"""Batches of orders for few accounts, so that they meet, contend and fail."""

from hypothesis import strategies as st

from kerege.ledger.account import MAX_AMOUNT, MAX_BALANCE, Role, Status
from kerege.ledger.ids import MAX_ACCOUNT_ID, MAX_MARK, AccountId, Mark, OrderId
from kerege.ledger.order import (
    MAX_CODE,
    MAX_HOLD_S,
    MAX_STEPS,
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
    Transfer,
)

__all__ = ["ACCOUNTS", "batches", "openings", "well_formed_orders"]

ACCOUNTS = 20
"""Accounts a world begins with; ids a little above are opened on the way or never."""

_ids = st.integers(1, 60).map(lambda n: OrderId(n.to_bytes(16, "big")))
_accounts = st.integers(1, ACCOUNTS + 1).map(AccountId)
_marks = st.sampled_from([0, 0, 0, 1, 2]).map(Mark)
_small = st.integers(0, 9)
_statuses = st.sampled_from([Status(bits) for bits in range(4)])

_openings = st.builds(
    OpenAccount,
    asset=st.sampled_from(["KZT", "KZT", "XAU-G"]),
    role=st.sampled_from(Role),
    owner=st.just("owner"),
    floor=st.sampled_from([0, 0, None, -5]),
    ceiling=st.sampled_from([None, None, 10, 20]),
)

_limits = [(0, None), (0, None), (0, 12), (0, 20), (-5, None), (-5, 15)]
_good_openings = st.one_of(
    st.sampled_from(_limits).map(
        lambda limits: OpenAccount("KZT", Role.HOLDER, "owner", floor=limits[0], ceiling=limits[1])
    ),
    st.sampled_from([Role.COLLECTOR, Role.CONVERTER]).map(
        lambda role: OpenAccount("KZT", role, "owner")
    ),
)
_plain = st.builds(Transfer, debit=_accounts, credit=_accounts, amount=_small)
_any_transfer = st.builds(
    Transfer,
    debit=_accounts,
    credit=_accounts,
    amount=_small,
    mark=_marks,
    kind=st.sampled_from([Kind.POST, Kind.POST_UP_TO]),
)
_reserving = st.builds(
    Transfer,
    debit=_accounts,
    credit=_accounts,
    amount=_small,
    mark=_marks,
    kind=st.just(Kind.PENDING),
    timeout_s=st.integers(1, 3),
)
_resolving = st.builds(
    Transfer,
    debit=_accounts,
    credit=_accounts,
    amount=_small,
    mark=_marks,
    kind=st.sampled_from([Kind.CAPTURE, Kind.CAPTURE_PART, Kind.VOID]),
    pending=st.builds(PendingRef, order_id=_ids, step=st.integers(0, 2)),
)
_statuses_set = st.builds(SetStatus, account=_accounts, status=_statuses)
_changes = st.one_of(
    _openings,
    _statuses_set,
    st.builds(
        SetLimits,
        account=_accounts,
        floor=st.sampled_from([0, -5, None]),
        ceiling=st.sampled_from([None, 5, 30]),
    ),
    st.builds(CloseAccount, account=_accounts),
    st.builds(DeclareAsset, asset=st.sampled_from(["KZT", "USD-X"]), scale=st.just(2)),
)
_terms = st.builds(
    Terms,
    valid_from_us=st.sampled_from([0, 0, 10**9]),
    valid_until_us=st.sampled_from([0, 0, 10**10]),
    expects=st.lists(
        st.builds(
            Expectation, account=_accounts, mark=_marks, balance=st.none() | st.integers(0, 5)
        ),
        max_size=1,
    ).map(tuple),
)

_plain_orders = st.builds(Order, id=_ids, steps=st.tuples(_plain))
_signed_orders = st.builds(
    Order,
    id=_ids,
    steps=st.tuples(_plain),
    terms=st.just(Terms()) | _terms,
    evidence=st.sampled_from([b"", b"signed", b"signed by another"]),
)
_other_orders = st.builds(
    Order,
    id=_ids,
    steps=st.lists(
        st.one_of(_plain, _any_transfer, _reserving, _resolving, _changes), min_size=1, max_size=3
    ).map(tuple),
    terms=st.just(Terms()) | _terms,
)
_conversions = st.builds(
    lambda payer, converter, payee, amount, more: (
        Transfer(payer, converter, amount, mark=Mark(1)),
        Transfer(converter, payee, amount + more),
    ),
    _accounts,
    _accounts,
    _accounts,
    _small,
    st.sampled_from([0, 0, 0, 1]),
)
_simple_orders = st.builds(
    Order,
    id=_ids,
    steps=_conversions
    | st.lists(
        st.one_of(
            st.builds(Transfer, debit=_accounts, credit=_accounts, amount=_small, mark=_marks),
            _reserving,
        ),
        min_size=1,
        max_size=4,
    ).map(tuple),
    terms=st.just(Terms()) | _terms,
    evidence=st.sampled_from([b"", b"signed"]),
)
_single_changes = st.builds(
    Order, id=_ids, steps=st.tuples(st.one_of(_good_openings, _statuses_set, _changes))
)


def _as_given(orders: list[Order]) -> list[Order]:
    return orders


def _with_ids_of_their_own(orders: list[Order]) -> list[Order]:
    return [
        Order(OrderId((1000 + n).to_bytes(16, "big")), order.steps, order.terms)
        for n, order in enumerate(orders)
    ]


batches = st.builds(
    lambda first, orders, more, name: name(first + orders + more),
    st.lists(_single_changes, max_size=2),
    st.lists(st.one_of(_plain_orders, _signed_orders, _simple_orders), min_size=4, max_size=24),
    st.lists(st.one_of(*[_plain_orders] * 3, _other_orders), max_size=8),
    st.sampled_from([_as_given, _with_ids_of_their_own, _with_ids_of_their_own]),
)
"""One batch, often begun by changes of accounts; most without repeats, as columns like them."""

openings = st.lists(_good_openings, min_size=ACCOUNTS - 1, max_size=ACCOUNTS - 1)
"""Accounts 2 to `ACCOUNTS`, beside the issuer."""

_any_id = st.binary(min_size=16, max_size=16).map(OrderId)
_any_account = st.integers(1, MAX_ACCOUNT_ID).map(AccountId)
_any_mark = st.integers(0, MAX_MARK).map(Mark)
_floor = st.none() | st.integers(-MAX_BALANCE, 0)
_ceiling = st.none() | st.integers(0, MAX_BALANCE)
_asset = st.from_regex(r"[A-Z][A-Z0-9-]{2,11}", fullmatch=True)
_any_ref = st.builds(PendingRef, order_id=_any_id, step=st.integers(0, MAX_STEPS - 1))


def _transfers(
    kinds: list[Kind], timeout_s: st.SearchStrategy[int], pending: st.SearchStrategy[object]
) -> st.SearchStrategy[Transfer]:
    return st.builds(
        Transfer,
        debit=_any_account,
        credit=_any_account,
        amount=st.integers(0, MAX_AMOUNT),
        mark=_any_mark,
        kind=st.sampled_from(kinds),
        code=st.integers(0, MAX_CODE),
        timeout_s=timeout_s,
        pending=pending,
    )


_any_step = st.one_of(
    _transfers([Kind.POST, Kind.POST_UP_TO], st.just(0), st.none()),
    _transfers([Kind.PENDING], st.integers(1, MAX_HOLD_S), st.none()),
    _transfers([Kind.CAPTURE, Kind.CAPTURE_PART, Kind.VOID], st.just(0), _any_ref),
    st.builds(DeclareAsset, asset=_asset, scale=st.integers(0, 18)),
    st.builds(
        OpenAccount,
        asset=_asset,
        role=st.sampled_from(Role),
        owner=st.from_regex(r"[!-~]{1,64}", fullmatch=True),
        floor=_floor,
        ceiling=_ceiling,
    ),
    st.builds(SetLimits, account=_any_account, floor=_floor, ceiling=_ceiling),
    st.builds(SetStatus, account=_any_account, status=_statuses),
    st.builds(CloseAccount, account=_any_account),
)
_any_terms = st.builds(
    Terms,
    valid_from_us=st.integers(0, 2**62),
    valid_until_us=st.integers(0, 2**62),
    expects=st.lists(
        st.builds(
            Expectation,
            account=_any_account,
            mark=_any_mark,
            balance=st.none() | st.integers(-MAX_BALANCE, MAX_BALANCE),
            version=st.none() | st.integers(0, 2**62),
        ),
        max_size=3,
    ).map(tuple),
)

well_formed_orders = st.builds(
    Order,
    id=_any_id,
    steps=st.lists(_any_step, min_size=1, max_size=5).map(tuple),
    terms=st.just(Terms()) | _any_terms,
    evidence=st.binary(max_size=40),
)
"""Orders of every shape, without regard to what a ledger would say of them."""
