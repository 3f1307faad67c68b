# SPDX-License-Identifier: Apache-2.0
"""Who may bring which order, and what is never believed."""

from kerege.payments import ParticipantId
from tests.doors import ANSWER_S, Door
from tests.registers import HOUR_US, key_of


def test_a_wallet_cannot_be_opened_with_anothers_key(door: Door) -> None:
    opening = door.country.opening(door.altyn.name, key_of("newcomer"))
    assert door.send(door.altyn, opening, key_of("thief")).code == "signature_invalid"
    taken = door.country.opening(door.altyn.name, door.aru.key)
    assert door.send(door.altyn, taken, door.aru.key).code == "signer_is_not_wallet"


def test_only_the_bank_that_keeps_a_wallet_brings_its_orders(door: Door) -> None:
    pay = door.pay(door.aru, door.bek.id, 5)
    assert door.send(door.qala, pay, door.aru.key).code == "wallet_kept_elsewhere"
    # Nothing was decided: the right bank may still bring it.
    assert door.send(door.altyn, pay, door.aru.key).accepted


def test_a_bank_cannot_make_up_its_customers_orders(door: Door) -> None:
    pay = door.pay(door.aru, door.bek.id, 5)
    assert door.send(door.altyn, pay, door.altyn.own.key).code == "signer_is_not_wallet"
    assert door.send(door.altyn, pay, key_of("nobody")).code == "key_unknown"
    text = door.country.sign(pay, door.aru.key)
    other = door.country.sign(door.pay(door.aru, door.altyn.own.id, 5), door.aru.key)
    spliced = b".".join((*other.split(b".")[:2], text.split(b".")[2]))
    assert door.bring(door.altyn, spliced).code == "signature_invalid"
    assert door.balance(door.aru) == 1_000


def test_an_unknown_institution_is_not_heard(door: Door) -> None:
    text = door.country.sign(door.pay(door.aru, door.bek.id, 5), door.aru.key)
    verdict = door.acceptance.submit(ParticipantId("no-bank"), text).result(ANSWER_S)
    assert verdict.code == "participant_suspended"


def test_an_order_has_its_time(door: Door) -> None:
    now_us = door.country.clock.now_us()
    late = door.pay(door.aru, door.bek.id, 5, until_us=now_us - 1)
    early = door.pay(door.aru, door.bek.id, 5, after_us=now_us + 10)
    endless = door.pay(door.aru, door.bek.id, 5, until_us=now_us + 26 * HOUR_US)
    assert door.send(door.altyn, late, door.aru.key).code == "expired"
    assert door.send(door.altyn, early, door.aru.key).code == "not_yet_valid"
    assert door.send(door.altyn, endless, door.aru.key).code == "too_long_valid"
