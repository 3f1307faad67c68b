# SPDX-License-Identifier: Apache-2.0
"""Whose business an order is."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from kerege.centralbank.parties import is_party
from kerege.centralbank.telling import Teller
from kerege.ledger import parse_order_id
from kerege.payments import Document, Mandate
from tests.doors import Door
from tests.registers import HOUR_US, Bank, Wallet, order_name


@pytest.fixture
def door(tmp_path: Path) -> Iterator[Door]:
    door = Door(tmp_path)
    yield door
    door.close()


def parties(door: Door, order: str) -> list[str]:
    register, ledger = door.country.register, door.country.ledger
    accepted = ledger.accepted(parse_order_id(order))
    assert accepted is not None
    teller = Teller(ledger, register)
    return [
        bank.name
        for bank in (door.altyn, door.qala)
        if is_party(bank.name, accepted, register=register, teller=teller)
    ]


def accepted(door: Door, bank: Bank, document: Document, wallet: Wallet) -> str:
    verdict = door.send(bank, document, wallet.key)
    assert verdict.accepted, verdict
    return verdict.order


def test_a_payment_is_that_of_both_banks(door: Door) -> None:
    pay = door.pay(door.aru, door.bek.id, 5)
    assert parties(door, accepted(door, door.altyn, pay, door.aru)) == ["altyn-bank", "qala-bank"]


def test_a_payment_within_a_bank_is_its_own(door: Door) -> None:
    friend = door.country.person(door.altyn)
    pay = door.pay(door.aru, friend.id, 5)
    assert parties(door, accepted(door, door.altyn, pay, door.aru)) == ["altyn-bank"]


def test_what_moves_no_money_is_that_of_the_signers_bank(door: Door) -> None:
    mandate = Mandate(
        id=order_name(door.country.next_number()),
        wallet=door.aru.id,
        until_us=door.country.clock.now_us() + HOUR_US,
        asset="KZT",
        to=door.bek.id,
        each=10,
        total=10,
    )
    assert "altyn-bank" in parties(door, accepted(door, door.altyn, mandate, door.aru))


def test_an_opening_is_that_of_its_bank(door: Door) -> None:
    number = door.country.next_number() + 1
    door.country.person(door.qala)
    assert parties(door, order_name(number)) == ["qala-bank"]
