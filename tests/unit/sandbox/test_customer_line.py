# SPDX-License-Identifier: Apache-2.0
"""The line against a scripted bank; `tests/e2e/test_country.py` has the real one."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import msgspec
import pytest

from kerege.runtime import SeededRandomness
from kerege.sandbox.customer_line import BankSaidNo, CustomerLine, Tokens
from kerege.sandbox.lane import Lane
from tests.unit.sandbox.echoing import answering, ok

PHONE = "+77990000001"
PAGE = b'<input type="hidden" name="form_token" value="token-of-form">'
ISSUED = b'{"access_token": "a", "refresh_token": "r", "expires_in": 300}'
_Told = TypeVar("_Told")


class Bank:
    """Answers by path; remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, str]] = []
        self.answers: dict[str, bytes] = {
            "POST /v1/customers/codes": ok(b'{"code_id": "c1"}'),
            "POST /v1/customers": ok(b'{"customer": "cus_1"}', status="201 Created"),
            "GET /oauth/authorize": ok(PAGE, more="Set-Cookie: k=1; Path=/oauth\r\n"),
            "POST /oauth/sign-in/phone": ok(PAGE),
            "POST /oauth/sign-in/code": ok(
                b"", status="303 See Other", more="Location: http://127.0.0.1/people?code=g&s=1\r\n"
            ),
            "POST /oauth/token": ok(ISSUED),
            "POST /v1/payments": ok(b'{"verdict": {"order": "o", "code": "accepted"}}'),
        }

    def __call__(self, head: bytes, body: bytes) -> bytes:
        first, _, rest = head.decode().partition("\r\n")
        method, target, _ = first.split(" ")
        name = f"{method} {target.partition('?')[0]}"
        self.asked.append((name, rest, body.decode()))
        return self.answers[name]


def run(
    bank: Bank,
    act: Callable[[CustomerLine], Awaitable[_Told]],
    *,
    tokens: Tokens | None = None,
) -> _Told:
    async def code_for(phone: str) -> str:
        assert phone == PHONE
        return "123456"

    async def inside() -> _Told:
        async with answering(bank) as url:
            lane = Lane(url)
            line = CustomerLine(
                lane,
                phone=PHONE,
                language="ru",
                code_for=code_for,
                randomness=SeededRandomness(1),
                tokens=tokens,
            )
            try:
                return await act(line)
            finally:
                lane.close()

    return asyncio.run(inside())


def problem(code: str) -> bytes:
    body = msgspec.json.encode({"code": code, "title": "No."})
    return ok(body, status="409 Conflict")


def test_one_joins_with_the_code_that_reached_the_telephone() -> None:
    bank = Bank()
    run(bank, lambda line: line.join(name="Айгерім", tier="phone"))
    asked = msgspec.json.decode(bank.asked[-1][2])
    assert (asked["code"], asked["code_id"], asked["name"]) == ("123456", "c1", "Айгерім")


def test_one_who_is_a_customer_already_stays_one() -> None:
    bank = Bank()
    bank.answers["POST /v1/customers"] = problem("phone_taken")
    run(bank, lambda line: line.join(name="Айгерім", tier="phone"))
    bank.answers["POST /v1/customers"] = problem("screened")
    with pytest.raises(BankSaidNo, match=r"No\.") as caught:
        run(bank, lambda line: line.join(name="Айгерім", tier="phone"))
    assert (caught.value.code, caught.value.status) == ("screened", 409)


def test_signing_in_is_the_code_flow_with_pkce() -> None:
    bank = Bank()
    tokens = run(bank, lambda line: line.sign_in())
    assert (tokens.access, tokens.refresh) == ("a", "r")
    names = [name for name, _, _ in bank.asked]
    assert names == [
        "GET /oauth/authorize",
        "POST /oauth/sign-in/phone",
        "POST /oauth/sign-in/code",
        "POST /oauth/token",
    ]
    assert "cookie: k=1\r\n" in bank.asked[1][1]
    assert "form_token=token-of-form&phone=%2B7799" in bank.asked[1][2]
    assert "code=123456" in bank.asked[2][2]
    assert "code=g&" in bank.asked[3][2]
    assert "code_verifier=" in bank.asked[3][2]


def test_a_payment_signs_in_first_and_bears_the_token_and_the_language() -> None:
    bank = Bank()
    decided = run(bank, lambda line: line.pay(b"signed"))
    assert decided.verdict.code == "accepted"
    name, headers, body = bank.asked[-1]
    assert name == "POST /v1/payments"
    assert "authorization: Bearer a\r\n" in headers
    assert "accept-language: ru\r\n" in headers
    assert body == '{"order":"signed"}'


def test_tokens_that_end_soon_are_renewed_and_spent_ones_replaced() -> None:
    bank, old = Bank(), Tokens("old", "old-refresh", 0.0)
    run(bank, lambda line: line.pay(b"signed"), tokens=old)
    assert [name for name, _, _ in bank.asked] == ["POST /oauth/token", "POST /v1/payments"]
    assert "refresh_token=old-refresh" in bank.asked[0][2]

    class Spent(Bank):
        def __call__(self, head: bytes, body: bytes) -> bytes:
            return (
                problem("invalid_grant") if b"old-refresh" in body else super().__call__(head, body)
            )

    spent = Spent()
    run(spent, lambda line: line.pay(b"signed"), tokens=old)
    assert "GET /oauth/authorize" in [name for name, _, _ in spent.asked]


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("GET /oauth/authorize", ok(b"no form here")),
        ("POST /oauth/sign-in/code", ok(PAGE)),
        ("POST /oauth/token", ok(b"not JSON")),
        ("POST /oauth/token", ok(b"[]", status="500 Oh")),
    ],
)
def test_a_sign_in_that_leads_nowhere_is_our_own_error(path: str, said: bytes) -> None:
    bank = Bank()
    bank.answers[path] = said
    with pytest.raises(BankSaidNo):
        run(bank, lambda line: line.sign_in())


def test_anything_of_ones_own_can_be_read_and_asked_for() -> None:
    bank = Bank()
    bank.answers |= {
        "GET /v1/wallets": ok(b'{"wallets": []}'),
        "POST /v1/wallets": bank.answers["POST /v1/payments"],
        "POST /v1/funding": bank.answers["POST /v1/payments"],
        "POST /v1/requests": ok(b'{"id": "req"}', status="201 Created"),
    }

    async def all_of_them(line: CustomerLine) -> tuple[Any, Any]:
        read = await line.get("/v1/wallets", dict[str, Any])
        await line.open_wallet(b"opening")
        await line.fund(wallet="w", asset="KZT", amount=5, key="k-1")
        return read, await line.post("/v1/requests", {}, dict[str, str])

    assert run(bank, all_of_them) == ({"wallets": []}, {"id": "req"})
    assert "idempotency-key: k-1\r\n" in bank.asked[-2][1]


def test_something_is_set_and_something_asked_for_once() -> None:
    bank = Bank()
    bank.answers["PUT /v1/wallets/w/limits/KZT"] = ok(b"", status="204 No Content")
    bank.answers["POST /v1/wallets"] = ok(b'{"wallet": "w"}')
    bank.answers["PUT /v1/cards/c"] = problem("card_unfit")
    tokens = Tokens("a", "r", 1e18)

    async def act(line: CustomerLine) -> Any:
        await line.put("/v1/wallets/w/limits/KZT", {"day": 5})
        found = await line.post("/v1/wallets", {}, dict[str, str], key="k" * 16)
        with pytest.raises(BankSaidNo) as caught:
            await line.put("/v1/cards/c", {"state": "active"})
        return found, caught.value.code

    assert run(bank, act, tokens=tokens) == ({"wallet": "w"}, "card_unfit")
    limits, wallet, _ = bank.asked
    assert limits[2] == '{"day":5}'
    assert f"idempotency-key: {'k' * 16}" in wallet[1]
    assert "idempotency-key" not in limits[1]
