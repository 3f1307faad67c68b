# SPDX-License-Identifier: Apache-2.0
"""The accounting interface: what it says of itself is true, and its noes have codes."""

from collections import Counter
from contextlib import suppress
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import positive_data_acceptance

from kerege.sandbox.accounting.problem_kinds import BOOKS_KINDS

BOOKS = {"today": "2026-11-20", "firms": [{"name": "mill"}, {"name": "baker", "money": 5}]}


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
def test_the_description_is_true(url: str, mode: GenerationMode) -> None:
    answers: list[int] = []
    described = schemathesis.openapi.from_url(f"{url}/openapi.json")
    for found in described.get_all_operations():
        assert isinstance(found, Ok)
        operation: Any = found.ok()
        if operation.path.endswith("/ubl-invoices"):
            # Its body is XML, of which the description says no more: see test_driving.
            continue

        @settings(
            max_examples=4,
            derandomize=True,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy(generation_mode=mode))
        def ask(case: Any) -> None:
            # What fits the schema may break a rule: an invoice that does not add up is well-formed.
            answer = case.call_and_validate(timeout=10, excluded_checks=[positive_data_acceptance])
            answers.append(answer.status_code)

        with suppress(Unsatisfiable):
            ask()
    assert max(Counter(answers)) < 500


def test_books_are_found_by_their_id_only(url: str) -> None:
    books = httpx.post(f"{url}/v1/books", json=BOOKS).json()
    assert books["authority"] == "tax-authority"
    base = f"{url}/v1/books/{books['id']}"
    assert httpx.get(f"{base}/firms/baker").json() == {"name": "baker", "plain": 5, "vat": 0}
    assert httpx.get(f"{base}/firms/nobody").json()["code"] == "request_unfit"
    assert httpx.get(f"{base}/invoices/ord_1").json()["code"] == "not_found"
    assert httpx.get(f"{url}/v1/books/other/firms/mill").status_code == 404


@pytest.mark.parametrize(
    "changed",
    [
        {"today": "2026-02-30"},
        {"today": "1999-01-01"},
        {"firms": []},
        {"firms": [{"name": "mill"}, {"name": "mill"}]},
        {"firms": [{"name": "tax-authority"}]},
        {"firms": [{"name": "mill", "money": -1}]},
        {"stranger": 1},
    ],
)
def test_books_that_make_no_sense(url: str, changed: dict[str, Any]) -> None:
    answer = httpx.post(f"{url}/v1/books", json={**BOOKS, **changed})
    assert answer.status_code in (400, 422)
    assert answer.json()["code"] in ("request_invalid", "request_unfit")


def test_a_ubl_invoice_is_xml(url: str) -> None:
    books = httpx.post(f"{url}/v1/books", json=BOOKS).json()["id"]
    address = f"{url}/v1/books/{books}/ubl-invoices"
    assert httpx.post(address, json={}).json()["code"] == "media_type_wrong"
    large = httpx.post(
        address, content=b" " * (5 * 1024 * 1024), headers={"content-type": "application/xml"}
    )
    assert large.status_code == 413


def test_every_refusal_is_there_in_three_languages() -> None:
    for kind in BOOKS_KINDS.values():
        assert set(kind.texts) == {"kk", "ru", "en"}
        assert 400 <= kind.status < 500
