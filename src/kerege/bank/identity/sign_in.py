# SPDX-License-Identifier: Apache-2.0
"""A sign-in under way: which program asked, which code was sent, whether it may go on.

The browser holds a secret in a cookie and a form token in each page; both come back with each
step. A link someone else made cannot continue a sign-in, nor a page of another origin.
"""

import hmac
from collections.abc import Mapping
from typing import Final

import msgspec
from msgspec import Struct

from kerege.bank.customer import CustomerId
from kerege.bank.identity import sign_ins_store as store
from kerege.bank.identity.bearer import hash_secret, new_secret
from kerege.keys import RootSecret, encode_base64url
from kerege.runtime.clock import Clock
from kerege.runtime.randomness import Randomness
from kerege.runtime.tables import Tables

__all__ = ["SIGN_IN_LIFE_S", "SignIn", "SignIns"]

SIGN_IN_LIFE_S: Final = 600
"""Seconds from the program's request to the code: two messages' time."""

_SECOND_US: Final = 1_000_000
_KEPT: Final = (
    *("client_id", "redirect_uri", "response_type", "scope", "state", "nonce"),
    *("code_challenge", "code_challenge_method", "dpop_jkt"),
)
"""Parameters that matter later. `login_hint` would be personal data and is not among them."""


class SignIn(Struct, frozen=True, kw_only=True):
    """One sign-in. `code` is the id of the code that was sent, `customer` whom it was sent to."""

    parameters: dict[str, str]
    code: str | None = None
    customer: CustomerId | None = None


class SignIns:
    """Keeps sign-ins under way. Safe among threads and processes."""

    def __init__(
        self, tables: Tables, *, secret: RootSecret, clock: Clock, randomness: Randomness
    ) -> None:
        self._tables = tables
        self._forms = secret.index_key("sign-in form")
        self._clock = clock
        self._randomness = randomness

    def begin(self, parameters: Mapping[str, str]) -> str:
        """Keep a request; return the secret for the browser's cookie."""
        secret = new_secret(self._randomness)
        kept = {name: parameters[name] for name in _KEPT if name in parameters}
        now_us = self._clock.now_us()
        with self._tables.begin() as connection:
            store.remove_expired(connection, now_us)
            store.insert(
                connection,
                hash_secret(secret),
                parameters=msgspec.json.encode(kept).decode(),
                expires_us=now_us + SIGN_IN_LIFE_S * _SECOND_US,
            )
        return secret

    def form_token(self, secret: str) -> str:
        """What each form of this sign-in carries."""
        return encode_base64url(self._forms.tag(hash_secret(secret)))

    def find(self, secret: str, form_token: str) -> SignIn | None:
        """The sign-in of this cookie and form, if it is in time."""
        if not hmac.compare_digest(
            self.form_token(secret).encode(), form_token.encode(errors="surrogatepass")
        ):
            return None
        with self._tables.read() as connection:
            row = store.find(connection, hash_secret(secret), self._clock.now_us())
        if row is None:
            return None
        parameters, code, customer = row
        return SignIn(
            parameters=msgspec.json.decode(parameters, type=dict[str, str]),
            code=code,
            customer=None if customer is None else CustomerId(customer),
        )

    def code_was_sent(self, secret: str, code: str, customer: CustomerId | None) -> None:
        """Note which code is on its way, and to whom, if to anybody."""
        with self._tables.begin() as connection:
            store.set_code(connection, hash_secret(secret), code, customer)

    def end(self, secret: str) -> bool:
        """The sign-in is over; False if it was already."""
        with self._tables.begin() as connection:
            return store.remove(connection, hash_secret(secret))
