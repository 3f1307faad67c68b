# SPDX-License-Identifier: Apache-2.0
"""`kerege refund`: back to who paid, never more than came."""

import json

from tests.terminals import Terminal


def test_a_payment_goes_back_in_parts(aru: Terminal, beket: Terminal) -> None:
    aru.create(money=100_00)
    order = aru.asked("pay", beket.create(), "60")["verdict"]["order"]
    assert beket.must("refund", order, "20").startswith("KZT 20.00 paid back.\n  ord_")
    assert "Возвращено" in beket.must("refund", order, "10", "--language", "ru")
    assert (aru.balance(), beket.balance()) == (70_00, 30_00)
    more = beket.run("refund", order, "30.01", "--json")
    assert more.exit_code == 1
    assert json.loads(more.output)["verdict"]["code"] == "exceeds_refundable"


def test_what_is_no_refund(aru: Terminal, beket: Terminal) -> None:
    aru.create(money=100_00)
    order = aru.asked("pay", beket.create(), "60")["verdict"]["order"]
    for arguments in ((order, "1"), ("ord_" + "0" * 32, "1"), ("nonsense", "1"), (order, "0")):
        told = aru.run("refund", *arguments)
        assert told.exit_code == 1, arguments
        assert told.output.startswith("kerege: ")
    assert aru.run("refund", order, "1", "--leg", "-1").exit_code == 2
