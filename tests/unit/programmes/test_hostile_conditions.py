# SPDX-License-Identifier: Apache-2.0
"""Conditions and values made to hang, crash or deceive the evaluator."""

import random
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from kerege.programmes import Item
from kerege.programmes.calendar import Moment
from kerege.programmes.cel import Expression, Reader, RefusedExpression
from kerege.programmes.context import CONTEXT
from tests.house.tree import ROOT
from tests.programmes import contracted, payment

NOON = Moment("2026-11-23", 1, 720, open=True)
SLOW_S = 0.5
"""A second is a thousand payments; machines that test are busy."""


def holds(cel: str, **members: object) -> bool:
    expression = Expression(cel)
    return expression.holds(Reader([expression]).values(payment(**members), NOON))


@pytest.mark.parametrize(
    ("cel", "members"),
    [
        ("payment.amount > 1", {"amount": 2**63}),
        ("payment.amount < 1", {"amount": -(2**70)}),
        ("payment.channel == 'x'", {"channel": "\ud800"}),
        ("payment.channel == 'x'", {"channel": "x\0y"}),
        ("payment.channel.startsWith('x') && payment.channel.endsWith('x')", {"channel": "x\0y"}),
        ("items.all(g, g != 'x')", {"items": [Item(f"g{n}", 1) for n in range(20_000)]}),
        ("items['g'] > 1", {"items": [Item("g", 10**18)] * 20}),
        ("'x' in items", {"items": [Item("x\0", 1)]}),
        ("contract.unmet.all(u, u != 'x')", {"contract": contracted(unmet=("a",) * 20_000)}),
        ("'x' in contract.unmet", {"contract": contracted(unmet=("x\0y",))}),
    ],
)
def test_values_nobody_should_have_are_no_yes_and_no_exception(
    cel: str, members: dict[str, object]
) -> None:
    assert not holds(cel, **members)


@pytest.mark.parametrize(
    "cel",
    [
        "(" * 500,
        "[" * 250 + "]" * 250,
        "!" * 496 + "true",
        "-" * 490 + "1 == 1",
        "1" + "+1" * 240 + " == 1",
        "true" + "&&true" * 80,
        "true?" * 70 + "true" + ":true" * 20,
        "payer.vat ? true : " * 26 + "true",
        "items" + ".size()" * 60 + " == 1",
        "payer.kind" + ".kind" * 90 + " == ''",
        "[" + "1," * 240 + "1] == []",
        "'" + "a" * 400 + "'.contains('" + "a" * 50 + "')",
        "items.all(a, items.all(b, items.all(c, items.all(d, items.all(e, true)))))",
        "[[1,2].all(x, x > 0), [1,2].all(x, x > 0), [1,2].all(x, x > 0)] == []",
        "1 in " * 90 + "[1]",
        "999999999999999999 * 999999999999999999 * 999999999999999999 > 0",
        "'\\377\\000' == ''",
        "payer.kind.matches('(a*)*(a*)*(a*)*b')",
    ],
)
def test_what_is_too_much_is_refused_or_quick(cel: str) -> None:
    begun = time.perf_counter()
    with suppress(RefusedExpression):
        holds(cel)
    assert time.perf_counter() - begun < SLOW_S


def test_the_dearest_loop_over_a_full_basket_is_quick() -> None:
    cel = "items.exists(g, " + " || ".join(["g.contains('zz')"] * 24) + ")"
    items = [Item(f"group-{number}", 1) for number in range(100)]
    assert len(cel) < 500
    begun = time.perf_counter()
    assert not holds(cel, items=items)
    assert time.perf_counter() - begun < SLOW_S


FUZZ = """
import random, sys
from tests.unit.programmes.test_hostile_conditions import one_more, judge_one
chance = random.Random(int(sys.argv[1]))
taken = sum(judge_one(one_more(chance)) for _ in range(3000))
print(taken)
"""

PIECES = (
    *CONTEXT,
    *("true", "false", "in", "size(", "g", "u", "0", "1", "999999999999999999", "'a'", '""'),
    *("==", "!=", "<=", "<", "&&", "||", "!", "-", "+", "*", "/", "%", "?", ":"),
    *("(", ")", "[", "]", ",", "items.all(g,", "contract.unmet.exists(u,", ".startsWith('8')"),
)


def one_more(chance: random.Random) -> str:
    """Some text that is nearly an expression."""
    if chance.random() < 0.5:
        return " ".join(chance.choice(PIECES) for _ in range(chance.randrange(1, 40)))
    return _grown(chance, chance.randrange(1, 7))[:500]


def _grown(chance: random.Random, depth: int) -> str:
    if depth == 0 or chance.random() < 0.2:
        return chance.choice((*CONTEXT, "true", "7", "'a'", "['a', 'b']", "g"))
    one, other = _grown(chance, depth - 1), _grown(chance, depth - 1)
    forms = (
        f"({one} {chance.choice(('==', '<', '&&', '||', 'in', '+', '*', '/'))} {other})",
        f"!{one}",
        f"[{one}, {other}]",
        f"({one} ? {other} : {one})",
        f"items.all(g, {one})",
        f"{one}.contains({other})",
    )
    return chance.choice(forms)


def judge_one(cel: str) -> bool:
    """Whether it is an expression; anything but its being refused fails."""
    try:
        holds(cel, items=[Item("milk", 5)], contract=contracted(unmet=("taxes",)))
    except RefusedExpression:
        return False
    return True


@pytest.mark.parametrize("seed", range(2))
def test_nearly_right_texts_do_not_end_the_process(seed: int, tmp_path: Path) -> None:
    """In a child: what aborts the C++ runtime would take the tests with it."""
    program = tmp_path / "fuzz.py"
    program.write_text(FUZZ, encoding="utf-8")
    ended = subprocess.run(
        [sys.executable, str(program), str(seed)],
        capture_output=True,
        text=True,
        timeout=60,
        env={"PYTHONPATH": f"{ROOT / 'src'}:{ROOT}"},
        check=False,
    )
    assert ended.returncode == 0, ended.stderr[-2000:]
    assert int(ended.stdout) > 50, "so few are expressions that nothing was tried"


@pytest.mark.parametrize(
    "cel",
    [
        "!(payment.amount / (payment.amount - payment.amount) == 0)",
        "!(payment.amount % 0 == 1)",
        "payment.amount == 50000 && !(payment.amount / 0 == 1)",
        "(payment.amount / 0 == 1) ? false : true",
        "true ? payment.amount / 0 == 1 : true",
        "!(999999999999999999 * payment.amount > 0)",
        "!(payment.amount * payment.amount * payment.amount * payment.amount * payment.amount < 0)",
    ],
)
def test_what_cannot_be_reckoned_is_no_yes_however_it_is_turned(cel: str) -> None:
    assert not holds(cel)


@pytest.mark.parametrize(
    "cel",
    [
        "timestamp('2026-01-01T00:00:00Z') < timestamp(at.date)",
        "duration('1h') > duration('1m')",
        "payer.kind.matches('a+')",
        "9223372036854775807 + payment.amount > 0",
        "uint(1) == 1u",
        "has(payer.kind)",
        "[1].map(x, x) == [1]",
        "at.date + 'x' != ''",
        "payer.wallet != ''",
    ],
)
def test_dates_regexes_and_figures_beyond_what_is_documented_are_refused(cel: str) -> None:
    with pytest.raises(RefusedExpression):
        Expression(cel)
