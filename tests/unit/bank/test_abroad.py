# SPDX-License-Identifier: Apache-2.0
"""Both sides of a bank share its line to others; what they do is tried in
tests/unit/bank/http/test_peer_disputes.py."""

from pathlib import Path

from kerege.bank.abroad import both_sides
from tests.banks import BANK, running_bank


def test_both_sides_speak_over_one_line(tmp_path: Path) -> None:
    with running_bank(tmp_path) as house:
        parts = house.parts
        telling, heard = both_sides(
            BANK,
            parts._abroad,
            parts.desk.disputes,
            parts.core,
            parts.neighbours,
            customers=parts.customers,
            outbox=parts.outbox,
            clock=parts.clock,
        )
        assert telling._peers is heard._peers
        assert telling.tend() == 0
        assert heard.find("dsp_" + "0" * 32) is None
