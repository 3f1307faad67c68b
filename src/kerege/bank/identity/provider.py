# SPDX-License-Identifier: Apache-2.0
"""The identity provider of a bank: signing in, tokens, sessions, who sent a request.

The layer that serves HTTP copies values in and sends `Answer`s out; nothing here knows it.
Addresses below are the bank's; `issuer` comes before each.

| address | function |
| --- | --- |
| GET /.well-known/openid-configuration | `discovery` |
| GET /oauth/jwks | `key_set` |
| GET /oauth/authorize | `authorize(query)`: a `Page` (its `cookie` set) or an answer |
| POST /oauth/sign-in/phone | `give_phone(cookie, form_token, phone)`: likewise |
| POST /oauth/sign-in/code | `give_code(cookie, form_token, code)`: an answer (303) or a `Page` |
| POST /oauth/sign-in/cancel | `cancel(cookie, form_token)` |
| POST /oauth/token | `token(form, dpop)` |
| POST /oauth/revoke | `revoke(form)` |
| GET /oauth/userinfo | `userinfo(principal)` |
| every other | `authenticate(authorization, ...)`: a `Principal`, or `Unauthenticated` |
"""

from typing import Final

from msgspec import Struct

from kerege.bank.customer import Customer, CustomerState
from kerege.bank.customers import Customers
from kerege.bank.identity.client import Client, ClientBook
from kerege.bank.identity.codes import Checked, CodeSender, OneTimeCodes, TooManyCodes
from kerege.bank.identity.discovery import check_issuer, describe
from kerege.bank.identity.dpop import InvalidProof, check_proof
from kerege.bank.identity.grants import Grants
from kerege.bank.identity.guard import Guard, Principal
from kerege.bank.identity.issuing import Issuing
from kerege.bank.identity.server import OAuthServer
from kerege.bank.identity.sessions import Sessions
from kerege.bank.identity.sign_in import SignIn, SignIns
from kerege.bank.identity.tokens import TokenSigner
from kerege.bank.identity.web import (
    Answer,
    MalformedParameters,
    error_answer,
    read_parameters,
)
from kerege.bank.personal_data import MalformedPersonalData, normalise_phone
from kerege.bank.throttle import Throttle
from kerege.keys import RootSecret
from kerege.runtime.clock import Clock
from kerege.runtime.ids import IdMaker
from kerege.runtime.randomness import Randomness
from kerege.runtime.tables import Tables

__all__ = ["IdentityProvider", "Page"]

_MAY_SIGN_IN: Final = (CustomerState.ACTIVE, CustomerState.WAITING)
_PURPOSE: Final = "sign-in"


class Page(Struct, frozen=True, kw_only=True):
    """What the sign-in page shows next.

    `step` is `phone` or `code`. `problem` is empty or one of `phone_malformed`, `too_many_codes`
    (until `wait_s` seconds have passed), `code_wrong`, `code_spent` (ask for another). `cookie` is
    for a cookie (Secure, HttpOnly, SameSite=Lax, path /oauth), `form_token` for each form.
    """

    step: str
    cookie: str
    form_token: str
    client: str
    scopes: tuple[str, ...]
    problem: str = ""
    wait_s: int = 0


class IdentityProvider:
    """Everything about signing in. Safe among threads; nodes on one database serve each other's
    sign-ins and sessions.

    `issuer` is the bank's public address, https or http on a loopback address. `secret` keys the
    hashes of codes and forms; `signer` signs tokens.
    """

    def __init__(
        self,
        issuer: str,
        clients: ClientBook,
        *,
        tables: Tables,
        customers: Customers,
        signer: TokenSigner,
        secret: RootSecret,
        sender: CodeSender,
        clock: Clock,
        ids: IdMaker,
        randomness: Randomness,
    ) -> None:
        """Raises `MalformedIssuer`."""
        check_issuer(issuer)
        self.issuer = issuer
        self._clients = clients
        self._customers = customers
        self._clock = clock
        self.codes = OneTimeCodes(
            tables,
            Throttle(tables, clock),
            sender,
            secret=secret,
            clock=clock,
            randomness=randomness,
        )
        self._sign_ins = SignIns(tables, secret=secret, clock=clock, randomness=randomness)
        self.sessions = Sessions(tables, clock=clock, ids=ids, randomness=randomness)
        self._issuing = Issuing(issuer, signer, clock=clock, ids=ids)
        self._server = OAuthServer(
            clients,
            grants=Grants(tables, clock=clock, randomness=randomness),
            sessions=self.sessions,
            issuing=self._issuing,
            clock=clock,
        )

        self._guard = Guard(self._issuing, self.sessions, clock)

    # What anybody may read

    def discovery(self) -> dict[str, object]:
        """OpenID Connect Discovery 1.0 section 3, RFC 8414."""
        return describe(self.issuer)

    def key_set(self) -> dict[str, object]:
        """The public keys of tokens (RFC 7517)."""
        return self._issuing.key_set()

    # Signing in

    def authorize(self, query: str) -> Page | Answer:
        """Begin a sign-in for a program's authorization request."""
        try:
            parameters = read_parameters(query)
        except MalformedParameters as error:
            return error_answer("invalid_request", str(error))
        checked = self._server.check_authorization(parameters)
        if isinstance(checked, Answer):
            return checked
        unsupported = _unsupported(parameters)
        if unsupported:
            return self._server.refuse(parameters, unsupported)
        return self._page(self._sign_ins.begin(parameters), parameters, step="phone")

    def give_phone(self, cookie: str, form_token: str, phone: str) -> Page | Answer:
        """Send a code. Whether anybody has this number the page does not say, nor its time."""
        sign_in = self._sign_ins.find(cookie, form_token)
        if sign_in is None:
            return _LOST
        try:
            number = normalise_phone(phone)
        except MalformedPersonalData:
            return self._page(cookie, sign_in.parameters, step="phone", problem="phone_malformed")
        customer = self._customers.find_by_phone(number)
        known = customer is not None and customer.state in _MAY_SIGN_IN
        sent = self.codes.send(number, purpose=_PURPOSE, known=known)
        if isinstance(sent, TooManyCodes):
            return self._page(
                cookie,
                sign_in.parameters,
                step="phone",
                problem="too_many_codes",
                wait_s=sent.wait_s,
            )
        self._sign_ins.code_was_sent(cookie, sent.id, customer.id if customer and known else None)
        return self._page(cookie, sign_in.parameters, step="code")

    def give_code(self, cookie: str, form_token: str, code: str) -> Page | Answer:
        """Check the code; a right one sends the browser back to the program."""
        sign_in = self._sign_ins.find(cookie, form_token)
        if sign_in is None:
            return _LOST
        if sign_in.code is None:
            return self._page(cookie, sign_in.parameters, step="phone")
        checked = self.codes.check(sign_in.code, code, purpose=_PURPOSE)
        if checked is Checked.RIGHT:
            return self._finish(cookie, sign_in)
        problem = "code_wrong" if checked is Checked.WRONG else "code_spent"
        return self._page(cookie, sign_in.parameters, step="code", problem=problem)

    def cancel(self, cookie: str, form_token: str) -> Answer:
        """Send the browser back without a code."""
        sign_in = self._sign_ins.find(cookie, form_token)
        if sign_in is None or not self._sign_ins.end(cookie):
            return _LOST
        return self._server.refuse(sign_in.parameters, "access_denied")

    # What programs ask

    def token(self, form: str | bytes, *, dpop: str | None = None) -> Answer:
        """Tokens for a code or a refresh token; `dpop` is the header of that name."""
        try:
            parameters = read_parameters(form)
            thumbprint = self._thumbprint(dpop, f"{self.issuer}/oauth/token")
        except MalformedParameters as error:
            return error_answer("invalid_request", str(error))
        except InvalidProof as error:
            return error_answer("invalid_dpop_proof", str(error))
        return self._server.token(parameters, thumbprint=thumbprint)

    def revoke(self, form: str | bytes) -> Answer:
        """Give up a token, and with it its session (RFC 7009)."""
        try:
            return self._server.revoke(read_parameters(form))
        except MalformedParameters as error:
            return error_answer("invalid_request", str(error))

    def authenticate(
        self,
        authorization: str | None,
        *,
        scope: str,
        method: str,
        path: str,
        dpop: str | None = None,
    ) -> Principal:
        """Who sent a request. Raises `Unauthenticated`. See `Guard.authenticate`."""
        return self._guard.authenticate(
            authorization, scope=scope, method=method, path=path, dpop=dpop
        )

    def userinfo(self, principal: Principal) -> dict[str, object]:
        """OpenID Connect Core section 5.3; name and telephone with the scope `profile`."""
        claims: dict[str, object] = {"sub": principal.customer}
        if "profile" in principal.scopes:
            data = self._customers.personal_data(principal.customer)
            claims |= {"name": data.name, "phone_number": data.phone}
        return claims

    # How

    def _finish(self, cookie: str, sign_in: SignIn) -> Answer:
        # Ended first: of two who send the right code at once, one gets an answer.
        if sign_in.customer is None or not self._sign_ins.end(cookie):
            return _LOST
        customer: Customer = self._customers.get(sign_in.customer)
        if customer.state not in _MAY_SIGN_IN:
            return self._server.refuse(sign_in.parameters, "access_denied")
        return self._server.grant(sign_in.parameters, customer.id)

    def _page(
        self,
        cookie: str,
        parameters: dict[str, str],
        *,
        step: str,
        problem: str = "",
        wait_s: int = 0,
    ) -> Page:
        client = self._clients.find(parameters["client_id"])
        asked = parameters.get("scope", "").split()
        known: tuple[str, ...] = client.scopes if isinstance(client, Client) else ()
        return Page(
            step=step,
            cookie=cookie,
            form_token=self._sign_ins.form_token(cookie),
            client=client.name if client else "",
            scopes=tuple(scope for scope in known if scope in asked),
            problem=problem,
            wait_s=wait_s,
        )

    def _thumbprint(self, dpop: str | None, url: str) -> str | None:
        if dpop is None:
            return None
        now_s = self._clock.now_us() // 1_000_000
        return check_proof(dpop, method="POST", url=url, now_s=now_s).thumbprint


_LOST: Final = error_answer("invalid_request", "this sign-in is over; begin again at the program")


def _unsupported(parameters: dict[str, str]) -> str:
    """The error for a request that asks for what is not done here (OpenID Connect Core 3.1.2.6)."""
    if "request" in parameters:
        return "request_not_supported"
    if "request_uri" in parameters:
        return "request_uri_not_supported"
    if parameters.get("response_mode", "query") != "query":
        return "invalid_request"
    return ""
