# SPDX-License-Identifier: Apache-2.0
"""What a bank says of its interface is true: schemathesis asks everything it describes, and more.

As a customer who is signed in; strangers are in tests/unit/bank/http/test_signed_in.py. No answer
is ever 500.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.core.parameters import ParameterLocation
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import positive_data_acceptance

from tests.banks import House, Person, running_bank

EXAMPLES = 5
"""Requests to each operation: the machine has two cores."""

NEVER_ENDS = ("/stream",)
TOO_LARGE = 413
"""A member that is much too long makes a body that is not read at all; schemathesis knows no
such refusal."""

NOT_ASKED = [positive_data_acceptance]
"""A telephone number, an alias or an address has more rules than a schema says."""

ELSEWHERE = ("/v1/staff", "/v1/peers", "/oauth/authorize")
"""Signed by institutions; or answered by a page, which Accept decides."""


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with running_bank(tmp_path_factory.mktemp("bank")) as made:
        yield made


class Bearer(requests.auth.AuthBase):
    """A person's token; a request that is to be `wrong` may be so by going without."""

    def __init__(self, person: Person, *, wrong: bool) -> None:
        self.person = person
        self.wrong = wrong

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        if not self.wrong:
            request.headers.update(self.person.headers)
        return request


def operations(url: str) -> Iterator[Any]:
    """Everything that is described."""
    described = schemathesis.openapi.from_url(f"{url}/openapi.json")
    for found in described.get_all_operations():
        assert isinstance(found, Ok)
        operation = found.ok()
        if not operation.path.endswith(NEVER_ENDS) and not operation.path.startswith(ELSEWHERE):
            yield operation


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
def test_the_description_is_true(house: House, mode: GenerationMode, tmp_path: Path) -> None:
    person = house.person(tmp_path / "aru")
    tea = person.wallet(money=300_00)
    answers: list[int] = []
    for operation in operations(house.url):

        @settings(
            max_examples=EXAMPLES,
            derandomize=True,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy(generation_mode=mode))
        def ask(case: Any) -> None:
            if isinstance((case.query or {}).get("wait_s"), int):
                case.query["wait_s"] = min(case.query["wait_s"], 0)
            if mode is GenerationMode.POSITIVE and "wallet" in (case.path_parameters or {}):
                case.path_parameters["wallet"] = tea.id
            header = case.meta.components.get(ParameterLocation.HEADER)
            wrong = header is not None and header.mode is GenerationMode.NEGATIVE
            answer = case.call(auth=Bearer(person, wrong=wrong), timeout=10)
            answers.append(answer.status_code)
            if answer.status_code != TOO_LARGE:
                case.validate_response(answer, excluded_checks=NOT_ASKED)

        # What takes nothing cannot be asked wrongly.
        with suppress(Unsatisfiable):
            ask()
    told = Counter(answers)
    wanted = {200, 404} if mode is GenerationMode.POSITIVE else {400}
    assert wanted <= set(told), told
    assert max(told) < 500
