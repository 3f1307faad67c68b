# SPDX-License-Identifier: Apache-2.0
"""Requests to pay over HTTP: published by their payee, paid by whoever scans the code."""

from pathlib import Path

import pytest

from kerege.payments import Request, format_request_id
from kerege.qr import parse, png_image
from kerege.wallet import BankRefused, PayeeUnknown
from tests.banks import Person


def test_a_code_leads_to_the_request_and_the_payment(aru: Person, beket: Person) -> None:
    tea, shop = aru.wallet(money=300_00), beket.wallet()
    asked = shop.request(120_00, asset="KZT", note="two loaves")
    assert asked.note == "two loaves"
    payee = tea.payee(asked.qr)
    assert (payee.wallet, payee.amount, payee.request) == (shop.id, 120_00, asked.request)
    assert payee.name == "Б*** С."
    assert tea.pay(payee, asset="KZT").verdict.accepted
    twice = tea.pay(payee, asset="KZT").verdict
    assert twice.code == "request_already_paid"


def test_the_picture_of_a_code_is_read_back(aru: Person, tmp_path: Path) -> None:
    zxingcpp = pytest.importorskip("zxingcpp", reason="reads pictures of codes")
    image = pytest.importorskip("PIL.Image", reason="reads pictures")
    asked = aru.wallet().request(120_00, asset="KZT")
    (tmp_path / "code.png").write_bytes(png_image(parse(asked.qr)))
    with image.open(tmp_path / "code.png") as picture:
        [found] = zxingcpp.read_barcodes(picture.convert("L"))
    assert found.text == asked.qr


def test_open_requests_are_listed_for_their_payee(aru: Person, beket: Person) -> None:
    shop = beket.wallet()
    asked = shop.request(120_00, asset="KZT")
    assert beket.bank.requests(shop.id) == (asked,)
    assert aru.bank.requests(shop.id) == ()


def test_the_same_request_again_changes_nothing(beket: Person) -> None:
    shop = beket.wallet()
    asked = shop.request(120_00, asset="KZT")
    assert beket.bank.post_request(asked.request.encode(), note="") == asked


def test_nobody_asks_in_anothers_name(aru: Person, beket: Person) -> None:
    asked = beket.wallet().request(120_00, asset="KZT")
    with pytest.raises(BankRefused) as caught:
        aru.bank.post_request(asked.request.encode(), note="")
    assert caught.value.status == 404


@pytest.mark.parametrize("ahead_s", [-1, 0, 401 * 24 * 3600])
def test_a_time_that_is_over_or_too_far_is_refused(beket: Person, ahead_s: int) -> None:
    shop = beket.wallet()
    with pytest.raises(BankRefused) as caught:
        shop.request(120_00, asset="KZT", seconds=ahead_s)
    assert caught.value.code == "request_refused"


def test_an_id_stands_for_one_request(beket: Person) -> None:
    shop = beket.wallet()
    texts = [
        shop._signer.request(
            Request(
                id=format_request_id(b"r" * 16),
                wallet=shop.id,
                asset="KZT",
                amount=amount,
                until_us=beket.clock.now_us() + 1_000_000,
            )
        )
        for amount in (1, 2)
    ]
    beket.bank.post_request(texts[0], note="")
    with pytest.raises(BankRefused) as caught:
        beket.bank.post_request(texts[1], note="")
    assert caught.value.code == "request_refused"


def test_an_order_is_no_request(aru: Person, beket: Person) -> None:
    tea = aru.wallet()
    order = tea._signer.order(tea.draft_payment(beket.wallet().id, 5, asset="KZT"))
    with pytest.raises(BankRefused) as caught:
        aru.bank.post_request(order.text, note="")
    assert caught.value.code == "request_refused"


def test_a_code_whose_time_is_over_is_told(aru: Person, beket: Person) -> None:
    tea, shop = aru.wallet(), beket.wallet()
    asked = shop.request(120_00, asset="KZT", seconds=60)
    aru.clock.advance_us(120_000_000)
    with pytest.raises(PayeeUnknown, match="time is over"):
        tea.payee(asked.qr)
