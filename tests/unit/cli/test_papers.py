# SPDX-License-Identifier: Apache-2.0
"""`kerege papers`: what concerns a wallet, in the reader's language."""

from tests.terminals import Terminal


def test_a_mandate_is_told_to_its_payee(aru: Terminal, beket: Terminal) -> None:
    aru.create(money=10_00)
    shop = beket.create()
    assert beket.must("papers") == "No paper concerns this wallet.\n"
    made = aru.asked("mandate", "make", shop, "--each", "1", "--total", "2")["verdict"]["order"]
    aru.house.read_core()
    assert f"mandate  {made}  you: payee" in beket.must("papers")
    assert "вы: получатель" in beket.must("papers", "--language", "ru")
    assert "сіз: алушы" in beket.must("papers", "--language", "kk")
    (told,) = beket.asked("papers")["papers"]
    assert (told["kind"], told["document"]["total"]) == ("mandate", 2_00)
    assert beket.asked("papers", "--kind", "invoice")["papers"] == []
    assert aru.asked("papers")["papers"] == []
