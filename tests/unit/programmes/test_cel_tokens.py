# SPDX-License-Identifier: Apache-2.0
"""What texts are let through to the CEL compiler."""

import pytest

from kerege.programmes.cel_tokens import (
    MAX_NESTING,
    MAX_TOKENS,
    RefusedExpression,
    cut,
    names_in,
    numbers_in,
    strings_in,
)


def test_an_expression_is_cut_into_its_tokens() -> None:
    tokens = cut("payee.category in ['82', \"5\"]&&payment.amount<=10")
    assert [token.text for token in tokens] == [
        *("payee.category", "in", "[", "'82'", ",", '"5"', "]"),
        *("&&", "payment.amount", "<=", "10"),
    ]
    assert tokens[3].column == 20
    assert names_in(tokens) == {"payee.category", "in", "payment.amount"}
    assert numbers_in(tokens) == {10}
    assert strings_in(tokens) == {"82", "5"}


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ("true // said to be false", 6),
        ("1.5 == 1.5", 1),
        ("1e9 == 1", 1),
        ("1u == 1u", 1),
        ("0x1F == 31", 1),
        ("007 == 7", 1),
        ("b'a' == b'a'", 1),
        ("r'a' == 'a'", 1),
        ("'''a''' == 'a'", 1),
        ("'a''b' == 'a'", 1),
        ("'\\n' == 'a'", 1),
        ("'open == 'a'", 11),
        ("'\n' == 'a'", 1),
        ("true\n&& false", 5),
        ("true\t", 5),
        ("{'a': 1}.size() == 1", 1),
        ("google.protobuf.Int32Value{value: 1} == 1", 27),
        ("`payer`.kind == ''", 1),
        ("a ? b; c", 6),
        ("рayer.kind == ''", 1),
        ("'сanteen' == 'a'", 1),
        ("'a\u202eb' == 'a'", 1),
        ("\x00", 1),
        ("null == null", 1),
        ("int == int", 1),
        ("payer == payer", 1),
        ("payer.name == ''", 1),
        ("payer.kind.matches.all(x, true)", 1),
        ("items.all(payer, true)", 11),
        ("dyn(1) == 1", 1),
        ("9999999999999999999 == 1", 1),
        ("(true", 2),
        ("true)", 5),
        ("([true)]", 7),
    ],
)
def test_what_is_not_let_through_is_told_with_its_column(text: str, column: int) -> None:
    with pytest.raises(RefusedExpression) as refused:
        cut(text)
    assert refused.value.place == f"column {column}"


@pytest.mark.parametrize("opening", ["(", "[", "!", "-", "(!", "!(", "-("])
def test_nesting_has_an_end(opening: str) -> None:
    closing = opening.translate({ord("("): ")", ord("["): "]", ord("!"): "", ord("-"): ""})
    times = MAX_NESTING // len(opening)
    cut(opening * times + "1" + closing[::-1] * times)
    with pytest.raises(RefusedExpression, match="deep"):
        cut(opening * (times + 1) + "1" + closing[::-1] * (times + 1))


def test_an_expression_has_so_many_tokens() -> None:
    cut(" ".join(["1"] * MAX_TOKENS))
    with pytest.raises(RefusedExpression, match="200"):
        cut(" ".join(["1"] * (MAX_TOKENS + 1)))


def test_loops_are_counted() -> None:
    loop = "items.all(g, g == '')"
    cut(f"{loop} && {loop}")
    with pytest.raises(RefusedExpression, match="2 loops"):
        cut(f"{loop} && {loop} && {loop}")


@pytest.mark.parametrize(
    "text",
    [
        "items.all(a, items.all(b, true))",
        "items.all(a, (true && [1].exists(b, true)))",
        "items.all(a, ['x'].exists_one (b, true))",
    ],
)
def test_no_loop_within_a_loop(text: str) -> None:
    with pytest.raises(RefusedExpression, match="within a loop"):
        cut(text)
