# SPDX-License-Identifier: Apache-2.0
"""Authorization requests nobody should send: no code goes to an address that was not registered."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from kerege.bank.identity.provider import Page
from kerege.bank.identity.web import Answer
from tests.signing_in import CALLBACK, ISSUER, Desk, back, open_desk


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = open_desk(tmp_path)
    yield desk
    desk.house.tables.close()


def refused(answer: Page | Answer) -> str:
    assert isinstance(answer, Answer), answer
    assert answer.status == 400, answer
    return str(answer.json()["error"])


@pytest.mark.parametrize(
    "address",
    [
        None,
        "",
        "https://evil.example/callback",
        "https://app.example/callback/",
        "https://app.example/callback?next=https://evil.example",
        "https://app.example/callback#fragment",
        "https://app.example/Callback",
        "https://app.example:443/callback",
        "https://app.example@evil.example/callback",
        "https://app.example.evil.example/callback",
        "https://app.example/callback/../evil",
        "https://app.example%2fcallback",
        "http://app.example/callback",
        "https://app.example/callback\\@evil.example",
        'https://app.example/callback"',
        "javascript:alert(1)",
        "//app.example/callback",
        "https://app.example/callback\nhttps://evil.example",
        CALLBACK + " ",
        CALLBACK.replace("app", "аpp"),
        CALLBACK + "x" * 5000,
    ],
)
def test_a_code_goes_to_no_other_address(desk: Desk, address: str | None) -> None:
    answer = desk.provider.authorize(desk.query(redirect_uri=address))
    assert refused(answer)
    assert isinstance(answer, Answer)
    assert answer.location == ""


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1.evil.example/done",
        "http://localhost/done",
        "http://127.0.0.1:0/done",
        "http://127.0.0.1:99999/done",
        "http://127.0.0.1:1@evil.example/done",
        "http://evil@127.0.0.1:80/done",
        "http://127.0.0.1:80/done?x=1",
        "http://127.0.0.1:80/done#x",
        "http://127.0.0.1:80/other",
        "http://127.0.0.2:80/done",
        "https://127.0.0.1:80/done",
        "http://127.0.0.1:80/done\t",
        "http://127.0.0.1:+80/done",
        "http://0x7f000001:80/done",
    ],
)
def test_of_a_loopback_address_the_port_alone_is_free(desk: Desk, address: str) -> None:
    assert refused(desk.provider.authorize(desk.query(client_id="tool", redirect_uri=address)))


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"response_type": "code token"}, "unsupported_response_type"),
        ({"response_type": None}, "unsupported_response_type"),
        ({"scope": "openid admin"}, "invalid_scope"),
        ({"scope": None}, "invalid_scope"),
        ({"scope": ""}, "invalid_scope"),
        ({"code_challenge": None}, "invalid_request"),
        ({"code_challenge_method": None}, "invalid_request"),
        ({"code_challenge": None, "code_challenge_method": None}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge_method": "s256"}, "invalid_request"),
        ({"code_challenge": "short"}, "invalid_request"),
        ({"code_challenge": "v" * 43 + "\n"}, "invalid_request"),
        ({"prompt": "none"}, "login_required"),
        ({"response_mode": "fragment"}, "invalid_request"),
        ({"request": "a.b.c"}, "request_not_supported"),
        ({"request_uri": "https://evil.example/r"}, "request_uri_not_supported"),
    ],
)
def test_other_faults_are_told_to_the_program(
    desk: Desk, changes: dict[str, str | None], error: str
) -> None:
    answer = desk.provider.authorize(desk.query(**changes))
    assert isinstance(answer, Answer), answer
    if answer.status == 400:
        assert changes.get("code_challenge", "").endswith("\n")  # type: ignore[union-attr]
        return
    assert answer.location.startswith(CALLBACK)
    told = back(answer)
    assert (told["error"], told["state"], told["iss"]) == (error, "st&te", ISSUER)
    assert "code" not in told


@pytest.mark.parametrize("client", [None, "", "nobody", "app ", "APP", 'app"', "app\\", "a" * 999])
def test_a_program_nobody_registered(desk: Desk, client: str | None) -> None:
    assert refused(desk.provider.authorize(desk.query(client_id=client)))


@pytest.mark.parametrize(
    "query",
    [
        "",
        "&",
        "=",
        "client_id",
        "client_id=app&client_id=other",
        "client_id=app&redirect_uri=https%3A%2F%2Fapp.example%2Fcallback&state=%00",
        "state=%FF",
        "state=%D0%B9",
        "a=b&" * 10_000,
        "&".join(f"p{number}=1" for number in range(40)),
    ],
)
def test_queries_that_cannot_be_read(desk: Desk, query: str) -> None:
    assert refused(desk.provider.authorize(query)) in ("invalid_request", "invalid_client")


def test_a_repeated_parameter_counts_for_nobody(desk: Desk) -> None:
    for more in ("redirect_uri=https://evil.example", "scope=payments", "code_challenge=x"):
        assert refused(desk.provider.authorize(f"{desk.query()}&{more}")) == "invalid_request"
