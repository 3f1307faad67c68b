# SPDX-License-Identifier: Apache-2.0
"""The line to a real bank, against one that runs here."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from kerege.wallet import BankRefused, BankUnreachable, HttpBank, SessionEnded, StillUnanswered
from tests.banks import House, running_bank
from tests.receivers import receiving


class Token:
    """A token that is renewed once."""

    def __init__(self, *tokens: str) -> None:
        self.tokens = list(tokens)

    def access_token(self) -> str:
        return self.tokens[0]

    def renew(self) -> str:
        self.tokens.pop(0)
        if not self.tokens:
            raise SessionEnded("over", code="sign_in_required", status=401)
        return self.tokens[0]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with running_bank(tmp_path_factory.mktemp("bank")) as made:
        yield made


def test_a_whole_day(house: House, tmp_path: Path) -> None:
    """Open, pay, look: what the twin promises the real bank does."""
    aru = house.person(tmp_path / "aru")
    beket = house.person(tmp_path / "beket", name="Бекет Сериков")
    tea, shop = aru.wallet(money=300_00), beket.wallet()
    assert tea.pay(shop.id, 120_00, asset="KZT").verdict.accepted
    assert aru.bank.me().customer.tier == "phone"
    assert aru.bank.deposits().deposits == ()
    assert [each.wallet for each in aru.bank.wallets()] == [tea.id]
    with pytest.raises(BankRefused):
        aru.bank.receipt("ord_" + "0" * 32)


def test_an_old_token_is_renewed_once(house: House, tmp_path: Path) -> None:
    aru = house.person(tmp_path / "aru")
    bank = HttpBank(house.url, Token("old", aru.session.access_token()))
    assert bank.me().customer == aru.view
    bank.close()
    ended = HttpBank(house.url, Token("old", "older"))
    with pytest.raises(SessionEnded):
        ended.me()
    with pytest.raises(SessionEnded):
        next(ended.notices(after=0, wait_s=1))
    ended.close()


def test_on_its_way_is_no_answer(tmp_path: Path) -> None:
    with receiving() as slow:
        sent = {"verdict": {"order": "ord_1", "code": "sent"}, "text": "On its way"}
        slow.routes["POST /v1/payments"] = (202, sent)
        slow.routes["GET /v1/payments/ord_1"] = (200, sent)
        bank = HttpBank(f"http://{slow.authority}", Token("t"))
        with pytest.raises(BankUnreachable) as caught:
            bank.submit(b"a.b.c")
        assert caught.value.wait_s > 0
        assert bank.answer("ord_1") is None
        bank.close()


def test_an_answer_about_another_order_is_none(house: House, tmp_path: Path) -> None:
    aru = house.person(tmp_path / "aru")
    tea = aru.wallet()
    with receiving() as liar:
        other = {"verdict": {"order": "ord_other", "code": "accepted"}}
        liar.routes["POST /v1/payments"] = (200, other)
        tea._sender._line = HttpBank(f"http://{liar.authority}", Token("t"))
        tea._sender._sleep = lambda seconds: None
        with pytest.raises(StillUnanswered):
            tea.pay(tea.payee(house.own.wallet), 1, asset="KZT")


@pytest.mark.parametrize("text", [b"data: x\n\n", b"data: {}\n\n", b"data: \xff\n\n"])
def test_a_stream_of_nonsense_is_given_up(text: bytes) -> None:
    with receiving() as liar:
        liar.answer = (
            b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n"
            + text
        )
        bank = HttpBank(f"http://{liar.authority}", Token("t"))
        with pytest.raises(BankUnreachable):
            list(bank.notices(after=0, wait_s=1))
        bank.close()
