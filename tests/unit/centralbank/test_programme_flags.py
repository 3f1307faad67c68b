# SPDX-License-Identifier: Apache-2.0
"""Each sign of abuse has a pattern that raises it and an honest one beside it that does not."""

from collections.abc import Callable

import pytest

from kerege.centralbank import programme_flags
from kerege.centralbank.programme_flags import Signs
from kerege.centralbank.programme_flows import Flow, FlowKind
from kerege.ledger import AccountId
from kerege.programmes.report import Flag

FUNDER, CHILD, FRIEND, CANTEEN, KIOSK = map(AccountId, range(1, 6))
OPEN, CLOSED = 0, 1
"""Times: the calendar closes the odd ones."""


def _signs() -> Signs:
    return Signs(scale=2, is_closed=lambda at_us: at_us % 2 == 1)


def _flow(kind: FlowKind, payer: AccountId, payee: AccountId, amount: int) -> Flow:
    return Flow(kind=kind, mark=1, payer=payer, payee=payee, amount=amount, step=0)


def _see(
    signs: Signs,
    kind: FlowKind,
    payer: AccountId,
    payee: AccountId,
    *amounts: int,
    at_us: int = OPEN,
) -> None:
    for amount in amounts:
        signs.see(_flow(kind, payer, payee, amount), at_us=at_us)


def _flags(signs: Signs) -> list[Flag]:
    return list(signs.flags(lambda account: f"w{account}"))


def round_sums(signs: Signs) -> None:
    """Five times a hundred at one kiosk, by two children."""
    _see(signs, FlowKind.SPENT, CHILD, KIOSK, *[100_00] * 5)
    _see(signs, FlowKind.SPENT, FRIEND, KIOSK, *[200_00] * 6)


def lunches(signs: Signs) -> None:
    """The same lunch every day is no round sum; a few round ones are nothing."""
    _see(signs, FlowKind.SPENT, CHILD, CANTEEN, *[387_00] * 20, *[100_00] * 4)


def money_back(signs: Signs) -> None:
    """The kiosk gives a child cash for marked money, less its share."""
    _see(signs, FlowKind.SPENT, CHILD, KIOSK, 333_00)
    signs.see_plain((KIOSK, CHILD), 300_00)


def change(signs: Signs) -> None:
    """A little back, and what others get, is nothing."""
    _see(signs, FlowKind.SPENT, CHILD, KIOSK, 333_00)
    signs.see_plain((KIOSK, CHILD), 3_00)
    signs.see_plain((KIOSK, FRIEND), 300_00)
    signs.see_plain((CHILD, KIOSK), 300_00)


def mostly_refunded(signs: Signs) -> None:
    """The kiosk refunds what it gets, again and again."""
    _see(signs, FlowKind.SPENT, CHILD, KIOSK, *[33_00] * 6)
    _see(signs, FlowKind.REFUNDED, KIOSK, CHILD, *[33_00] * 5)


def returns(signs: Signs) -> None:
    """A few refunds are a shop's day; of what was paid earlier nothing can be said."""
    _see(signs, FlowKind.SPENT, CHILD, KIOSK, *[33_00] * 20)
    _see(signs, FlowKind.REFUNDED, KIOSK, CHILD, *[33_00] * 5)
    _see(signs, FlowKind.REFUNDED, CANTEEN, CHILD, *[33_00] * 9)


def closed_days(signs: Signs) -> None:
    """Paid on a school day, refunded on Sundays."""
    _see(signs, FlowKind.SPENT, CHILD, KIOSK, *[33_00] * 20)
    _see(signs, FlowKind.REFUNDED, KIOSK, CHILD, *[33_00] * 3, at_us=CLOSED)


def circle(signs: Signs) -> None:
    """A contractor's money comes round through two others."""
    for payer, payee in ((CANTEEN, KIOSK), (KIOSK, FRIEND), (FRIEND, CANTEEN)):
        _see(signs, FlowKind.PASSED, payer, payee, 77_77)


def chain(signs: Signs) -> None:
    """Down the chain, and never back."""
    for payer, payee in ((CANTEEN, KIOSK), (CANTEEN, FRIEND), (KIOSK, FRIEND), (FRIEND, CHILD)):
        _see(signs, FlowKind.PASSED, payer, payee, 77_77)


@pytest.mark.parametrize(
    ("pattern", "flags"),
    [
        (round_sums, [Flag(rule="round-sums", payee="w5", payers=2, payments=11, amount=1_700_00)]),
        (lunches, []),
        (money_back, [Flag(rule="money-back", payee="w5", payers=1, payments=1, amount=300_00)]),
        (change, []),
        (mostly_refunded, [Flag(rule="mostly-refunded", payee="w5", payments=5, amount=165_00)]),
        (returns, []),
        (closed_days, [Flag(rule="closed-days", payee="w5", payments=3, amount=99_00)]),
        (circle, [Flag(rule="circle", payee=f"w{n}", payments=1, amount=77_77) for n in (3, 4, 5)]),
        (chain, []),
    ],
)
def test_patterns(pattern: Callable[[Signs], None], flags: list[Flag]) -> None:
    signs = _signs()
    pattern(signs)
    assert _flags(signs) == flags
    assert signs.is_complete


def test_what_is_given_by_the_funder_is_no_sign() -> None:
    signs = _signs()
    for kind in (FlowKind.GIVEN, FlowKind.MARKED, FlowKind.RETURNED, FlowKind.RECALLED):
        _see(signs, kind, FUNDER, CHILD, *[100_00] * 9, at_us=CLOSED)
    assert _flags(signs) == []


def test_memory_is_bounded_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(programme_flags, "MAX_PAIRS", 3)
    monkeypatch.setattr(programme_flags, "MAX_FLAGS", 2)
    signs = _signs()
    for number in range(10, 20):
        _see(signs, FlowKind.SPENT, CHILD, AccountId(number), *[100_00] * 5)
    assert not signs.is_complete
    assert len(_flags(signs)) == 2


def test_the_search_for_circles_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(programme_flags, "_MAX_STEPS", 50)
    signs = _signs()
    for payer in range(10, 30):
        for payee in range(30, 50):
            _see(signs, FlowKind.PASSED, AccountId(payer), AccountId(payee), 1)
    assert _flags(signs) == []
    assert not signs.is_complete
