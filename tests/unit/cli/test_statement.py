# SPDX-License-Identifier: Apache-2.0
"""`kerege statement`: newest first, page by page, nothing left out and nothing twice."""

from tests.terminals import Terminal


def test_pages_join(aru: Terminal, beket: Terminal) -> None:
    aru.create(money=100_00)
    shop = beket.create()
    for amount in ("1", "2", "3"):
        aru.must("pay", shop, amount)
    whole = aru.asked("statement")["lines"]
    assert [line["change"] for line in whole] == [-3_00, -2_00, -1_00, 100_00]
    assert [line["balance"] for line in whole] == [94_00, 97_00, 99_00, 100_00]
    first = aru.asked("statement", "--limit", "3")
    rest = aru.asked("statement", "--before", str(first["next"]))
    assert first["lines"] + rest["lines"] == whole
    assert rest.get("next", 0) == 0


def test_a_person_reads_lines(aru: Terminal, beket: Terminal) -> None:
    aru.create(money=100_00)
    shop = beket.create()
    aru.must("pay", shop, "1.50")
    newest, more = aru.must("statement", "--limit", "1").splitlines()
    assert "\N{MINUS SIGN}KZT 1.50  = KZT 98.50" in newest
    assert shop in newest
    assert more.startswith("more: --before ")
    assert "+KZT 1.50" in beket.must("statement")


def test_nothing_happened_yet(aru: Terminal) -> None:
    aru.create()
    assert aru.must("statement") == "Nothing happened yet.\n"


def test_another_wallet_is_told_by_name(aru: Terminal) -> None:
    aru.create("tea", money=1_00)
    aru.create("coffee")
    several = aru.run("statement")
    assert several.exit_code == 1
    assert "say which: tea, coffee" in several.output
    assert "+KZT 1.00" in aru.must("statement", "--wallet", "tea")
    assert aru.must("statement", KEREGE_WALLET="coffee") == "Nothing happened yet.\n"
