# SPDX-License-Identifier: Apache-2.0
"""`kerege card`: a wallet without a device, a card for it, a till that takes it."""

from pathlib import Path

from tests.cards import Shop, token
from tests.terminals import Terminal


def filled(person: Terminal, amount: int) -> str:
    house = person.house
    wallet: str = person.asked("card", "open", "--bank", house.url, "--name", "card")["wallet"]
    assert house.country.send(house.own, house.own.pay(wallet, amount)).accepted
    return wallet


def test_paying_without_a_device(aru: Terminal, beket: Terminal) -> None:
    bank = ("--bank", aru.house.url)
    wallet, shop = filled(aru, 50_00), beket.create()
    once = ("--once", "0123456789abcdef")
    for _ in range(2):
        assert "Paid KZT 20.00" in aru.must("card", "pay", wallet, shop, "20", *once, *bank)
    assert beket.balance() == 20_00
    assert aru.run("card", "pay", wallet, "@nobody", "1", *bank).exit_code == 1
    assert aru.run("card", "pay", shop, wallet, "1", *bank).exit_code == 1
    assert aru.run("card", "open", *bank, "--once", "short").exit_code == 1


def test_a_card_from_binding_to_giving_up(aru: Terminal) -> None:
    bank, text = ("--bank", aru.house.url), token()
    wallet = filled(aru, 50_00)
    assert "There is no card" in aru.must("card", "list", *bank)
    assert f"The card ****{text[-4:]} pays" in aru.must("card", "bind", text, wallet, *bank)
    (card,) = aru.asked("card", "list", *bank)["cards"]
    assert "is blocked" in aru.must("card", "block", card["card"], *bank)
    assert "pays again" in aru.must("card", "unblock", card["card"], *bank)
    assert card["card"] in aru.must("card", "list", *bank)
    assert "given up" in aru.must("card", "drop", card["card"], *bank)
    for arguments in (
        ("block", card["card"]),
        ("drop", "../../me"),
        ("bind", "4111111111111111", wallet),
    ):
        told = aru.run("card", *arguments, *bank)
        assert told.exit_code == 1, arguments
        assert told.output.startswith("kerege: ")


def test_a_till(aru: Terminal, beket: Terminal, tmp_path: Path) -> None:
    house, text = aru.house, token()
    bank = ("--bank", house.url)
    aru.must("card", "bind", text, filled(aru, 50_00), *bank)
    beket.create()
    person = beket.run("card", "charge", text, "12")
    assert person.exit_code == 1
    assert person.output.startswith("kerege: ")
    phone = Shop(house).phone
    till = Terminal(house, tmp_path / "till", phone)
    till.must("wallet", "login", *bank, "--phone", phone)
    till.create("till")
    assert "The card paid KZT 12.00." in till.must("card", "charge", text, "12")
    assert "(card_short" in till.run("card", "charge", text, "39").output
    assert "(card_declined" in till.run("card", "charge", token(), "1").output
    assert till.balance() == 12_00
