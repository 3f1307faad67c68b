# SPDX-License-Identifier: Apache-2.0
"""Conditions compiled and evaluated."""

import pytest

from kerege.programmes import Item
from kerege.programmes.calendar import Moment
from kerege.programmes.cel import Expression, Reader, RefusedExpression, Together
from kerege.programmes.context import CONTEXT
from tests.programmes import contracted, payment

NOON = Moment("2026-11-23", 1, 720, open=True)
FULL = payment(
    items=[Item("milk", 100), Item("bread", 50), Item("milk", 20)],
    contract=contracted(unmet=("taxes", "wages")),
    channel="qr",
)


def holds(cel: str) -> bool:
    expression = Expression(cel)
    return expression.holds(Reader([expression]).values(FULL, NOON))


@pytest.mark.parametrize(
    "cel",
    [
        "payer.kind == 'person' && payee.kind != \"person\"",
        "payee.category in ['8211', '5814']",
        "payee.category.startsWith('82') && payee.category.endsWith('1')",
        "payer.region.contains('-')",
        "payee.vat && !payer.is_funder",
        "payment.amount >= 10000 && payment.amount / 3 * 3 <= payment.amount",
        "-payment.amount < 0 && payment.amount % 7 < 7 && payment.amount - 1 + 1 > 0",
        "at.date >= '2026-11-01' && at.date < '2026-12-01'",
        "at.open ? at.weekday < 6 : at.minute == 0",
        "items['milk'] == 120 && 'bread' in items && !('sweets' in items)",
        "items.all(g, g in ['milk', 'bread']) && size(items) == 2",
        "items.exists(g, items[g] == 50)",
        "items.exists_one(g, items[g] > 100)",
        "contract.present && contract.depth == 1 && 'wages' in contract.unmet",
        "contract.unmet.size() == 2 && contract.unmet.exists(u, u.startsWith('tax'))",
        "!invoice.present && payment.channel == 'qr' && payment.purpose == 0",
        "true || 1 / 0 == 1",
    ],
)
def test_what_programmes_say(cel: str) -> None:
    assert holds(cel)


@pytest.mark.parametrize(
    "cel",
    [
        "1 / 0 == 1",
        "1 % 0 == 1",
        "payment.amount * 999999999999999999 > 0",
        "999999999999999999 * 10 * 10 > 0",
        "-999999999999999999 * 100 < 0",
        "items['sweets'] == 0",
        "items['sweets'] != 0",
        "!(items['sweets'] == 0)",
        "contract.unmet.all(u, 1 / 0 == 1)",
        "1 / 0 == 1 ? true : true",
    ],
)
def test_a_fault_is_no_yes(cel: str) -> None:
    assert not holds(cel)


@pytest.mark.parametrize(
    ("cel", "what"),
    [
        ("", "Syntax error"),
        ("   ", "Syntax error"),
        ("true &&", "Syntax error"),
        ("payer.kind", "string, not"),
        ("1", "int, not"),
        ("items", "map<string, int>, not"),
        ("payer.kind == 3", "no matching overload"),
        ("payer.vat == 'yes'", "no matching overload"),
        ("payment.amount < '9'", "no matching overload"),
        ("payer.kind + 'x' == 'personx'", "no matching overload"),
        ("[1] + [2] == [1, 2]", "no matching overload"),
        ("payer.kind.matches('p.*')", "undeclared reference to 'matches'"),
        ("size(payer.kind) == 6", "no matching overload"),
        ("contract.unmet[0] == 'taxes'", "no matching overload"),
        ("items[0] == 1", "no matching overload"),
        ("items.map(g, g) == ['milk']", "undeclared reference"),
        ("items.filter(g, true) == ['milk']", "undeclared reference"),
        ("g == 'milk'", "undeclared reference to 'g'"),
        ("items.all(g, true) && g == ''", "undeclared reference to 'g'"),
    ],
)
def test_what_does_not_compile_says_why(cel: str, what: str) -> None:
    with pytest.raises(RefusedExpression, match=what):
        Expression(cel)


def test_a_fault_found_by_the_compiler_has_its_column() -> None:
    with pytest.raises(RefusedExpression) as refused:
        Expression("true && payer.kind == 3")
    assert refused.value.place == "column 20"
    assert "ERROR" not in refused.value.message


def test_an_expression_tells_what_it_reads() -> None:
    expression = Expression("payee.category.startsWith('82') && items.all(g, g == 'x') && 1 < 20")
    assert expression.names == {"payee.category", "items"}
    assert expression.numbers == {1, 20}


def test_a_name_is_compared_with_what_stands_in_its_clause() -> None:
    cel = "payee.category in ['82', '58'] && payer.kind == 'person' || payment.amount < 9"
    expression = Expression(cel)
    assert expression.literals(frozenset({"payee.category"})).strings == {"82", "58"}
    assert expression.literals(frozenset({"payer.kind", "payer.vat"})).strings == {"person"}
    assert expression.literals(frozenset({"payment.amount"})).numbers == {9}
    assert expression.literals(frozenset({"at.date"})).strings == frozenset()


def test_within_a_loop_literals_are_not_told_apart() -> None:
    expression = Expression("items.all(g, g == 'a' || payer.kind == 'b')")
    assert expression.literals(frozenset({"items"})).strings == {"a", "b"}


@pytest.mark.parametrize(
    ("cel", "plain"),
    [
        ("payee.category in ['82'] && payment.amount < 9", True),
        ("payee.category.startsWith('8')", True),
        ("payee.category.startsWith('8') && payee.category.endsWith('1')", False),
        ("payment.amount * 2 < 9", False),
        ("-payment.amount < 9", False),
        ("items['a'] < 9", False),
        ("size(contract.unmet) == 2", False),
        ("contract.unmet.size() == 2", False),
    ],
)
def test_plain_expressions_only_compare(cel: str, plain: bool) -> None:
    assert Expression(cel).is_plain is plain


@pytest.mark.parametrize("name", CONTEXT)
def test_every_declared_name_can_be_read(name: str) -> None:
    assert holds(f"{name} == {name}")


def test_together_is_all_of_them() -> None:
    yes, no, broken = Expression("payer.vat == false"), Expression("false"), Expression("1/0 == 1")
    answers = [
        Together(expressions).hold(FULL, NOON)
        for expressions in ([], [yes], [yes, yes], [yes, no], [broken, no], [yes, broken])
    ]
    assert answers == [True, True, True, False, False, False]


def test_an_or_in_one_condition_does_not_reach_into_the_next() -> None:
    assert not Together([Expression("true || true"), Expression("false")]).hold(FULL, NOON)
    assert not Together([Expression("true ? true : true"), Expression("false")]).hold(FULL, NOON)
