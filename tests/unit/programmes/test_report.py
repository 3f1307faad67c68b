# SPDX-License-Identifier: Apache-2.0
"""A report has no place where a person could be."""

import msgspec

from kerege.programmes.report import (
    Figure,
    Flag,
    ProgrammeReport,
    RefusedBy,
    Standing,
)


def test_only_payees_that_are_no_people_have_a_name() -> None:
    words = {
        field.name
        for struct in (ProgrammeReport, Figure, Standing, RefusedBy, Flag)
        for field in msgspec.structs.fields(struct)
    }
    assert {"payer", "wallet", "order", "holder"} & words == set()
    assert Flag(rule="circle", payments=1, amount=1).payee == ""
