# SPDX-License-Identifier: Apache-2.0
"""Whom a text names over HTTP: masked names, foreign codes told in one's language, no guessing."""

import pytest

from kerege.money import Amount
from kerege.qr import PROFILES, MerchantCode, account_object, write_merchant_code
from tests.banks import House, Person

KZ = PROFILES["KZ"]


def resolve(person: Person, to: str, language: str = "en") -> dict[str, object]:
    headers = {**person.headers, "accept-language": language}
    answer = person.house.http.post("/v1/resolve", json={"to": to}, headers=headers)
    found: dict[str, object] = answer.json()
    return found


def code_for(payee: str) -> str:
    code = MerchantCode(
        accounts=(account_object(KZ, payee),),
        category="5462",
        currency=KZ.currency,
        country="KZ",
        name="Bakery",
        city="Almaty",
        amount=Amount(450_00, KZ.currency),
    )
    return write_merchant_code(code).write()


def test_a_wallet_is_found_under_a_masked_name(aru: Person, beket: Person) -> None:
    shop = beket.wallet()
    found = resolve(aru, shop.id)
    assert (found["wallet"], found["bank"], found["name"]) == (shop.id, "altyn-bank", "Б*** С.")


def test_a_static_code_names_wallet_and_amount(aru: Person, beket: Person) -> None:
    shop = beket.wallet()
    found = resolve(aru, code_for(shop.id))
    assert (found["wallet"], found["amount"], found["asset"]) == (shop.id, 450_00, "KZT")


@pytest.mark.parametrize("to", ["wal_" + "0" * 32, "@nobody", "+77010000000", "x", "кто"])
def test_nobody_is_told_the_same_way(aru: Person, to: str) -> None:
    assert resolve(aru, to) == {"text": "Nobody was found under this name."}


def test_a_foreign_code_is_told_in_ones_language(aru: Person) -> None:
    khqr = "00020101021129180014dave@khqr.test5204599953031165802KH5904Dave6010Phnom Penh63040000"
    for language in ("kk", "ru", "en"):
        found = resolve(aru, khqr, language)
        assert "wallet" not in found
        assert found["text"]


@pytest.mark.parametrize("to", ["0002010102", "000201" + "9" * 300, "000201\x00"])
def test_a_broken_code_is_told_with_its_place(aru: Person, to: str) -> None:
    assert "cannot be read" in str(resolve(aru, to)["text"])


@pytest.mark.parametrize("to", ["", "x" * 100_000, 5, None])
def test_what_is_malformed_is_refused(aru: Person, to: object) -> None:
    answer = aru.house.http.post("/v1/resolve", json={"to": to}, headers=aru.headers)
    assert answer.status_code in (400, 413)


def test_names_cannot_be_tried_in_numbers(house: House, aru: Person) -> None:
    statuses = [
        house.http.post("/v1/resolve", json={"to": f"@n{n}"}, headers=aru.headers).status_code
        for n in range(70)
    ]
    assert statuses[0] == 200
    assert statuses[-1] == 429
