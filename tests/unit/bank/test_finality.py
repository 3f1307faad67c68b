# SPDX-License-Identifier: Apache-2.0
"""Which answers end the matter."""

import pytest
from msgspec.structs import replace

from kerege.bank.finality import IN_FLIGHT_US, Finality, finality_of
from kerege.bank.sending import Sending
from kerege.payments.verdict import Verdict

ORDER = "ord_" + "1" * 32
FIRST = Sending(
    id=ORDER, wallet="", customer="", kind="pay", digest=b"", text=b"", until_us=0, sent_us=1_000
)
AGAIN = replace(FIRST, tries=2)

ROWS = [
    ("accepted", FIRST, 0, Finality.FINAL),
    ("accepted", AGAIN, 0, Finality.FINAL),
    ("exceeds_balance", AGAIN, 0, Finality.FINAL),
    ("expired", AGAIN, 0, Finality.FINAL),
    ("payee_unknown", AGAIN, 0, Finality.FINAL),
    ("id_has_other_content", AGAIN, 0, Finality.FINAL),
    ("key_revoked", FIRST, 0, Finality.FINAL_IF_ALONE),
    ("key_revoked", AGAIN, 1_000 + IN_FLIGHT_US - 1, Finality.OPEN),
    ("key_revoked", AGAIN, 1_000 + IN_FLIGHT_US, Finality.FINAL_IF_ALONE),
    ("participant_suspended", AGAIN, 2_000, Finality.OPEN),
    ("amount_too_large", FIRST, 0, Finality.FINAL_IF_ALONE),
    ("rate_exceeded", FIRST, 0, Finality.OPEN),
    ("not_yet_valid", FIRST, 0, Finality.OPEN),
]


@pytest.mark.parametrize(("code", "sending", "now_us", "finality"), ROWS)
def test_finality(code: str, sending: Sending, now_us: int, finality: Finality) -> None:
    assert finality_of(Verdict(ORDER, code), sending, now_us=now_us) is finality
