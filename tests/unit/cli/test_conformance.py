# SPDX-License-Identifier: Apache-2.0
"""`kerege conformance accounting`: a report, its reasons, and the right exit code."""

import json
from collections.abc import Iterator

import pytest
from click.testing import CliRunner

from kerege.cli.conformance import conformance
from kerege.runtime import SystemClock
from kerege.sandbox.accounting.cases import case_names
from kerege.sandbox.accounting.routes import accounting_app
from kerege.sandbox.accounting.serving import new_shelf
from kerege.service import Server, listen_on, serving


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    clock = SystemClock()
    with new_shelf(clock) as shelf:
        server = Server(accounting_app(shelf, clock), listen_on("127.0.0.1:0"))
        with serving(server) as found:
            yield found


def _run(*arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(conformance, ["accounting", *arguments])
    return done.exit_code, done.output


def test_our_own_books_pass_every_case(url: str) -> None:
    code, output = _run("--url", url)
    assert output.splitlines()[-1] == f"{len(case_names())} of {len(case_names())} cases passed"
    assert code == 0


def test_some_cases_and_json(url: str) -> None:
    code, output = _run("--url", url, "--case", "retry", "--case", "rates", "--json")
    assert [(one["case"], one["passed"]) for one in json.loads(output)] == [
        ("retry", True),
        ("rates", True),
    ]
    assert code == 0


def test_a_failure_has_its_reason_and_code_1() -> None:
    code, output = _run("--url", "http://127.0.0.1:1", "--case", "retry")
    assert code == 1
    assert "step 0 of 5 (books): did not answer" in output
    assert "because every case begins" in output


def test_cases_are_listed_and_something_is_asked_for() -> None:
    code, output = _run("--list")
    assert (code, len(output.splitlines())) == (0, len(case_names()))
    assert _run()[0] == 2
    assert _run("--url", "http://127.0.0.1:1", "--case", "other")[0] != 0
