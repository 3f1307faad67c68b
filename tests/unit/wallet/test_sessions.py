# SPDX-License-Identifier: Apache-2.0
"""Signing in at a running bank, and what a wallet makes of one that answers wrongly."""

import hashlib
import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from kerege.keys import encode_base64url
from kerege.runtime import ManualClock, SeededRandomness
from kerege.wallet import BankUnreachable, Session, SessionEnded, SignIn, TerminalSignIn
from kerege.wallet.sessions import SignInFailed
from kerege.wallet.store import WalletStore
from tests.banks import House, Person
from tests.serving import reply, serve_answers

_HOUR_US = 3_600_000_000
_GOOD = b'{"access_token":"a2","expires_in":86400,"refresh_token":"r2"}'


@pytest.fixture
def store(tmp_path: Path) -> Iterator[WalletStore]:
    made = WalletStore(tmp_path / "wallet.db")
    yield made
    made.close()


class Provider:
    """An identity provider that says what a test has it say."""

    def __init__(self, folder: Path) -> None:
        self.url, self.folder = "", folder
        self.metadata: dict[str, Any] = {}
        self.status = 200
        self.body = _GOOD
        self.token_requests = 0

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        if handler.path == "/.well-known/openid-configuration":
            told = {
                "issuer": self.url,
                "authorization_endpoint": f"{self.url}/authorize",
                "token_endpoint": f"{self.url}/token",
            }
            reply(handler, json.dumps(told | self.metadata).encode())
        else:
            self.token_requests += 1
            reply(handler, self.body, status=self.status)

    def sign_in(self) -> SignIn:
        return SignIn(self.url, clock=ManualClock(1), randomness=SeededRandomness(3))

    def come_back(self, sign_in: SignIn, **changes: str) -> str:
        state = parse_qs(urlsplit(sign_in.url()).query)["state"][0]
        given = {"state": state, "iss": self.url, "code": "c1"} | changes
        return f"http://127.0.0.1/callback?{urlencode(given)}"

    def session(self, store: WalletStore, clock: ManualClock) -> Session:
        """A session whose token was good for a minute from instant 0."""
        kept = {
            "issuer": self.url,
            "token_endpoint": f"{self.url}/token",
            "access_token": "a1",
            "refresh_token": "r1",
            "ends_us": 60_000_000,
        }
        store.save_session(self.url, json.dumps(kept).encode())
        return self.open_session(store, clock)

    def open_session(self, store: WalletStore, clock: ManualClock) -> Session:
        return Session(store, self.url, clock=clock, lock=self.folder / "lock")


@pytest.fixture
def provider(tmp_path: Path) -> Iterator[Provider]:
    made = Provider(tmp_path)
    with serve_answers(made.answer) as url:
        made.url = url
        yield made


def terminal(person: Person, ask: Callable[[str], str]) -> None:
    sign_in = SignIn(
        person.house.url,
        clock=person.clock,
        randomness=SeededRandomness(4),
        client_id="tests",
    )
    try:
        TerminalSignIn(sign_in, ask).run(person.phone, person.purse.store)
    finally:
        sign_in.close()


def test_a_wrong_code_is_asked_for_again(aru: Person) -> None:
    asked: list[str] = []

    def ask(problem: str) -> str:
        asked.append(problem)
        return "000000x" if len(asked) == 1 else aru.house.codes.latest(aru.phone) or ""

    terminal(aru, ask)
    assert asked[0] == ""
    assert len(asked) == 2
    assert asked[1]
    assert aru.bank.me().phone == aru.phone


def test_codes_cannot_be_tried_without_end(aru: Person) -> None:
    tries = list[str]()

    def ask(problem: str) -> str:
        tries.append(problem)
        assert len(tries) < 50, "it may be guessed"
        return "0000"

    with pytest.raises(SignInFailed):
        terminal(aru, ask)


def test_a_token_is_renewed_before_it_ends(aru: Person) -> None:
    first = aru.session.access_token()
    assert aru.session.access_token() == first
    second = aru.session.renew()
    assert second not in ("", first)
    assert aru.bank.me().phone == aru.phone
    # The refresh token is new too: the one that was used is worth nothing.
    assert aru.session.renew() != second


def test_signed_out_is_signed_out(aru: Person) -> None:
    aru.session.end()
    with pytest.raises(SessionEnded):
        aru.session.access_token()
    with pytest.raises(SessionEnded):
        aru.bank.me()


def test_an_unknown_program_may_not_sign_in(aru: Person, house: House) -> None:
    sign_in = SignIn(house.url, clock=aru.clock, randomness=SeededRandomness(4), client_id="nobody")
    with pytest.raises(SignInFailed):
        TerminalSignIn(sign_in, lambda _: "").run(aru.phone, aru.purse.store)
    sign_in.close()


def test_the_secret_goes_out_only_as_its_hash(provider: Provider) -> None:
    sign_in = provider.sign_in()
    query = parse_qs(urlsplit(sign_in.url()).query)
    draws = SeededRandomness(3)
    state, verifier = (encode_base64url(draws.draw(32)) for _ in range(2))
    digest = hashlib.sha256(verifier.encode()).digest()
    assert (query["state"], query["code_challenge_method"]) == ([state], ["S256"])
    assert query["code_challenge"] == [encode_base64url(digest)]
    assert verifier not in sign_in.url()
    sign_in.close()


@pytest.mark.parametrize(
    "changes",
    [
        {"state": "another"},
        {"iss": "https://evil.example"},
        {"code": "", "error": "access_denied"},
    ],
)
def test_an_answer_to_something_else_is_refused(
    provider: Provider, store: WalletStore, changes: dict[str, str]
) -> None:
    sign_in = provider.sign_in()
    with pytest.raises(SignInFailed):
        sign_in.finish(provider.come_back(sign_in, **changes), store)
    assert provider.token_requests == 0
    sign_in.close()


@pytest.mark.parametrize(
    "address", ["", "http://[", "http://a/?" + "&".join("a=1" for _ in range(99)), "?state=%ff"]
)
def test_no_address_brings_it_down(provider: Provider, store: WalletStore, address: str) -> None:
    sign_in = provider.sign_in()
    with pytest.raises(SignInFailed):
        sign_in.finish(address, store)
    sign_in.close()


def test_what_comes_twice_counts_as_not_given(provider: Provider, store: WalletStore) -> None:
    sign_in = provider.sign_in()
    with pytest.raises(SignInFailed):
        sign_in.finish(provider.come_back(sign_in) + "&state=another", store)
    sign_in.close()


@pytest.mark.parametrize(
    "metadata", [{"issuer": "https://evil.example"}, {"issuer": 3}, {"token_endpoint": None}]
)
def test_a_provider_that_is_another_is_refused(
    provider: Provider, metadata: dict[str, Any]
) -> None:
    provider.metadata = metadata
    with pytest.raises(SignInFailed):
        provider.sign_in()


@pytest.mark.parametrize("endpoint", ["http://[", "ftp://bank/token", "", "http://127.0.0.1:1/"])
def test_an_endpoint_that_is_none(provider: Provider, store: WalletStore, endpoint: str) -> None:
    provider.metadata = {"token_endpoint": endpoint}
    provider.status = 400
    sign_in = provider.sign_in()
    with pytest.raises((SignInFailed, BankUnreachable)):
        sign_in.finish(provider.come_back(sign_in), store)
    assert store.session(provider.url) is None
    sign_in.close()


@pytest.mark.parametrize(
    "body",
    [
        b"<html>",
        b"{}",
        b"\xff",
        b"[" * 60_000,
        b'{"access_token":"a","expires_in":0}',
        b'{"access_token":"a","expires_in":9223372036854775807}',
    ],
)
def test_what_is_no_token_is_refused(provider: Provider, store: WalletStore, body: bytes) -> None:
    provider.body = body
    sign_in = provider.sign_in()
    with pytest.raises(SignInFailed):
        sign_in.finish(provider.come_back(sign_in), store)
    assert store.session(provider.url) is None
    sign_in.close()


def test_a_token_near_its_end_is_renewed(provider: Provider, store: WalletStore) -> None:
    clock = ManualClock(0)
    session = provider.session(store, clock)
    assert session.access_token() == "a1"
    clock.advance_us(41_000_000)
    assert session.access_token() == "a2"
    assert session.access_token() == "a2"
    assert provider.token_requests == 1


@pytest.mark.parametrize("status", [400, 401])
def test_a_refresh_token_not_taken_ends_the_session(
    provider: Provider, store: WalletStore, status: int
) -> None:
    provider.status = status
    with pytest.raises(SessionEnded):
        provider.session(store, ManualClock(0)).renew()
    assert store.session(provider.url) is None


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (503, b""),
        (429, b"{}"),
        (500, b"<html>"),
        (404, b""),
        (200, b"<html>"),
        (200, b"0" * 99_999),
    ],
)
def test_a_bank_in_trouble_does_not_end_the_session(
    provider: Provider, store: WalletStore, status: int, body: bytes
) -> None:
    provider.status, provider.body = status, body
    session = provider.session(store, ManualClock(_HOUR_US))
    with pytest.raises(BankUnreachable):
        session.access_token()
    provider.status, provider.body = 200, _GOOD
    assert session.access_token() == "a2"


def test_two_programs_renew_once(provider: Provider, store: WalletStore) -> None:
    provider.session(store, ManualClock(0))
    start, found = threading.Barrier(2), list[str]()

    def renew() -> None:
        own = WalletStore(provider.folder / "wallet.db")
        session = provider.open_session(own, ManualClock(_HOUR_US))
        start.wait()
        found.append(session.access_token())
        own.close()

    threads = [threading.Thread(target=renew) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == ["a2", "a2"]
    assert provider.token_requests == 1
