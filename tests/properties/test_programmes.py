# SPDX-License-Identifier: Apache-2.0
"""What holds for all programmes, payments and days, and for all text that is no programme."""

import copy
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from kerege.programmes import (
    Allowed,
    Calendar,
    Contracted,
    Item,
    MalformedProgramme,
    Party,
    Programme,
    Situation,
)
from kerege.programmes.calendar import Days, seconds_left
from kerege.programmes.checking import check_programme
from kerege.programmes.document import LANGUAGES
from kerege.programmes.explaining import describe_programme, explain_blocked
from kerege.programmes.past_payment import PastPayment
from kerege.programmes.reading import read_programme
from kerege.programmes.rulebook import Rulebook
from kerege.programmes.trial import try_programme
from tests.programmes import MONDAY_NOON, cap, condition, programme, route

EXPRESSIONS = (
    "true",
    "false",
    "payer.is_funder",
    "payer.kind == 'person' && payee.kind == 'firm'",
    "payee.category in ['8211', '5814']",
    "payee.region == payer.region || payee.vat",
    "at.open",
    "at.minute >= 420 && at.minute < 1080",
    "at.weekday < 6 ? payment.amount <= 500 : payment.amount <= 90",
    "payment.amount % 7 != 0",
    "1000 / (payment.amount - 500) > 0",
    "items.all(g, g in ['milk', 'bread'])",
    "items['milk'] <= 200",
    "contract.present && contract.depth <= 2",
    "size(contract.unmet) == 0",
    "payment.channel.startsWith('q')",
)

texts: Any = st.sampled_from(["", "8211", "5814", "KZ-75", "KZ-71", "qr", "\0", "8211\0", "\ud800"])
amounts = st.integers(1, 1200) | st.integers(1, 10**18 - 1)
expressions = st.sampled_from(EXPRESSIONS)
windows: Any = st.sampled_from(["payment", "day", "week", "month", "life"])
counted: Any = st.sampled_from(["payer", "payee", "pair", "all"])


@st.composite
def programmes(draw: st.DrawFn) -> Programme:
    routes = []
    for number in range(draw(st.integers(1, 4))):
        conditions = draw(st.lists(expressions, max_size=3))
        limits = draw(st.lists(st.tuples(counted, windows, amounts), max_size=2))
        routes.append(
            route(
                draw(expressions),
                *[condition(cel, f"c{index}") for index, cel in enumerate(conditions)],
                name=f"r{number}",
                arrival=draw(st.sampled_from(["keep", "unmark", "return"])),
                groups=draw(st.sampled_from([(), ("milk",), ("milk", "bread")])),
                about=draw(st.sampled_from(["", "", "contract", "invoice"])),
                caps=tuple(
                    cap(amount, name=f"k{index}", of=of, window=window)
                    for index, (of, window, amount) in enumerate(limits)
                ),
            )
        )
    return programme(*routes)


parties = st.builds(
    Party,
    kind=st.sampled_from(["person", "firm", "agency", "bank", ""]),
    tier=texts,
    category=texts,
    region=texts,
    vat=st.booleans(),
    is_funder=st.booleans(),
)
contracts = st.none() | st.builds(
    Contracted,
    is_buyer=st.booleans(),
    is_supplier=st.booleans(),
    depth=st.integers(0, 4),
    of_programme=st.booleans(),
    unmet=st.sampled_from([(), ("taxes",), ("\ud800",)]),
)
instants = st.integers(0, 30 * 24 * 60).map(lambda minutes: MONDAY_NOON + minutes * 60_000_000)
items = st.lists(
    st.builds(Item, st.sampled_from(["milk", "bread", "sweets"]), amounts), max_size=4
).map(tuple)
situations = st.builds(
    Situation,
    payer=parties,
    payee=parties,
    amount=amounts,
    at_us=instants | st.integers(0, 2**53),
    purpose=st.integers(0, 9),
    channel=texts,
    items=items,
    contract=contracts,
    invoiced=st.booleans(),
)


@given(programmes(), st.lists(situations, min_size=1, max_size=6))
def test_rules_answer_always_the_same_and_never_allow_more_than_there_is(
    terms: Programme, payments: list[Situation]
) -> None:
    rules = Rulebook(terms)
    for payment in [*payments, *payments]:
        answer = rules.judge(payment)
        assert answer == Rulebook(terms).judge(payment), "what was remembered changes nothing"
        assert rules.allow(payment) == (answer if isinstance(answer, Allowed) else None)
        if isinstance(answer, Allowed):
            groups = answer.route.groups
            bought = sum(item.amount for item in payment.items if item.group in groups)
            assert 0 < answer.most <= payment.amount
            assert not groups or answer.most <= bought
            assert all(c.window != "payment" or answer.most <= c.amount for c in answer.route.caps)
        else:
            assert 0 <= answer.limit < payment.amount


@given(programmes(), situations)
def test_every_refusal_is_explained(terms: Programme, payment: Situation) -> None:
    answer = Rulebook(terms).judge(payment)
    if not isinstance(answer, Allowed):
        for language in LANGUAGES:
            assert explain_blocked(terms, answer, language, format_amount=str).text


past_payments = st.builds(
    PastPayment,
    at_us=instants,
    payer=st.sampled_from("ab"),
    payee=st.sampled_from("cd"),
    payer_is=parties,
    payee_is=parties,
    amount=st.integers(1, 1200),
    items=items,
    contract=contracts,
    invoiced=st.booleans(),
)


@given(programmes(), st.lists(past_payments, max_size=20))
def test_a_dry_run_accounts_for_every_payment_and_keeps_all_caps(
    terms: Programme, payments: list[PastPayment]
) -> None:
    payments.sort(key=lambda payment: payment.at_us)
    trial = try_programme(terms, payments)
    told = [*trial.allowed.values(), *trial.blocked.values()]
    assert trial.tried.payments == len(payments) == sum(tally.payments for tally in told)
    assert trial.tried.amount == sum(tally.amount for tally in (*told, trial.rest))
    for one in terms.routes:
        allowed = trial.allowed.get(one.name)
        for limit in one.caps:
            if allowed and limit.of == "all" and limit.window == "life":
                assert allowed.amount <= limit.amount


calendars = st.builds(
    Calendar,
    utc_offset_min=st.integers(-720, 840),
    weekdays=st.sets(st.integers(1, 7)).map(sorted).map(tuple),
)


@given(calendars, st.integers(0, 2**52), windows)
def test_a_window_ends_when_the_local_day_week_or_month_does(
    calendar: Calendar, at_us: int, window: Any
) -> None:
    left = seconds_left(window, at_us, calendar)
    if window in ("payment", "life"):
        assert left == 0
        return
    end = _local(at_us + left * 1_000_000, calendar)
    before = _local(at_us + (left - 1) * 1_000_000, calendar)
    now = _local(at_us, calendar)
    assert _names(window, end) != _names(window, now) == _names(window, before)


def _local(at_us: int, calendar: Calendar) -> datetime:
    utc = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=at_us)
    return utc + timedelta(minutes=calendar.utc_offset_min)


def _names(window: str, local: datetime) -> tuple[int, ...]:
    return {
        "day": (local.year, local.month, local.day),
        "week": tuple(local.isocalendar())[:2],
        "month": (local.year, local.month),
    }[window]


@given(calendars, st.integers(0, 2**52))
def test_the_local_clock_is_the_calendars(calendar: Calendar, at_us: int) -> None:
    moment, local = Days(calendar).at(at_us), _local(at_us, calendar)
    assert moment.date == f"{local:%Y-%m-%d}"
    assert moment.weekday == local.isoweekday()
    assert moment.minute == local.hour * 60 + local.minute
    assert moment.open == (not calendar.weekdays or local.isoweekday() in calendar.weekdays)


WHOLE = msgspec.to_builtins(
    programme(
        route("payer.is_funder", name="give", arrival="keep"),
        route("true", condition("at.open"), caps=(cap(10, window="day"),), groups=("milk",)),
        calendar=Calendar(weekdays=(1, 2), closed=("2026-12-16",), opened=("2026-12-19",)),
    )
)
ODD: Any = st.sampled_from(
    [
        *(None, True, 0, -1, 2**63, 1.5, "", "a", "\0", "{limit}", "{0}", "2026-02-30"),
        *([], {}, [[]], {"kk": "a", "ru": "b", "en": "c"}, *EXPRESSIONS),
        *("payer.kind", "items.all(a, items.all(b, true))", "wal_" + "1" * 32, "starts"),
    ]
)


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """A sound document in which some members are something else, or gone."""
    document = msgspec.json.decode(msgspec.json.encode(WHOLE))
    for _ in range(draw(st.integers(1, 3))):
        place: Any = document
        while True:
            keys: list[Any] = list(place) if isinstance(place, dict) else list(range(len(place)))
            if not keys:
                break
            key = draw(st.sampled_from(keys))
            if isinstance(place[key], dict | list) and draw(st.integers(0, 3)):
                place = place[key]
                continue
            if draw(st.booleans()):
                # A copy: what is drawn next may change what is in it.
                place[key] = copy.deepcopy(draw(ODD))
            else:
                del place[key]
            break
    return msgspec.json.encode(document)


@settings(max_examples=300)
@given(mutated() | st.binary(max_size=300))
def test_what_is_read_can_be_used_and_the_rest_is_refused(text: bytes) -> None:
    try:
        terms = read_programme(text)
    except MalformedProgramme:
        return
    rules = Rulebook(terms)
    check_programme(terms)
    for language in LANGUAGES:
        describe_programme(terms, language, format_amount=str)
    person = Party(kind="person", tier="full")
    rules.judge(Situation(payer=person, payee=person, amount=5, at_us=terms.starts_us))
