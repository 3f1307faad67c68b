# SPDX-License-Identifier: Apache-2.0
"""A bank's identity provider for tests, and a program that signs in as the standards say."""

import base64
import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from kerege.bank.identity.client import Client, ClientBook
from kerege.bank.identity.codes import KeptCodes
from kerege.bank.identity.guard import Principal
from kerege.bank.identity.provider import IdentityProvider, Page
from kerege.bank.identity.tokens import TokenSigner
from kerege.bank.identity.web import Answer
from kerege.keys import (
    Algorithm,
    PrivateKey,
    RootSecret,
    encode_base64url,
    format_jwk,
    key_thumbprint,
)
from tests.people import AIGERIM, House, open_house

__all__ = ["CALLBACK", "ISSUER", "SIGNER", "VERIFIER", "Desk", "challenge_of", "open_desk", "proof"]

ISSUER = "https://bank.example"
CALLBACK = "https://app.example/callback"
VERIFIER = "v" * 43
SIGNER = PrivateKey(Algorithm.ES256, b"\1" * 32)

CLIENTS = ClientBook(
    [
        Client(id="app", name="Wallet", redirect_uris=(CALLBACK,)),
        Client(id="other", name="Other", redirect_uris=("https://other.example/cb",)),
        Client(id="tool", name="Tool", redirect_uris=("http://127.0.0.1/done",)),
        Client(id="bound", name="Bound", redirect_uris=(CALLBACK,), bound=True),
    ]
)


def challenge_of(verifier: str) -> str:
    """RFC 7636 section 4.2, S256."""
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def proof(
    key: PrivateKey, url: str, now_s: int, *, method: str = "POST", token: str = "", **changes: Any
) -> str:
    """A DPoP proof (RFC 9449 section 4.2)."""
    header: dict[str, Any] = {"typ": "dpop+jwt", "alg": "ES256"}
    header["jwk"] = {
        name: value
        for name, value in json.loads(format_jwk(key.public_key)).items()
        if name in ("kty", "crv", "x", "y")
    }
    claims: dict[str, Any] = {"jti": "jti-0001", "htm": method, "htu": url, "iat": now_s}
    if token:
        claims["ath"] = encode_base64url(hashlib.sha256(token.encode()).digest())
    for name, value in changes.items():
        (header if name in ("typ", "alg", "jwk") else claims)[name] = value
    parts = [encode_base64url(json.dumps(part).encode()) for part in (header, claims)]
    text = ".".join(parts)
    return f"{text}.{encode_base64url(key.sign(text.encode()))}"


@dataclass(frozen=True)
class Desk:
    """The provider, the bank behind it and the telephone codes arrive at."""

    house: House
    provider: IdentityProvider
    phone: KeptCodes

    @property
    def now_s(self) -> int:
        return self.house.clock.now_us() // 1_000_000

    def query(self, **changes: str | None) -> str:
        """A correct authorization request of the program `app`, but for `changes`."""
        given: dict[str, str | None] = {
            "client_id": "app",
            "redirect_uri": CALLBACK,
            "response_type": "code",
            "scope": "openid wallets payments",
            "state": "st&te",
            "nonce": "n-1",
            "code_challenge": challenge_of(VERIFIER),
            "code_challenge_method": "S256",
        }
        given.update(changes)
        return urlencode({name: value for name, value in given.items() if value is not None})

    def begin(self, **changes: str | None) -> Page:
        page = self.provider.authorize(self.query(**changes))
        assert isinstance(page, Page), page
        return page

    def to_code(self, number: str = AIGERIM.phone, **changes: str | None) -> Page:
        """As far as the page that asks for the code."""
        page = self.begin(**changes)
        page = self.provider.give_phone(page.cookie, page.form_token, number)  # type: ignore[assignment]
        assert isinstance(page, Page), page
        return page

    def sign_in(self, number: str = AIGERIM.phone, **changes: str | None) -> dict[str, str]:
        """The parameters with which the browser comes back to the program."""
        page = self.to_code(number, **changes)
        code = self.phone.latest(number)
        answer = self.provider.give_code(page.cookie, page.form_token, code or "")
        assert isinstance(answer, Answer), answer
        assert answer.status == 303, answer
        return back(answer)

    def fetch(self, code: str, /, *, dpop: str | None = None, **changes: str | None) -> Answer:
        """The program's token request for a code."""
        given: dict[str, str | None] = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": CALLBACK,
            "client_id": "app",
            "code_verifier": VERIFIER,
        }
        given.update(changes)
        form = urlencode({name: value for name, value in given.items() if value is not None})
        return self.provider.token(form, dpop=dpop)

    def tokens(self, number: str = AIGERIM.phone) -> dict[str, Any]:
        """Signed in, with tokens."""
        answer = self.fetch(self.sign_in(number)["code"])
        assert answer.status == 200, answer
        tokens: dict[str, Any] = answer.json()
        return tokens

    def refresh(self, token: str, *, dpop: str | None = None, **changes: str) -> Answer:
        given = {"grant_type": "refresh_token", "refresh_token": token, "client_id": "app"}
        return self.provider.token(urlencode(given | changes), dpop=dpop)

    def enter(self, token: str, scope: str = "wallets", **headers: Any) -> Principal:
        """A request to the bank's API."""
        given = {"authorization": f"Bearer {token}", "method": "GET", "path": "/v1/me"} | headers
        return self.provider.authenticate(given.pop("authorization"), scope=scope, **given)


def back(answer: Answer) -> dict[str, str]:
    """The parameters an answer redirects with, each once."""
    found = parse_qs(urlsplit(answer.location).query, strict_parsing=True)
    assert all(len(values) == 1 for values in found.values())
    return {name: values[0] for name, values in found.items()}


def open_desk(where: Path | str, *, seed: int = 7, issuer: str = ISSUER) -> Desk:
    """An identity provider over a bank's register."""
    house, phone = open_house(where, seed=seed), KeptCodes()
    provider = IdentityProvider(
        issuer,
        CLIENTS,
        tables=house.tables,
        customers=house.customers,
        signer=TokenSigner(SIGNER),
        secret=RootSecret(b"i" * 32),
        sender=phone,
        clock=house.clock,
        ids=house.ids,
        randomness=house.randomness,
    )
    return Desk(house, provider, phone)


def thumbprint(key: PrivateKey) -> str:
    """What a proof's key is known by."""
    return key_thumbprint(key.public_key)
