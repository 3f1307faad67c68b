# SPDX-License-Identifier: Apache-2.0
"""`kerege alias`: claimed, found, given up."""

from tests.terminals import Terminal


def test_a_nickname_leads_to_a_wallet(aru: Terminal, beket: Terminal) -> None:
    aru.create()
    shop = beket.create()
    assert "no alias" in beket.must("alias", "list")
    assert beket.must("alias", "claim", "@nan.bar").startswith("@nan.bar leads to wal_")
    assert beket.must("alias", "claim", beket.phone).startswith(beket.phone)
    found = aru.asked("alias", "resolve", "@nan.bar")
    assert (found["wallet"], found["bank"]) == (shop, "altyn-bank")
    assert shop in aru.must("alias", "resolve", beket.phone)
    listed = beket.asked("alias", "list")["aliases"]
    assert {one["alias"] for one in listed} == {"@nan.bar", beket.phone}
    assert "do not see" in beket.must("alias", "show", "nothing")
    assert "no name shown" in aru.must("alias", "resolve", "@nan.bar")
    assert "first letters" in beket.must("alias", "show", "masked")
    assert "given up" in beket.must("alias", "drop", "@nan.bar")
    assert aru.run("alias", "resolve", "@nan.bar").exit_code == 1


def test_what_may_not_be_claimed(aru: Terminal, beket: Terminal) -> None:
    aru.create()
    for name in (beket.phone, "@", "@altynbank", "card:transit-0000000000000001"):
        told = aru.run("alias", "claim", name)
        assert told.exit_code == 1, name
        assert told.output.startswith("kerege: ")
    assert aru.run("alias", "drop", "@nobodys").exit_code == 1
    assert aru.run("alias", "show", "everything").exit_code == 2
