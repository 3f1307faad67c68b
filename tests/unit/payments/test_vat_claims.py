# SPDX-License-Identifier: Apache-2.0
"""Open claims travel as they are."""

import msgspec

from kerege.payments.vat_claims import OpenClaim, OpenClaims
from kerege.payments.vat_documents import RefusedLine, VatAnswer


def test_claims_are_read_as_they_were_written() -> None:
    claim, line = ("ord_" + digit * 32 for digit in "12")
    answer = VatAnswer(claim, 4_00, (RefusedLine(line, "vat-not-paid"),))
    claims = OpenClaims((OpenClaim("wal_1", 20_00, 5, answer),), is_complete=False)
    assert msgspec.json.decode(msgspec.json.encode(claims), type=OpenClaims) == claims
