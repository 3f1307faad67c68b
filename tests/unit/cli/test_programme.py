# SPDX-License-Identifier: Apache-2.0
"""`kerege programme`: what it tells of documents and of payments that were made."""

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
from click.testing import CliRunner, Result

from kerege.cli import main
from tests.programmes import programme, route

PUPIL = {"kind": "person", "tier": "identified", "region": "almaty"}
CANTEEN = {"kind": "firm", "tier": "full", "category": "8211", "region": "almaty"}


def run(*arguments: str) -> Result:
    result = CliRunner().invoke(
        main, ["programme", *arguments], env={"KEREGE_LANGUAGE": "en", "COLUMNS": "100"}
    )
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def asked(*arguments: str) -> Any:
    return json.loads(run(*arguments, "--json").stdout)


def written(folder: Path, terms: Any) -> str:
    path = folder / "terms.json"
    path.write_bytes(msgspec.json.encode(terms))
    return str(path)


def test_a_shipped_programme_is_sound() -> None:
    result = run("check", "school-meals")
    assert (result.exit_code, result.stdout) == (0, "Nothing is odd about School meals.\n")
    assert asked("check", "school-meals") == {"ok": True, "faults": [], "findings": []}


def test_faults_are_told_all_at_once(tmp_path: Path) -> None:
    file = written(tmp_path, programme(route("1"), title={}))
    result = run("check", file)
    assert result.exit_code == 1
    assert result.stdout.count("fault: ") == 4
    assert "fault: $.routes[0].when: it comes to int, not to true or false\n" in result.stdout
    told = asked("check", file)
    assert not told["ok"]
    assert told["faults"][0] == {"place": "$.title.kk", "what": "is missing"}


def test_errors_are_told_with_their_code(tmp_path: Path) -> None:
    file = written(tmp_path, programme(route("false")))
    result = run("check", file, "--language", "ru")
    assert result.exit_code == 1
    assert "ошибка: $.routes[0].when: Этим путём" in result.stdout
    assert "(route-never)" in result.stdout
    codes = [finding["code"] for finding in asked("check", file)["findings"]]
    assert codes == ["route-never", "calendar-unused"]


def test_warnings_do_not_fail(tmp_path: Path) -> None:
    terms = programme(route("payer.is_funder"), takes_over=True)
    result = run("check", written(tmp_path, terms))
    assert result.exit_code == 0
    assert "notice: " in result.stdout


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "School meals"), ("ru", "Школьное питание"), ("kk", "Мектептегі тамақ")],
)
def test_a_programme_is_drawn_as_a_tree(language: str, words: str) -> None:
    told = run("show", "school-meals", "--language", language).stdout
    assert words in told
    assert "├── back → " in told
    assert "└── meal → " in told
    assert "1,200.00" in told or "1 200,00" in told
    assert all(len(line) <= 100 for line in told.splitlines())


def test_markup_in_a_text_is_only_text(tmp_path: Path) -> None:
    texts: Any = dict.fromkeys(("kk", "ru", "en"), "[bold red]pay me[/] [link=http://x]here")
    told = run("show", written(tmp_path, programme(title=texts, summary=texts))).stdout
    assert "[bold red]pay me[/] [link=http://x]here" in told
    assert "\x1b" not in told


def test_a_programme_for_a_program() -> None:
    told = asked("show", "procurement")
    assert told["ok"]
    assert told["id"] == "procurement"
    assert [one["name"] for one in told["routes"]][:2] == ["back", "final"]


def payments(folder: Path, *lines: Any) -> str:
    path = folder / "payments.jsonl"
    path.write_bytes(b"\n".join(msgspec.json.encode(line) for line in lines))
    return str(path)


def paid(minute: int, amount: int, **members: Any) -> dict[str, Any]:
    """A payment at noon on Monday 23 November 2026, and so many minutes."""
    at_us = 1_795_417_200_000_000 + minute * 60_000_000
    plain = {"payer": "a", "payee": "b", "payer_is": PUPIL, "payee_is": CANTEEN}
    return plain | {"at_us": at_us, "amount": amount} | members


def test_a_dry_run(tmp_path: Path) -> None:
    file = payments(
        tmp_path,
        paid(0, 1_000_00),
        paid(1, 500_00),
        paid(2, 500_00),
        paid(3, 700_00, payee_is=CANTEEN | {"category": "5411"}),
        paid(4, 800_00, payee_is=PUPIL),
        paid(5, 900_00, at_us=1_900_000_000_000_000),
    )
    told = run("test", "school-meals", file)
    assert told.exit_code == 0
    lines = [" ".join(line.split()) for line in told.stdout.splitlines()]
    assert lines == [
        "6 payments of XTS 4,400.00 were tried.",
        "would have been refused after the programme has ended 1 XTS 900.00",
        "would have been refused no route leads there 1 XTS 800.00",
        "would have been refused meal/canteen 1 XTS 700.00",
        "would have been refused meal/a-day 1 XTS 500.00",
        "would have passed meal 2 XTS 1,200.00",
        "1 of them only in part: other money would have paid XTS 300.00.",
    ]
    asked_for = asked("test", "school-meals", file)
    assert asked_for["tried"] == {"payments": 6, "amount": 4_400_00}
    assert asked_for["allowed"] == [{"route": "meal", "payments": 2, "amount": 1_200_00}]
    assert {"route": "meal", "rule": "a-day", "payments": 1, "amount": 500_00} in (
        asked_for["blocked"]
    )


def test_no_payments_at_all(tmp_path: Path) -> None:
    told = run("test", "school-meals", payments(tmp_path))
    assert told.stdout == "0 payments of XTS 0.00 were tried.\n"


def test_a_bad_line_is_told_with_its_number(tmp_path: Path) -> None:
    told = run("test", "school-meals", payments(tmp_path, paid(1, 5), paid(0, 5)))
    assert told.exit_code == 1
    assert "line 2: this payment is older" in told.stderr


def test_files_that_are_none(tmp_path: Path) -> None:
    assert run("check", str(tmp_path / "none.json")).exit_code == 1
    (tmp_path / "big.json").write_bytes(b" " * 40_000)
    assert "larger than" in run("show", str(tmp_path / "big.json")).stderr
    (tmp_path / "bad.json").write_bytes(b"\xff")
    assert run("show", str(tmp_path / "bad.json")).exit_code == 1


def test_a_sum_beyond_what_is_written_with_decimals(tmp_path: Path) -> None:
    file = payments(tmp_path, *[paid(minute, 10**18 - 1) for minute in range(100)])
    assert "minor units" in run("test", "school-meals", file).stdout


def test_an_asset_nobody_knows_is_shown_in_minor_units(tmp_path: Path) -> None:
    told = run("show", written(tmp_path, programme(asset="GOLD-G"))).stdout
    assert "GOLD-G 100000000 minor units" in told
