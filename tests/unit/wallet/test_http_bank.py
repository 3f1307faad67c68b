# SPDX-License-Identifier: Apache-2.0
"""The line over HTTP against a running bank, and against one that answers badly."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from kerege.bank.customer import CustomerId
from kerege.payments import WalletId
from kerege.wallet import BankRefused, BankUnreachable, HttpBank, SessionEnded
from tests.banks import House, Person
from tests.cards import request_of, shop_at, token
from tests.serving import reply, serve_answers


class Passes:
    """Tokens `t1`, `t2`, ...: each renewal brings the next."""

    def __init__(self, token: str = "t1") -> None:
        self.token = token
        self.renewals = 0

    def access_token(self) -> str:
        return self.token

    def renew(self) -> str:
        self.renewals += 1
        self.token = f"t{self.renewals + 1}"
        return self.token


@contextmanager
def bank_with(
    answer: Callable[[BaseHTTPRequestHandler], None], passes: Passes
) -> Iterator[HttpBank]:
    with serve_answers(answer) as url:
        bank = HttpBank(url, passes, timeout_s=5)
        try:
            yield bank
        finally:
            bank.close()


def takes(token: str, body: bytes) -> Callable[[BaseHTTPRequestHandler], None]:
    """A bank that takes one token only."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        if handler.headers["authorization"] == f"Bearer {token}":
            reply(handler, body)
        else:
            reply(handler, b'{"code":"sign_in_required"}', status=401)

    return answer


def test_a_wallet_is_paid_and_told(aru: Person, house: House, tmp_path: Path) -> None:
    tea, shop = aru.wallet(money=300_00), house.person(tmp_path / "shop").wallet()
    paid = tea.pay(shop.id, 120_00, asset="KZT")
    assert aru.bank.answer(paid.verdict.order) == paid
    assert [each.wallet for each in aru.bank.wallets()] == [tea.id]
    page = aru.bank.statement(tea.id, asset="KZT", before=0, limit=1)
    assert [line.change for line in page.lines] == [-120_00]
    older = aru.bank.statement(tea.id, asset="KZT", before=page.next, limit=9)
    assert [line.change for line in older.lines] == [300_00]
    seen = list(aru.bank.notices(after=0, wait_s=0))
    assert [each.id for each in seen] == sorted({each.id for each in seen})
    assert tea.id in {each.wallet for each in seen}
    assert list(aru.bank.notices(after=seen[-1].id, wait_s=0)) == []


def test_what_the_bank_never_saw_is_none(aru: Person) -> None:
    assert aru.bank.answer(f"ord_{7:032x}") is None
    assert aru.bank.deposits().deposits == ()
    with pytest.raises(BankRefused):
        aru.bank.wallet(f"wal_{7:032x}")


def test_requests_are_those_of_the_wallet(aru: Person) -> None:
    tea, other = aru.wallet("tea"), aru.wallet("other")
    asked = tea.request(5_00, asset="KZT", note="bread")
    assert aru.bank.requests(tea.id) == (asked,)
    assert aru.bank.requests(other.id) == ()


def test_a_token_no_longer_taken_is_renewed_once() -> None:
    passes = Passes()
    with bank_with(takes("t2", b'{"wallets":[]}'), passes) as bank:
        assert bank.wallets() == ()
    assert passes.renewals == 1


def test_the_stream_too_renews_its_token() -> None:
    passes = Passes()
    with bank_with(takes("t2", b'data: {"id":3,"at_us":1,"kind":"paid"}\n\n'), passes) as bank:
        assert [each.id for each in bank.notices(after=0, wait_s=1)] == [3]
    assert passes.renewals == 1


def test_a_session_that_is_over_is_told() -> None:
    passes = Passes()
    with bank_with(takes("never", b""), passes) as bank:
        with pytest.raises(SessionEnded):
            bank.me()
        with pytest.raises(SessionEnded):
            list(bank.notices(after=0, wait_s=1))
    assert passes.renewals == 2


def test_an_order_on_its_way_is_not_answered() -> None:
    body = b'{"verdict":{"order":"ord_1","code":"sent"}}'
    with bank_with(takes("t1", body), Passes()) as bank:
        with pytest.raises(BankUnreachable) as fault:
            bank.submit(b"a.b.c")
        assert fault.value.wait_s > 0
        assert bank.answer("ord_1") is None


@pytest.mark.parametrize(
    "body",
    [b"data: \xff\n\n", b"data: {\n\n", b"data: {}\n\n", b"data: " + b"[" * 60_000 + b"\n\n"],
)
def test_a_stream_of_something_else_may_come_right(body: bytes) -> None:
    with bank_with(takes("t1", body), Passes()) as bank, pytest.raises(BankUnreachable):
        list(bank.notices(after=0, wait_s=1))


def test_a_silent_stream_ends_quietly() -> None:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        handler.wfile.flush()
        handler.rfile.read(1)

    with bank_with(answer, Passes()) as bank:
        assert list(bank.notices(after=0, wait_s=0.1)) == []


def test_a_card_without_a_device_and_a_shop_that_takes_it(aru: Person, house: House) -> None:
    key, text = "k" * 20, token()
    card = aru.bank.open_in_custody(["KZT"], key=key, name="card").wallet
    assert aru.bank.open_in_custody(["KZT"], key=key, name="card").wallet == card
    assert house.country.send(house.own, house.own.pay(card, 100_00)).accepted
    bound = aru.bank.bind_card(text, card)
    assert aru.bank.cards() == (bound,)
    shop = shop_at(house.country, "altyn-bank")
    paid = aru.bank.pay_from_custody(card, shop.wallet, 10_00, asset="KZT", key=key)
    assert paid.verdict.accepted
    assert aru.bank.set_card(bound.card, blocked=True).state == "blocked"
    house.parts.customers.attach_wallet(
        CustomerId(aru.view.customer), WalletId(shop.wallet), custody=False
    )
    request = request_of(shop, 5_00).encode()
    assert aru.bank.charge_card(text, request).verdict.code == "card_declined"
    assert aru.bank.set_card(bound.card, blocked=False).state == "active"
    assert aru.bank.charge_card(text, request).verdict.accepted
    aru.bank.drop_card(bound.card)
    assert aru.bank.cards() == ()
    assert house.country.balance(shop) == 15_00
