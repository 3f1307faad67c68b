# SPDX-License-Identifier: Apache-2.0
"""`kerege mandate`: granted, pulled under, listed, ended."""

from tests.terminals import Terminal


def test_from_granting_to_ending(aru: Terminal, beket: Terminal) -> None:
    aru.create(money=100_00)
    shop = beket.create()
    assert "granted no mandate" in aru.must("mandate", "list")
    made = aru.asked(
        "mandate", "make", shop, "--each", "20", "--total", "30", "--days", "30", "--ends-in", "90"
    )
    order = made["verdict"]["order"]
    assert "taken under the mandate" in beket.must("mandate", "pull", order, "20")
    assert "(mandate_exceeds_each" in beket.run("mandate", "pull", order, "21").output
    assert "(mandate_used_up" in beket.run("mandate", "pull", order, "11").output
    (listed,) = aru.asked("mandate", "list")["mandates"]
    assert (listed["id"], listed["each"], listed["ended"]) == (order, 20_00, False)
    assert "in force" in aru.must("mandate", "list")
    assert "has ended" in aru.must("mandate", "cancel", order)
    assert "(mandate_ended" in beket.run("mandate", "pull", order, "1").output
    (listed,) = aru.asked("mandate", "list")["mandates"]
    assert listed["ended"] is True
    assert (aru.balance(), beket.balance()) == (80_00, 20_00)


def test_a_pull_may_set_aside(aru: Terminal, beket: Terminal) -> None:
    aru.create(money=100_00)
    shop = beket.create()
    terms = ("--each", "20", "--total", "20")
    order = aru.asked("mandate", "make", shop, *terms, "--holds")["verdict"]["order"]
    hold = beket.asked("mandate", "pull", order, "15", "--hold-hours", "1")["verdict"]["order"]
    beket.must("capture", hold, "15")
    assert beket.balance() == 15_00
    bare = aru.asked("mandate", "make", shop, *terms)["verdict"]["order"]
    told = beket.run("mandate", "pull", bare, "15", "--hold-hours", "1")
    assert "(mandate_holds_not_granted" in told.output


def test_what_is_no_mandate(aru: Terminal, beket: Terminal) -> None:
    aru.create(money=1_00)
    shop = beket.create()
    for arguments in (
        ("make", shop, "--each", "x", "--total", "1"),
        ("make", "@nobody", "--each", "1", "--total", "1"),
        ("pull", "nonsense", "1"),
        ("cancel", "ord_" + "0" * 32),
    ):
        told = aru.run("mandate", *arguments)
        assert told.exit_code == 1, arguments
        assert told.output.startswith("kerege: ")
    assert aru.run("mandate", "make", shop).exit_code == 2
