# SPDX-License-Identifier: Apache-2.0
"""Top-ups: a bank's money and its customer's payment, both or neither, once."""

from typing import Any

import pytest
from msgspec.structs import replace

from kerege.payments.documents import Pay, TopUp
from kerege.payments.memory_scene import unsigned_text
from tests.towns import Town


def _topup(bank: str, pay: Pay, amount: int, **more: Any) -> TopUp:
    text = more.pop("text", unsigned_text(pay))
    given = {"id": pay.id, "asset": pay.asset, "until_us": pay.until_us, **more}
    return TopUp(wallet=bank, amount=amount, pay=text, **given)


def test_bank_and_customer_pay_together(town: Town) -> None:
    aru, shop = town.wallet(50), town.wallet()
    bank = town.wallet(1000, owner_kind="bank")
    pay = town.pay_all(aru, (shop, 100), (shop, 20))
    town.must(_topup(bank, pay, 70))
    assert [town.balance(w) for w in (aru, shop, bank)] == [0, 120, 930]
    assert town.code(pay) == "id_has_other_content"


def test_neither_if_the_payment_is_refused(town: Town) -> None:
    aru, small = town.wallet(50), town.wallet(ceiling=10)
    bank = town.wallet(1000, owner_kind="bank")
    verdict = town.submit(_topup(bank, town.pay(aru, small, 120), 70))
    assert (verdict.code, verdict.step) == ("exceeds_ceiling", 0)
    short = town.submit(_topup(bank, town.pay(aru, bank, 2000), 1500))
    assert (short.code, short.step) == ("exceeds_balance", -1)
    assert [town.balance(w) for w in (aru, bank)] == [50, 1000]


@pytest.mark.parametrize(
    "change",
    [
        {"id": "ord_" + "0" * 31 + "e"},
        {"until_us": 2**53},
        {"amount": 121},
    ],
)
def test_both_speak_of_one_payment(town: Town, change: dict[str, Any]) -> None:
    aru, shop = town.wallet(50), town.wallet()
    bank = town.wallet(1000, owner_kind="bank")
    topup = _topup(bank, town.pay(aru, shop, 120), 70)
    assert town.code(replace(topup, **change)) == "topup_mismatch"


def test_a_payment_not_yet_valid_is_not_topped_up_earlier(town: Town) -> None:
    aru, shop = town.wallet(50), town.wallet()
    bank = town.wallet(1000, owner_kind="bank")
    pay = town.pay(aru, shop, 120, after_us=town.scene.now_us + 1)
    assert town.code(_topup(bank, pay, 70)) == "topup_mismatch"
    assert town.code(_topup(bank, pay, 70, after_us=pay.after_us)) == "not_yet_valid"


def test_a_bank_tops_up_its_own_customers_only(town: Town) -> None:
    aru, shop = town.wallet(50), town.wallet()
    other = town.wallet(1000, owner_kind="bank", bank="other-bank")
    firm = town.wallet(1000, owner_kind="firm")
    pay = town.pay(aru, shop, 120)
    assert town.code(_topup(other, pay, 70)) == "wallet_kept_elsewhere"
    assert town.code(_topup(firm, pay, 70)) == "not_allowed_for_kind"
    bank = town.wallet(1000, owner_kind="bank")
    assert town.code(_topup(bank, town.pay(bank, shop, 120), 70)) == "topup_mismatch"


def test_only_a_payment_is_topped_up(town: Town) -> None:
    aru, shop = town.wallet(50), town.wallet()
    bank = town.wallet(1000, owner_kind="bank")
    pay = town.pay(aru, shop, 120)
    for text in ("", "a.b.c", unsigned_text(town.hold(aru, shop, 1))):
        assert town.code(_topup(bank, pay, 70, text=text)) == "order_text_invalid"
