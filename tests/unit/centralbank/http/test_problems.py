# SPDX-License-Identifier: Apache-2.0
"""The core's errors have an answer each."""

from kerege.centralbank.directory import DirectoryFault, DirectoryRefused
from kerege.centralbank.http.problem_kinds import CORE_KINDS
from kerege.centralbank.http.problems import CORE_CODES
from kerege.centralbank.receipts import NotYetLogged
from kerege.ledger import MalformedId, Overloaded
from kerege.service import Answering


def test_some() -> None:
    answering = Answering(CORE_KINDS, CORE_CODES)
    for error, status in (
        (NotYetLogged("soon"), 404),
        (Overloaded("full"), 503),
        (MalformedId("x", expected="y"), 400),
        (DirectoryRefused(DirectoryFault.ALIAS_TAKEN, "there", remedy="ask"), 409),
    ):
        details = answering.details_of(answering.problem_of(error), "", {})
        assert details.status == status
