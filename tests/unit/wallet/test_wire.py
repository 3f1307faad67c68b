# SPDX-License-Identifier: Apache-2.0
"""What a bank says is read leniently, so that it may say more than this version knows."""

import msgspec

from kerege.payments import Verdict
from kerege.wallet import Answer, Notice


def test_unknown_members_are_passed_over() -> None:
    text = b'{"verdict":{"order":"ord_1","code":"accepted"},"text":"done","new":1}'
    assert msgspec.json.decode(text, type=Answer) == Answer(
        verdict=Verdict("ord_1", "accepted"), text="done"
    )


def test_a_notice_survives_the_wire() -> None:
    notice = Notice(id=1, at_us=2, kind="paid", data={"amount": 5})
    assert msgspec.json.decode(msgspec.json.encode(notice), type=Notice) == notice
