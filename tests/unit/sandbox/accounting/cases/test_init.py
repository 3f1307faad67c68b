# SPDX-License-Identifier: Apache-2.0
"""The published cases: each has its file's name, and a reason for every step."""

import pytest

from kerege.sandbox.accounting.case import MalformedCase
from kerege.sandbox.accounting.cases import case_names, read_case, read_cases


def test_the_published_cases_have_their_files_name_and_reasons() -> None:
    for case in read_cases():
        assert case.name in case_names()
        assert read_case(case.name) == case
        assert case.title
        assert case.shows
        assert all(step.why for step in case.steps)
    with pytest.raises(MalformedCase):
        read_case("../case")
