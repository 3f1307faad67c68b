# SPDX-License-Identifier: Apache-2.0
"""What an order did with a programme's money, read from its steps."""

import pytest

from kerege.centralbank.programme_flows import Flow, FlowKind, Places, flows_of, plain_payments
from kerege.ledger import AccountId, Kind, Mark, Order, OrderId, Step, Transfer

CONVERTER, FUNDER, CHILD, CANTEEN, OVERFLOW, SINK, BUDGET = map(AccountId, range(1, 8))
M = Mark(4)
PLACES = Places({M}, CONVERTER, FUNDER)
ID = OrderId(bytes(16))


def _out(payer: AccountId, payee: AccountId, amount: int) -> tuple[Step, ...]:
    """Marked money that arrives unmarked."""
    return (
        Transfer(payer, CONVERTER, amount, mark=M),
        Transfer(CONVERTER, payee, amount),
    )


def _in(payer: AccountId, payee: AccountId, amount: int) -> tuple[Step, ...]:
    """Unmarked money that is marked on the way."""
    return (
        Transfer(payer, CONVERTER, amount),
        Transfer(CONVERTER, payee, amount, mark=M),
    )


def _kept(payer: AccountId, payee: AccountId, kind: Kind = Kind.POST) -> tuple[Step, ...]:
    return (Transfer(payer, payee, 9, mark=M, kind=kind),)


@pytest.mark.parametrize(
    ("kind", "steps", "flow"),
    [
        ("fund", _in(FUNDER, FUNDER, 9), (FlowKind.MARKED, FUNDER, FUNDER)),
        ("pay", _kept(FUNDER, CHILD), (FlowKind.GIVEN, FUNDER, CHILD)),
        ("pay", _kept(CHILD, CANTEEN), (FlowKind.PASSED, CHILD, CANTEEN)),
        ("pay", _kept(CHILD, FUNDER), (FlowKind.RETURNED, CHILD, FUNDER)),
        ("capture", _kept(CHILD, CANTEEN, Kind.CAPTURE), (FlowKind.PASSED, CHILD, CANTEEN)),
        ("pay", _out(CHILD, CANTEEN, 9), (FlowKind.SPENT, CHILD, CANTEEN)),
        ("pay", _out(FUNDER, CANTEEN, 9), (FlowKind.SPENT, FUNDER, CANTEEN)),
        ("pay", _out(CHILD, FUNDER, 9), (FlowKind.RETURNED, CHILD, FUNDER)),
        ("unfund", _out(FUNDER, FUNDER, 9), (FlowKind.RETURNED, FUNDER, FUNDER)),
        ("recall", _out(CHILD, FUNDER, 9), (FlowKind.RECALLED, CHILD, FUNDER)),
        ("refund", _in(CANTEEN, CHILD, 9), (FlowKind.REFUNDED, CANTEEN, CHILD)),
        ("refund", _kept(CANTEEN, CHILD), (FlowKind.REFUNDED, CANTEEN, CHILD)),
        ("refund", _out(CANTEEN, FUNDER, 9), (FlowKind.RETURNED, CANTEEN, FUNDER)),
    ],
)
def test_one_flow(
    kind: str, steps: tuple[Step, ...], flow: tuple[FlowKind, AccountId, AccountId]
) -> None:
    place = next(n for n, s in enumerate(steps) if isinstance(s, Transfer) and s.mark == M)
    found = flows_of(Order(ID, steps), (9,) * len(steps), kind, PLACES)
    what, payer, payee = flow
    assert found == [Flow(kind=what, mark=M, payer=payer, payee=payee, amount=9, step=place)]


def test_money_through_an_overflow_is_its_payees() -> None:
    steps = (
        *_out(CHILD, OVERFLOW, 9),
        Transfer(OVERFLOW, CANTEEN, 9, kind=Kind.POST_UP_TO),
        Transfer(SINK, BUDGET, 9),
    )
    (flow,) = flows_of(Order(ID, steps), (9, 9, 4, 9), "pay", PLACES)
    assert (flow.kind, flow.payee, flow.amount) == (FlowKind.SPENT, CANTEEN, 9)


def test_several_payees_each_have_their_own() -> None:
    steps = (*_out(CHILD, CANTEEN, 5), Transfer(CHILD, CANTEEN, 1), *_out(CHILD, SINK, 3))
    found = flows_of(Order(ID, steps), (5, 5, 1, 3, 3), "pay", PLACES)
    assert [(flow.payee, flow.amount) for flow in found] == [(CANTEEN, 5), (SINK, 3)]


@pytest.mark.parametrize(
    "steps",
    [
        (Transfer(CHILD, CANTEEN, 9),),
        (Transfer(CHILD, CANTEEN, 9, mark=Mark(5)),),
        _kept(CHILD, CANTEEN, Kind.PENDING),
        _kept(CHILD, CANTEEN, Kind.VOID),
        _kept(CHILD, CANTEEN, Kind.EXPIRE),
    ],
)
def test_what_moves_nothing_of_the_programme(steps: tuple[Step, ...]) -> None:
    assert flows_of(Order(ID, steps), (9,), "pay", PLACES) == []


def test_plain_payments_are_unmarked_money_that_moved() -> None:
    steps = (
        Transfer(CHILD, CANTEEN, 9),
        Transfer(CHILD, CANTEEN, 9, mark=M),
        Transfer(CHILD, CANTEEN, 9, kind=Kind.PENDING),
        Transfer(CHILD, SINK, 9, kind=Kind.POST_UP_TO),
    )
    found = plain_payments(Order(ID, steps), (9, 9, 9, 0))
    assert found == [((CHILD, CANTEEN), 9)]
