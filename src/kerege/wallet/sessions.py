# SPDX-License-Identifier: Apache-2.0
"""Sessions at a bank: OpenID Connect's code flow with PKCE, tokens kept in the wallet's file.

`SignIn` begins and ends the flow for a browser; `TerminalSignIn` walks through the bank's two forms
without one. `Session` brings access tokens, and renews them by the refresh token, which is good
once: a lock keeps two programs on one file from renewing at once.
"""

import fcntl
import hashlib
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, Final, TypeVar
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import msgspec
from msgspec import Meta, Struct

from kerege.errors import KeregeError
from kerege.keys import encode_base64url
from kerege.runtime.clock import Clock
from kerege.runtime.randomness import Randomness
from kerege.wallet.http_exchange import AGAIN, client_of, read_whole
from kerege.wallet.line import BankUnreachable, SessionEnded
from kerege.wallet.store import WalletStore

__all__ = [
    "CLIENT_ID",
    "REDIRECT_URI",
    "SCOPE",
    "Session",
    "SignIn",
    "SignInFailed",
    "TerminalSignIn",
]

CLIENT_ID: Final = "kerege-cli"
REDIRECT_URI: Final = "http://127.0.0.1/callback"
SCOPE: Final = "openid profile wallets payments"

_EARLY_US: Final = 20_000_000
"""A token is renewed this long before its end, so that it does not end on the way."""

_SECRET_BYTES: Final = 32
_US: Final = 1_000_000
_FAILED: Final = 400
_SEE_OTHER: Final = 303
_MAX_BYTES: Final = 64 * 1024
_MAX_FIELDS: Final = 20
"""Of the address the browser is sent back to; the standards need four."""

_MAX_TOKEN_S: Final = 365 * 24 * 3600
"""No bank's token is good for longer than a year."""

_Kind = TypeVar("_Kind")


class SignInFailed(KeregeError):
    """The sign-in did not come to its end; the message says why."""


class _Kept(Struct, frozen=True):
    """A session as kept in the wallet's file."""

    issuer: str
    token_endpoint: str
    access_token: str
    refresh_token: str
    ends_us: int


class _Metadata(Struct):
    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    revocation_endpoint: str = ""


class _Tokens(Struct):
    access_token: str
    expires_in: Annotated[int, Meta(ge=1, le=_MAX_TOKEN_S)]
    refresh_token: str = ""


class _OAuthError(Struct):
    error: str = ""
    error_description: str = ""


class _Step(Struct):
    step: str
    form_token: str
    problem: str = ""
    wait_s: int = 0


class _Got(Struct, frozen=True):
    """An answer: `location` is where it sends a browser, empty if nowhere."""

    status: int
    body: bytes
    location: str


class _Http:
    """Requests to one bank, bounded, with its cookies."""

    def __init__(self, bank: str) -> None:
        self._client = client_of(bank)

    def close(self) -> None:
        self._client.close()

    def send(
        self,
        method: str,
        url: str,
        *,
        form: Mapping[str, str] | None = None,
        headers: Mapping[str, str] = MappingProxyType({}),
    ) -> _Got:
        """The answer. Raises `BankUnreachable`."""
        try:
            with self._client.stream(method, url, data=form, headers=dict(headers)) as answer:
                body = read_whole(answer, limit=_MAX_BYTES)
        except (httpx.TransportError, httpx.StreamError, httpx.InvalidURL) as fault:
            raise BankUnreachable(f"the bank does not answer ({type(fault).__name__})") from fault
        is_redirect = answer.status_code == _SEE_OTHER
        return _Got(
            answer.status_code, body, answer.headers.get("location", "") if is_redirect else ""
        )


class SignIn:
    """One sign-in at the bank at the address `bank`.

    url = sign_in.url()                     # show it in a browser
    sign_in.finish(redirected_to, store)    # where the browser was sent then
    """

    def __init__(
        self,
        bank: str,
        *,
        clock: Clock,
        randomness: Randomness,
        client_id: str = CLIENT_ID,
        redirect_uri: str = REDIRECT_URI,
    ) -> None:
        """Raises `BankUnreachable`, `SignInFailed`: the bank says first what it can do."""
        self.bank = bank.rstrip("/")
        self.http = _Http(self.bank)
        self._clock = clock
        self._client_id = client_id
        self._redirect_uri = redirect_uri
        self._state, self._verifier = (
            encode_base64url(randomness.draw(_SECRET_BYTES)) for _ in range(2)
        )
        try:
            self._metadata = self._discover()
        except KeregeError:
            self.http.close()
            raise

    def _discover(self) -> _Metadata:
        answer = self.http.send("GET", "/.well-known/openid-configuration")
        found = _read(answer, _Metadata)
        # OpenID Connect Discovery 4.3: the issuer is the address asked, or it is someone else's.
        if found.issuer != self.bank:
            raise SignInFailed(f"the bank says it is {found.issuer[:200]}")
        return found

    def close(self) -> None:
        """Close the connection."""
        self.http.close()

    def url(self) -> str:
        """Where the browser begins."""
        challenge = encode_base64url(hashlib.sha256(self._verifier.encode()).digest())
        query = {
            "response_type": "code",
            "client_id": self._client_id,
            "redirect_uri": self._redirect_uri,
            "scope": SCOPE,
            "state": self._state,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
        return f"{self._metadata.authorization_endpoint}?{urlencode(query)}"

    def finish(self, redirected_to: str, store: WalletStore) -> None:
        """Exchange the code for tokens and keep them. Raises `SignInFailed`, `BankUnreachable`."""
        try:
            found = parse_qs(urlsplit(redirected_to).query, max_num_fields=_MAX_FIELDS)
        except ValueError:
            raise SignInFailed("the answer is not an address") from None
        given = {name: values[0] for name, values in found.items() if len(values) == 1}
        if given.get("state") != self._state:
            raise SignInFailed("the answer belongs to another sign-in")
        # RFC 9207: who answered says so, lest one bank's answer be taken to another.
        if given.get("iss", self.bank) != self.bank:
            raise SignInFailed("another bank answered")
        if "code" not in given:
            raise SignInFailed(f"the bank refused: {given.get('error', 'no code')[:100]}")
        form = {
            "grant_type": "authorization_code",
            "code": given["code"],
            "redirect_uri": self._redirect_uri,
            "client_id": self._client_id,
            "code_verifier": self._verifier,
        }
        tokens = _read(self.http.send("POST", self._metadata.token_endpoint, form=form), _Tokens)
        _keep(store, self.bank, self._metadata.token_endpoint, tokens, self._clock)


class TerminalSignIn:
    """Signs in without a browser: asks for the telephone's code by `ask_code`."""

    def __init__(self, sign_in: SignIn, ask_code: Callable[[str], str]) -> None:
        """`ask_code(problem)` returns the code; `problem` is why it is asked again, or empty."""
        self._sign_in = sign_in
        self._ask_code = ask_code

    def run(self, phone: str, store: WalletStore) -> None:
        """Sign in and keep the session. Raises `SignInFailed`, `BankUnreachable`."""
        step = self._page(self._send("GET", self._sign_in.url()))
        answer = self._give("phone", phone, step)
        problem = ""
        while not answer.location:
            step = self._page(answer)
            problem = step.problem
            if step.step != "code" or problem == "code_spent":
                raise SignInFailed(_told(step))
            answer = self._give("code", self._ask_code(problem), step)
        self._sign_in.finish(answer.location, store)

    def _give(self, step: str, value: str, page: _Step) -> _Got:
        form = {"form_token": page.form_token, step: value}
        return self._send("POST", f"/oauth/sign-in/{step}", form=form)

    def _send(self, method: str, url: str, **rest: Any) -> _Got:
        headers = {"accept": "application/json"}
        return self._sign_in.http.send(method, url, headers=headers, **rest)

    def _page(self, answer: _Got) -> _Step:
        return _read(answer, _Step)


class Session:
    """Brings the access tokens of a kept session: `http_bank.Tokens`."""

    def __init__(
        self,
        store: WalletStore,
        bank: str,
        *,
        clock: Clock,
        lock: Path,
        client_id: str = CLIENT_ID,
    ) -> None:
        """`lock` is a file next to the store that programs renewing at once hold in turn."""
        self._store = store
        self._bank = bank.rstrip("/")
        self._clock = clock
        self._lock = lock
        self._client_id = client_id

    def access_token(self) -> str:
        """A token that is still good; as `Tokens.access_token`."""
        kept = self._kept()
        if kept.ends_us - _EARLY_US > self._clock.now_us():
            return kept.access_token
        return self._renew(kept)

    def renew(self) -> str:
        """Another token; as `Tokens.renew`."""
        return self._renew(self._kept())

    def end(self) -> None:
        """Sign out here; the bank ends the session by itself when it is not used."""
        self._store.forget_session(self._bank)

    def _renew(self, known: _Kept) -> str:
        with _held(self._lock):
            kept = self._kept()
            if kept.access_token != known.access_token:
                # Another program was faster.
                return kept.access_token
            form = {
                "grant_type": "refresh_token",
                "refresh_token": kept.refresh_token,
                "client_id": self._client_id,
            }
            http = _Http(self._bank)
            try:
                answer = http.send("POST", kept.token_endpoint, form=form)
                if answer.status in (400, 401):
                    self._store.forget_session(self._bank)
                    raise _ended()
                tokens = _renewed(answer)
            finally:
                http.close()
            _keep(self._store, self._bank, kept.token_endpoint, tokens, self._clock)
            return tokens.access_token

    def _kept(self) -> _Kept:
        content = self._store.session(self._bank)
        if content is None:
            raise _ended()
        return msgspec.json.decode(content, type=_Kept)


def _ended() -> SessionEnded:
    return SessionEnded(
        "you are not signed in at this bank",
        code="sign_in_required",
        status=401,
        remedy="sign in: kerege wallet login",
    )


def _keep(
    store: WalletStore, bank: str, token_endpoint: str, tokens: _Tokens, clock: Clock
) -> None:
    kept = _Kept(
        issuer=bank,
        token_endpoint=token_endpoint,
        access_token=tokens.access_token,
        refresh_token=tokens.refresh_token,
        ends_us=clock.now_us() + tokens.expires_in * _US,
    )
    store.save_session(bank, msgspec.json.encode(kept))


def _read(answer: _Got, kind: type[_Kind]) -> _Kind:
    if answer.status in AGAIN:
        raise BankUnreachable(f"the bank cannot answer now: {_why(answer)}")
    if answer.status >= _FAILED or answer.location:
        raise SignInFailed(f"the bank refused: {_why(answer)}")
    try:
        return msgspec.json.decode(answer.body, type=kind)
    except (ValueError, RecursionError):
        raise SignInFailed("the answer is not an identity provider's") from None


def _renewed(answer: _Got) -> _Tokens:
    """Renewed tokens; whatever else came says nothing about the session."""
    try:
        return _read(answer, _Tokens)
    except SignInFailed as fault:
        raise BankUnreachable(fault.message) from None


def _why(answer: _Got) -> str:
    try:
        fault = msgspec.json.decode(answer.body, type=_OAuthError)
    except (ValueError, RecursionError):
        return f"HTTP {answer.status}"
    return (fault.error_description or fault.error or f"HTTP {answer.status}")[:200]


def _told(step: _Step) -> str:
    if step.problem == "too_many_codes":
        return f"too many codes were asked for; wait {step.wait_s} seconds"
    return step.problem.replace("_", " ") or f"the bank asks for the {step.step} again"


@contextmanager
def _held(path: Path) -> Iterator[None]:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
