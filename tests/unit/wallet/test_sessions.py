# SPDX-License-Identifier: Apache-2.0
"""Sign-in from the wallet's side: what a lying or broken bank answers is refused."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from kerege.runtime import ManualClock, SeededRandomness
from kerege.wallet import (
    BankUnreachable,
    Session,
    SessionEnded,
    SignIn,
    SignInFailed,
    TerminalSignIn,
)
from kerege.wallet.store import WalletStore
from tests.receivers import Receiver, receiving

CLOCK = ManualClock(1_800_000_000_000_000)
TOKENS = {"access_token": "one", "expires_in": 300, "refresh_token": "r1"}


@pytest.fixture
def bank() -> Iterator[Receiver]:
    with receiving() as made:
        url = f"http://{made.authority}"
        made.routes["GET /.well-known/openid-configuration"] = (
            200,
            {
                "issuer": url,
                "authorization_endpoint": f"{url}/oauth/authorize",
                "token_endpoint": f"{url}/oauth/token",
            },
        )
        made.routes["POST /oauth/token"] = (200, TOKENS)
        yield made


@pytest.fixture
def store(tmp_path: Path) -> WalletStore:
    return WalletStore(tmp_path / "wallet.db")


def begin(bank: Receiver) -> SignIn:
    url = f"http://{bank.authority}"
    return SignIn(url, clock=CLOCK, randomness=SeededRandomness(1))


def session(bank: Receiver, store: WalletStore, folder: Path) -> Session:
    url = f"http://{bank.authority}"
    return Session(store, url, clock=CLOCK, lock=folder / "lock")


def state_of(sign_in: SignIn) -> str:
    return sign_in.url().partition("state=")[2].partition("&")[0]


def test_a_code_becomes_a_session_that_is_renewed(
    bank: Receiver, store: WalletStore, tmp_path: Path
) -> None:
    sign_in = begin(bank)
    assert "code_challenge_method=S256" in sign_in.url()
    sign_in.finish(f"http://127.0.0.1/callback?code=c&state={state_of(sign_in)}", store)
    sign_in.close()
    kept = session(bank, store, tmp_path)
    assert kept.access_token() == "one"
    CLOCK.advance_us(290_000_000)
    bank.routes["POST /oauth/token"] = (200, {**TOKENS, "access_token": "two"})
    assert kept.access_token() == "two"
    assert b"refresh_token=r1" in bank.requests[-1]
    bank.routes["POST /oauth/token"] = (400, {"error": "invalid_grant"})
    with pytest.raises(SessionEnded):
        kept.renew()
    with pytest.raises(SessionEnded):
        kept.access_token()


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("code=c&state=other", "another sign-in"),
        ("code=c", "another sign-in"),
        ("code=c&state={state}&iss=http://evil.example", "another bank"),
        ("error=access_denied&state={state}", "access_denied"),
        ("state={state}", "no code"),
        ("code=c&code=d&state={state}", "no code"),
    ],
)
def test_answers_that_are_refused(
    bank: Receiver, store: WalletStore, query: str, told: str
) -> None:
    sign_in = begin(bank)
    query = query.replace("{state}", state_of(sign_in))
    with pytest.raises(SignInFailed, match=told):
        sign_in.finish(f"http://127.0.0.1/callback?{query}", store)
    sign_in.close()


def test_a_bank_that_says_it_is_another_is_refused(bank: Receiver) -> None:
    bank.routes["GET /.well-known/openid-configuration"] = (
        200,
        {"issuer": "http://other.example", "authorization_endpoint": "", "token_endpoint": ""},
    )
    with pytest.raises(SignInFailed, match="says it is"):
        begin(bank)


@pytest.mark.parametrize(
    "answer", [(200, b"<html>"), (200, {}), (404, {}), (500, b""), (200, b"x" * 100_000)]
)
def test_what_is_no_provider_is_told(bank: Receiver, answer: tuple[int, object]) -> None:
    bank.routes["GET /.well-known/openid-configuration"] = answer
    with pytest.raises((SignInFailed, BankUnreachable)):
        begin(bank)


def test_a_terminal_gives_up_a_spent_code(bank: Receiver, store: WalletStore) -> None:
    bank.routes |= {
        "GET /oauth/authorize": (200, {"step": "phone", "form_token": "t"}),
        "POST /oauth/sign-in/phone": (200, {"step": "code", "form_token": "t"}),
        "POST /oauth/sign-in/code": (
            200,
            {"step": "code", "form_token": "t", "problem": "code_spent"},
        ),
    }
    asked: list[str] = []
    sign_in = begin(bank)

    def ask(problem: str) -> str:
        asked.append(problem)
        return "123456"

    with pytest.raises(SignInFailed, match="code spent"):
        TerminalSignIn(sign_in, ask).run("+77015550001", store)
    assert asked == [""]
    bank.routes["POST /oauth/sign-in/phone"] = (
        200,
        {"step": "phone", "form_token": "t", "problem": "too_many_codes", "wait_s": 9},
    )
    with pytest.raises(SignInFailed, match="wait 9 seconds"):
        TerminalSignIn(sign_in, ask).run("+77015550001", store)
    sign_in.close()


def test_signing_out_forgets(bank: Receiver, store: WalletStore, tmp_path: Path) -> None:
    store.save_session(f"http://{bank.authority}", b"{}")
    session(bank, store, tmp_path).end()
    with pytest.raises(SessionEnded):
        session(bank, store, tmp_path).access_token()
