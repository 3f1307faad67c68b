# SPDX-License-Identifier: Apache-2.0
"""Dry runs over past payments."""

from typing import Any

import pytest

from kerege.programmes import Party
from kerege.programmes.past_payment import PastPayment
from kerege.programmes.trial import Tally, TooManyCounters, Trial, try_programme
from tests.programmes import CANTEEN, CHILD, SHOP, at_us, cap, condition, programme, route


def paid(at: str, payer: str, payee: str, amount: int, **members: Any) -> PastPayment:
    plain: dict[str, Any] = {"payer_is": CHILD, "payee_is": CANTEEN}
    return PastPayment(
        **plain | {"at_us": at_us(at), "payer": payer, "payee": payee, "amount": amount} | members
    )


def run(*payments: PastPayment, caps: Any = (), **options: Any) -> Trial:
    terms = programme(
        route(
            "payer.kind == 'person'",
            condition("payee.category == '8211'", "canteens"),
            name="eat",
            caps=caps,
        )
    )
    return try_programme(terms, payments, **options)


def test_payments_are_told_by_route_and_rule() -> None:
    firm = Party(kind="firm", tier="firm")
    trial = run(
        paid("2025-12-01T00:00", "a", "c", 1),
        paid("2026-03-02T07:00", "a", "c", 10),
        paid("2026-03-02T07:00", "a", "d", 20, payee_is=SHOP),
        paid("2026-03-02T07:00", "b", "c", 30),
        paid("2026-03-02T07:00", "e", "c", 40, payer_is=firm),
    )
    assert trial.tried == Tally(5, 101)
    assert trial.allowed == {"eat": Tally(2, 40)}
    assert trial.blocked == {
        ("", "starts"): Tally(1, 1),
        ("eat", "canteens"): Tally(1, 20),
        ("", ""): Tally(1, 40),
    }
    assert trial.rest == Tally(0, 0)


@pytest.mark.parametrize(
    ("of", "first_two", "all_three"),
    [("payer", 100, 200), ("payee", 110, 140), ("pair", 110, 210), ("all", 100, 100)],
)
def test_a_cap_counts_for_whom_it_says(of: str, first_two: int, all_three: int) -> None:
    payments = [
        paid("2026-03-02T07:00", "a", "c", 70),
        paid("2026-03-02T07:01", "a", "d", 40),
        paid("2026-03-02T07:02", "b", "c", 200),
    ]
    caps = (cap(100, of=of, window="day"),)
    assert run(*payments[:2], caps=caps).allowed["eat"].amount == first_two
    assert run(*payments, caps=caps).allowed["eat"].amount == all_three


def test_a_window_ends_at_local_midnight() -> None:
    trial = run(
        paid("2026-03-02T18:59", "a", "c", 80),
        paid("2026-03-02T18:59", "a", "c", 80),
        paid("2026-03-02T18:59", "a", "c", 80),
        paid("2026-03-02T19:00", "a", "c", 80),
        caps=(cap(100, window="day"),),
    )
    assert trial.allowed == {"eat": Tally(3, 180)}
    assert trial.blocked == {("eat", "cap"): Tally(1, 80)}
    assert trial.rest == Tally(1, 60)


@pytest.mark.parametrize(("window", "allowed"), [("week", 200), ("month", 200), ("life", 100)])
def test_longer_windows(window: str, allowed: int) -> None:
    trial = run(
        paid("2026-03-26T07:00", "a", "c", 100),
        paid("2026-03-27T07:00", "a", "c", 100),
        paid("2026-04-02T07:00", "a", "c", 100),
        caps=(cap(100, window=window),),
    )
    assert trial.allowed["eat"].amount == allowed


def test_a_payment_counts_in_all_caps_or_none() -> None:
    trial = run(
        paid("2026-03-02T07:00", "a", "c", 100),
        paid("2026-03-02T07:00", "a", "c", 100),
        paid("2026-03-03T07:00", "a", "c", 100),
        caps=(cap(60, name="a-day", window="day"), cap(100, name="a-week", window="week")),
    )
    assert trial.allowed["eat"] == Tally(2, 100)
    assert trial.blocked == {("eat", "a-day"): Tally(1, 100)}


def test_of_several_caps_that_are_used_up_the_first_is_named() -> None:
    day, week = (cap(60, name=name, window=name) for name in ("day", "week"))
    payments = [paid("2026-03-02T07:00", "a", "c", 60)] * 2
    assert list(run(*payments, caps=(day, week)).blocked) == [("eat", "day")]
    assert list(run(*payments, caps=(week, day)).blocked) == [("eat", "week")]


def test_a_cap_of_one_payment_needs_no_counter() -> None:
    trial = run(paid("2026-03-02T07:00", "a", "c", 100), caps=(cap(60),), max_counters=0)
    assert trial.allowed["eat"] == Tally(1, 60)
    assert trial.rest == Tally(1, 40)


def test_counters_are_bounded_and_those_of_past_days_forgotten() -> None:
    days = [paid(f"2026-03-0{day}T07:00", f"p{day}", "c", 1) for day in range(2, 7)]
    limited = (cap(60, window="day"),)
    assert run(*days, caps=limited, max_counters=1).allowed["eat"] == Tally(5, 5)
    together = [paid("2026-03-02T07:00", payer, "c", 1) for payer in "ab"]
    with pytest.raises(TooManyCounters):
        run(*together, caps=limited, max_counters=1)
