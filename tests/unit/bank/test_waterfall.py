# SPDX-License-Identifier: Apache-2.0
"""What events mean for deposits."""

from typing import Any

import pytest
from msgspec import Raw

from kerege.bank.own_wallet import OwnWallet, defunding_details
from kerege.bank.waterfall import Credit, credit_order, credits_of, suspense_order
from kerege.keys import Algorithm, PrivateKey
from kerege.ledger import AccountId
from kerege.payments.documents import Leg, Pay, TopUp, encode_document
from kerege.payments.events import Event, Move

BANK, ARU, BEK = (f"wal_{n:032x}" for n in (1, 2, 3))
ORDER = "ord_" + "1" * 32


def event(*moves: Move, kind: str = "pay", document: bytes = b"{}") -> Event:
    return Event(7, ORDER, 99, kind, moves, Raw(document))


def through(payee: str, amount: int, taken: int, *, leg: int = 0, **more: Any) -> list[Move]:
    """A leg that comes through the bank's overflow."""
    return [
        Move(BANK, "KZT", amount, counterparty=ARU, leg=leg, overflow=True, **more),
        Move(BANK, "KZT", -taken, counterparty=payee, leg=leg, overflow=True, **more),
        Move(payee, "KZT", taken, counterparty=BANK, leg=leg, **more),
    ]


def credited(found: Event) -> list[tuple[str, str, int]]:
    return [(c.why, c.wallet, c.amount) for c in credits_of(found, own_wallet=BANK)]


def test_what_did_not_fit_is_the_payees() -> None:
    assert credited(event(*through(BEK, 700, 500))) == [("waterfall", BEK, 200)]
    assert credited(event(*through(BEK, 700, 0))) == [("waterfall", BEK, 700)]
    assert credited(event(*through(BEK, 700, 700))) == []


def test_every_leg_by_itself() -> None:
    moves = [*through(BEK, 700, 500), *through(ARU, 100, 0, leg=1)]
    assert credited(event(*moves)) == [("waterfall", BEK, 200), ("waterfall", ARU, 100)]


def test_marked_money_is_no_deposit() -> None:
    assert credited(event(*through(BEK, 700, 500, mark=3))) == []


def test_what_is_only_reserved_is_not_there_yet() -> None:
    held = Move(BANK, "KZT", 0, held=5, counterparty=ARU, overflow=True)
    assert credited(event(held)) == []


def pay(details: str) -> bytes:
    legs = (Leg(BANK, 50),)
    document = Pay(id=ORDER, wallet=ARU, until_us=1, asset="KZT", legs=legs, details=details)
    return encode_document(document)


CAME = Move(BANK, "KZT", 50, counterparty=ARU)


@pytest.mark.parametrize(
    ("document", "found"),
    [
        (pay(defunding_details(ARU)), [("defunding", ARU, 50)]),
        (pay(defunding_details(BEK)), []),
        (pay(""), []),
        (b"null", []),
        (b'{"details":5}', []),
        (b'{"pay":"a.b"}', []),
        (b'{"pay":"\xd1\x8f"}', []),
    ],
)
def test_a_payment_that_asks_for_it_is_a_defunding(
    document: bytes, found: list[tuple[str, str, int]]
) -> None:
    assert credited(event(CAME, document=document)) == found


def test_a_defunding_inside_a_top_up() -> None:
    key = PrivateKey(Algorithm.ED25519, bytes(32))
    legs = (Leg(BANK, 50),)
    inner = Pay(
        id=ORDER,
        wallet=ARU,
        until_us=1,
        asset="KZT",
        legs=legs,
        details=defunding_details(ARU),
    )
    text = OwnWallet("post", BANK, key).sign(inner).decode()
    document = TopUp(id=ORDER, wallet=BANK, until_us=1, asset="KZT", amount=9, pay=text)
    told = event(CAME, kind="topup", document=encode_document(document))
    assert credited(told) == [("defunding", ARU, 50)]


def test_other_kinds_are_no_defunding() -> None:
    document = pay(defunding_details(ARU))
    assert credited(event(CAME, kind="refund", document=document)) == []
    sent = Move(BANK, "KZT", -50, counterparty=ARU)
    assert credited(event(sent, document=document)) == []
    marked = Move(BANK, "KZT", 50, mark=3, counterparty=ARU)
    assert credited(event(marked, document=document)) == []


def test_ids_follow_from_the_event() -> None:
    credit = Credit("waterfall", ORDER, "0:KZT", BEK, "KZT", 200, 99)
    position, deposit = AccountId(1), AccountId(2)
    order = credit_order(credit, position=position, account=deposit)
    assert order == credit_order(credit, position=position, account=deposit)
    other = suspense_order(credit, position=position, suspense=AccountId(3))
    assert order.id != other.id
