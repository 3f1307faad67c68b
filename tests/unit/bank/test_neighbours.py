# SPDX-License-Identifier: Apache-2.0
"""Other banks are asked for names and requests; who does not answer is as if not there."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from kerege.bank.core_line import CoreUnreachable
from kerege.bank.neighbours import PeerBanks
from kerege.bank.requests import RequestRefused
from kerege.payments import Verdict
from tests.banks import House, running_bank
from tests.receivers import Receiver, receiving

WALLET, REQUEST = "wal_" + "1" * 32, "req_" + "1" * 32


@pytest.fixture
def post() -> Iterator[Receiver]:
    with receiving() as made:
        yield made


@pytest.fixture
def house(tmp_path: Path, post: Receiver) -> Iterator[House]:
    peers = f'[peers]\npost = "http://{post.authority}"\ngone = "http://127.0.0.1:1"\n'
    with running_bank(tmp_path, more=peers) as made:
        yield made


def test_another_bank_is_asked_by_signed_requests(house: House, post: Receiver) -> None:
    nearby: PeerBanks = house.parts.neighbours
    post.routes |= {
        f"GET /v1/peers/names/{WALLET}": (200, {"name": "А*** Қ."}),
        f"GET /v1/peers/requests/{REQUEST}": (200, {"request": "a.b.c"}),
    }
    assert nearby.name_of(WALLET, "post") == "А*** Қ."
    assert nearby.find_request(REQUEST, "post") == "a.b.c"
    assert b"signature-input: " in post.requests[0].lower()


def test_who_does_not_answer_is_as_if_not_there(house: House, post: Receiver) -> None:
    nearby: PeerBanks = house.parts.neighbours
    post.answer = b"HTTP/1.1 500 X\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
    for bank in ("post", "gone", "unheard-of"):
        assert nearby.name_of(WALLET, bank) == ""
        assert nearby.find_request(REQUEST, bank) is None


def test_our_own_are_not_asked_over_the_network(
    house: House, post: Receiver, tmp_path: Path
) -> None:
    nearby: PeerBanks = house.parts.neighbours
    beket = house.person(tmp_path / "beket", name="Бекет Сериков")
    shop = beket.wallet()
    asked = shop.request(5_00, asset="KZT")
    assert nearby.name_of(shop.id, "altyn-bank") == "Б*** С."
    assert nearby.find_request(asked.id, "altyn-bank") == asked.request
    assert nearby.find_request(REQUEST, "altyn-bank") is None


def test_a_card_of_another_bank(house: House, post: Receiver) -> None:
    nearby: PeerBanks = house.parts.neighbours
    route = "POST /v1/peers/card-payments"
    tag = "A" * 43
    post.routes[route] = (200, {"order": "", "code": "card_declined"})
    assert nearby.pay_by_card("post", tag, "a.b.c") == Verdict(order="", code="card_declined")
    assert b'{"tag":"' + tag.encode() in post.requests[-1]
    problem = {"type": "", "title": "No", "status": 422, "code": "request_refused", "place": "x"}
    post.routes[route] = (422, problem)
    with pytest.raises(RequestRefused) as caught:
        nearby.pay_by_card("post", tag, "a.b.c")
    assert caught.value.place == "x"
    for status, code in ((401, "signature_invalid"), (429, "too_many_requests"), (500, "fault")):
        post.routes[route] = (status, {**problem, "status": status, "code": code})
        with pytest.raises(CoreUnreachable):
            nearby.pay_by_card("post", tag, "a.b.c")
    for bank in ("gone", "unheard-of"):
        with pytest.raises(CoreUnreachable):
            nearby.pay_by_card(bank, tag, "a.b.c")
