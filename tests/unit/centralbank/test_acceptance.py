# SPDX-License-Identifier: Apache-2.0
"""Signed orders at the core's door: decided together, once, and the first answer stands."""

from kerege.keys import Algorithm
from kerege.keys.base64url import decode_base64url, encode_base64url
from kerege.ledger import parse_order_id
from tests.doors import ANSWER_S, Door
from tests.registers import Wallet, key_of


def test_a_payment_between_banks_is_accepted_once(door: Door) -> None:
    text = door.country.sign(door.pay(door.aru, door.bek.id, 300), door.aru.key)
    first, again = door.bring(door.altyn, text), door.bring(door.altyn, text)
    assert first.accepted
    assert not first.replayed
    assert again.replayed
    assert (again.number, again.at_us) == (first.number, first.at_us)
    assert (door.balance(door.aru), door.balance(door.bek)) == (700, 1_300)
    assert door.acceptance.verdict(parse_order_id(first.order)) == first


def test_many_come_together_and_are_answered_in_their_order(door: Door) -> None:
    pays = [door.pay(door.aru, door.bek.id, amount) for amount in (400, 5_000, 600, 1)]
    texts = [door.country.sign(pay, door.aru.key) for pay in pays]
    verdicts = door.acceptance.submit_all(door.altyn.name, [*texts, b"rubbish"]).result(ANSWER_S)
    codes = ["accepted", "exceeds_balance", "accepted", "exceeds_balance", "order_text_invalid"]
    assert [verdict.code for verdict in verdicts] == codes
    assert [verdict.order for verdict in verdicts] == [*(pay.id for pay in pays), ""]


def test_a_wallet_is_opened_through_the_door(door: Door) -> None:
    key = key_of("newcomer")
    opening = door.country.opening(door.altyn.name, key)
    assert door.send(door.altyn, opening, key).accepted
    assert door.send(door.altyn, opening, key).replayed
    assert door.send(door.altyn, door.pay(door.aru, opening.wallet, 5), door.aru.key).accepted


def test_one_id_cannot_say_two_things(door: Door) -> None:
    pay = door.pay(door.aru, door.bek.id, 5)
    other = door.pay(door.aru, door.altyn.own.id, 5, id=pay.id)
    assert door.send(door.altyn, pay, door.aru.key).accepted
    assert door.send(door.altyn, other, door.aru.key).code == "id_has_other_content"


def test_what_was_refused_stays_refused_though_it_could_be_done_by_now(door: Door) -> None:
    key = key_of("newcomer")
    opening = door.country.opening(door.altyn.name, key)
    pay = door.pay(door.aru, opening.wallet, 5)
    assert door.send(door.altyn, pay, door.aru.key).code == "payee_unknown"
    assert door.send(door.altyn, opening, key).accepted
    again = door.send(door.altyn, pay, door.aru.key)
    assert (again.code, again.replayed) == ("payee_unknown", True)
    assert door.acceptance.verdict(parse_order_id(pay.id)).code == "payee_unknown"  # type: ignore[union-attr]
    assert door.balance(door.aru) == 1_000


P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


def _with_s_turned(text: bytes) -> bytes:
    """The other valid ES256 signature anyone can make of a given one: r, n - s."""
    signed, _, signature = text.rpartition(b".")
    raw = decode_base64url(signature)
    turned = P256_ORDER - int.from_bytes(raw[32:], "big")
    return signed + b"." + encode_base64url(raw[:32] + turned.to_bytes(32, "big")).encode()


def test_a_second_signature_on_the_same_order_changes_nothing(door: Door) -> None:
    key = key_of("es256", Algorithm.ES256)
    opening = door.country.opening(door.altyn.name, key)
    assert door.send(door.altyn, opening, key).accepted
    purse = Wallet(opening.wallet, key)  # type: ignore[arg-type]
    door.give(purse, 100)
    pay = door.pay(purse, door.bek.id, 60)
    one = door.country.sign(pay, key)
    other = _with_s_turned(one)
    assert one != other
    assert door.bring(door.altyn, one).accepted
    assert door.bring(door.altyn, other).replayed
    assert door.balance(purse) == 40


def test_the_same_money_is_spent_once_however_it_is_tried(door: Door) -> None:
    pays = [door.pay(door.aru, door.bek.id, 700) for _ in range(20)]
    texts = [door.country.sign(pay, door.aru.key) for pay in pays]
    # Half through the bank that keeps the wallet, half through another, all at once.
    futures = [
        door.acceptance.submit((door.altyn, door.qala)[n % 2].name, text)
        for n, text in enumerate(texts)
    ]
    codes = [future.result(ANSWER_S).code for future in futures]
    assert codes.count("accepted") == 1
    assert set(codes[1::2]) == {"wallet_kept_elsewhere"}
    assert (door.balance(door.aru), door.balance(door.bek)) == (300, 1_700)
