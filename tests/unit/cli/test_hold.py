# SPDX-License-Identifier: Apache-2.0
"""`kerege hold`, `capture`, `release`: set aside, taken in part, given back."""

from tests.terminals import Terminal


def held(person: Terminal, to: str, amount: str, *options: str) -> str:
    order: str = person.asked("hold", to, amount, *options)["verdict"]["order"]
    return order


def test_a_hold_is_captured_in_part(aru: Terminal, beket: Terminal) -> None:
    aru.create(money=100_00)
    shop = beket.create()
    told = aru.must("hold", shop, "60", "--hours", "2")
    assert told.startswith("KZT 60.00 set aside for ")
    first = held(aru, shop, "20")
    raised = held(aru, shop, "5", "--raises", first)
    assert "is taken" in beket.must("capture", first, "22", "--also", raised, "--keep")
    # The first part has given all it had.
    assert "is taken" in beket.must("capture", raised, "3")
    assert (aru.balance(), beket.balance()) == (75_00, 25_00)


def test_a_hold_is_given_back(aru: Terminal, beket: Terminal) -> None:
    aru.create(money=100_00)
    order = held(aru, beket.create(), "20")
    assert aru.run("release", order).exit_code == 1
    assert "the payer's again" in beket.must("release", order)
    again = beket.run("capture", order, "1")
    assert again.exit_code == 1
    assert aru.balance() == 100_00


def test_a_third_decides(aru: Terminal, beket: Terminal) -> None:
    aru.create(money=100_00)
    shop, arbiter = beket.create(), aru.house.country.person("altyn-bank")
    order = held(aru, shop, "20", "--decider", arbiter.wallet)
    assert "(not_yours" in beket.run("capture", order, "20").output


def test_what_is_no_hold(aru: Terminal, beket: Terminal) -> None:
    aru.create(money=1_00)
    shop = beket.create()
    for arguments in (
        ("hold", shop, "2"),
        ("hold", "@nobody", "1"),
        ("hold", shop, "1", "--lock", "no digest"),
        ("capture", "nonsense", "1"),
        ("release", "ord_" + "0" * 32),
    ):
        told = aru.run(*arguments)
        assert told.exit_code == 1, arguments
        assert told.output.startswith("kerege: ")
    assert aru.run("hold", shop, "1", "--hours", "0").exit_code == 2
    assert aru.balance() == 1_00
