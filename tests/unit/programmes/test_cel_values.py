# SPDX-License-Identifier: Apache-2.0
"""Where values come from."""

from kerege.programmes import Item
from kerege.programmes.calendar import Moment
from kerege.programmes.cel_values import Values
from kerege.programmes.context import CONTEXT
from tests.programmes import contracted, payment

NOON = Moment("2026-11-23", 1, 720, open=True)


def test_each_name_has_its_own_value() -> None:
    situation = payment(
        amount=7,
        purpose=3,
        channel="qr",
        invoiced=True,
        items=[Item("milk", 2), Item("milk", 3)],
        contract=contracted(depth=4, unmet=("wages",), is_buyer=False, by_supplier=True),
    )
    assert Values(CONTEXT).by_name(situation, NOON) == {
        "payer.kind": "person",
        "payer.tier": "identified",
        "payer.category": "",
        "payer.region": "KZ-75",
        "payer.vat": False,
        "payer.bank": "post",
        "payer.is_funder": False,
        "payee.kind": "firm",
        "payee.tier": "firm",
        "payee.category": "8211",
        "payee.region": "KZ-75",
        "payee.vat": True,
        "payee.bank": "bank-a",
        "payee.is_funder": False,
        "payment.amount": 7,
        "payment.purpose": 3,
        "payment.channel": "qr",
        "at.date": "2026-11-23",
        "at.weekday": 1,
        "at.minute": 720,
        "at.open": True,
        "items": {"milk": 5},
        "contract.present": True,
        "contract.is_buyer": False,
        "contract.is_supplier": True,
        "contract.depth": 4,
        "contract.of_programme": True,
        "contract.by_supplier": True,
        "contract.last": False,
        "contract.unmet": ["wages"],
        "invoice.present": True,
    }


def test_without_a_contract_its_names_are_empty() -> None:
    names = [name for name in CONTEXT if name.startswith("contract.")]
    values = Values(names).by_name(payment(), NOON)
    assert not any(values.values())
    assert len(values) == 8


def test_each_alone_is_as_among_all() -> None:
    situation = payment(contract=contracted(depth=2))
    together = Values(CONTEXT).by_name(situation, NOON)
    for name in CONTEXT:
        assert Values([name]).by_name(situation, NOON) == {name: together[name]}


def test_a_key_differs_where_a_value_does() -> None:
    key = Values(["payee.category", "at.open", "contract.present"]).key
    shut = Moment("2026-11-22", 7, 720, open=False)
    keys = {
        key(payment(), NOON),
        key(payment(), shut),
        key(payment(contract=contracted()), NOON),
        key(payment(amount=1, contract=contracted()), NOON),
    }
    assert len(keys) == 3


def test_a_null_character_hides_nothing() -> None:
    situation = payment(
        channel="qr\0x",
        items=[Item("milk\0", 2)],
        contract=contracted(unmet=("taxes\0",)),
    )
    names = ["payment.channel", "items", "contract.unmet"]
    assert Values(names).by_name(situation, NOON) == {
        "payment.channel": "qr\ufffdx",
        "items": {"milk\ufffd": 2},
        "contract.unmet": ["taxes\ufffd"],
    }
