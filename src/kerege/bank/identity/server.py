# SPDX-License-Identifier: Apache-2.0
"""The OAuth server: Authlib's rules of the code flow over our codes, sessions and keys.

Authlib checks requests (RFC 6749, 7636, 7009, OpenID Connect Core); what is stricter here is
OAuth 2.1's: PKCE always and S256 only, exact redirect URIs, refresh tokens good once. Time and
chance are ours, so none of Authlib's generators is used.

Authlib has no types, hence the `type: ignore` on what derives from it.
"""

import re
from collections.abc import Mapping
from typing import Any, Final

from authlib.oauth2.rfc6749 import (  # type: ignore[import-untyped]
    AuthorizationServer,
    ClientMixin,
    InvalidGrantError,
    InvalidRequestError,
    OAuth2Error,
    OAuth2Request,
    TokenMixin,
)
from authlib.oauth2.rfc6749.grants import (  # type: ignore[import-untyped]
    AuthorizationCodeGrant,
    RefreshTokenGrant,
)
from authlib.oauth2.rfc6749.requests import BasicOAuth2Payload  # type: ignore[import-untyped]
from authlib.oauth2.rfc7009 import RevocationEndpoint  # type: ignore[import-untyped]
from authlib.oauth2.rfc7636 import CodeChallenge  # type: ignore[import-untyped]
from authlib.oidc.core.grants import OpenIDCode  # type: ignore[import-untyped]

from kerege.bank.customer import CustomerId
from kerege.bank.identity.client import SCOPES, Client, ClientBook, allows_redirect
from kerege.bank.identity.granted import Granted
from kerege.bank.identity.grants import GRANT_LIFE_S, Grants
from kerege.bank.identity.issuing import Issuing
from kerege.bank.identity.session import Session
from kerege.bank.identity.sessions import Sessions
from kerege.bank.identity.tokens import InvalidToken
from kerege.bank.identity.web import Answer, error_answer, json_answer, redirect_answer
from kerege.runtime.clock import Clock

__all__ = ["OAuthServer"]

# TLS ends before us or is checked where the issuer's address is configured; Authlib asks for one.
_URI: Final = "https://localhost/"

_CHALLENGE: Final = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)
"""A SHA-256 in base64url (RFC 7636 section 4.2)."""

_LONGEST: Final = {"state": 1024, "nonce": 256, "scope": 200, "redirect_uri": 1024}
"""Characters of what is kept until the sign-in is done."""

_LONGEST_OTHER: Final = 256
_SECOND_US: Final = 1_000_000

_NOT_QUOTED: Final = frozenset('"\\')
"""Authlib quotes parameters in error descriptions, where RFC 6749 allows neither character."""


class _Request(OAuth2Request):  # type: ignore[misc]
    """A request as Authlib reads it; `thumbprint` is of the key it proved, if it did."""

    def __init__(
        self, method: str, parameters: Mapping[str, str], *, thumbprint: str | None = None
    ) -> None:
        super().__init__(method, _URI)
        self.payload = BasicOAuth2Payload(dict(parameters))
        self.parameters = dict(parameters)
        self.thumbprint = thumbprint

    @property
    def args(self) -> dict[str, str]:
        return self.parameters

    @property
    def form(self) -> dict[str, str]:
        return self.parameters


class _OAuthClient(ClientMixin):  # type: ignore[misc]
    """A registered program as Authlib asks about it."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.client_id = client.id

    def get_client_id(self) -> str:
        return self.client.id

    def get_default_redirect_uri(self) -> None:
        """None: a request names its address, so that nothing is guessed."""

    def get_allowed_scope(self, scope: str | None) -> str:
        asked = (scope or "").split()
        return " ".join(each for each in self.client.scopes if each in asked)

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        return allows_redirect(self.client, redirect_uri)

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        return method == "none"

    def check_response_type(self, response_type: str) -> bool:
        return response_type == "code"

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type in ("authorization_code", "refresh_token")


class _Code:
    """A taken code as Authlib reads it."""

    code_challenge_method = "S256"

    def __init__(self, code: str, granted: Granted) -> None:
        self.code = code
        self.granted = granted
        self.code_challenge = granted.challenge

    def get_redirect_uri(self) -> str:
        return self.granted.redirect_uri

    def get_scope(self) -> str:
        return self.granted.scope


class _Token(TokenMixin):  # type: ignore[misc]
    """A refresh token's session as Authlib reads it."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def check_client(self, client: _OAuthClient) -> bool:
        return self.session.client == client.client_id

    def get_scope(self) -> str:
        return self.session.scope


class _StrictChallenge(CodeChallenge):  # type: ignore[misc]
    """PKCE (RFC 7636) that cannot be left out nor weakened: RFC 9700 section 2.1.1."""

    SUPPORTED_CODE_CHALLENGE_METHOD = ("S256",)

    def validate_code_challenge(self, grant: Any, redirect_uri: str) -> None:
        parameters = grant.request.parameters
        if parameters.get("code_challenge_method") != "S256":
            raise InvalidRequestError("PKCE is required: code_challenge_method S256")
        if _CHALLENGE.fullmatch(parameters.get("code_challenge", "")) is None:
            raise InvalidRequestError("PKCE is required: code_challenge of 43 characters")


class _OpenId(OpenIDCode):  # type: ignore[misc]
    """ID tokens of ours."""

    def __init__(self, issuing: Issuing) -> None:
        super().__init__()
        self._issuing = issuing

    def exists_nonce(self, nonce: str, request: Any) -> bool:
        """A nonce is the program's to check; codes are good once, whatever their nonce."""
        return False

    def encode_id_token(self, token: Mapping[str, Any], request: Any) -> str:
        code = request.authorization_code
        return self._issuing.id_token(
            request.session,
            access_token=token["access_token"],
            nonce=code.granted.nonce if code else "",
        )


class _CodeGrant(AuthorizationCodeGrant):  # type: ignore[misc]
    """The authorization code flow."""

    TOKEN_ENDPOINT_AUTH_METHODS = ("none",)

    def generate_authorization_code(self) -> str:
        return str(self.server.grants.new_code())

    def save_authorization_code(self, code: str, request: Any) -> None:
        now_us = self.server.clock.now_us()
        given = request.parameters
        self.server.grants.keep(
            code,
            Granted(
                client=request.client.client_id,
                customer=request.user,
                redirect_uri=given["redirect_uri"],
                scope=request.scope,
                nonce=given.get("nonce", ""),
                challenge=given["code_challenge"],
                thumbprint=given.get("dpop_jkt"),
                granted_us=now_us,
                expires_us=now_us + GRANT_LIFE_S * _SECOND_US,
            ),
        )

    def query_authorization_code(self, code: str, client: _OAuthClient) -> _Code | None:
        granted = self.server.grants.take(code)
        if granted is None or granted.client != client.client_id:
            return None
        if granted.thumbprint not in (None, self.request.thumbprint):
            return None
        return _Code(code, granted)

    def delete_authorization_code(self, authorization_code: _Code) -> None:
        """It was used up when it was taken."""

    def authenticate_user(self, authorization_code: _Code) -> CustomerId:
        return authorization_code.granted.customer

    def generate_token(self, user: CustomerId, scope: str, **_: Any) -> dict[str, object]:
        """Begin the session; Authlib has checked everything by now."""
        request = self.request
        session = self.server.sessions.make(
            user, client=request.client.client_id, scope=scope, thumbprint=request.thumbprint
        )
        if not self.server.grants.settle(request.authorization_code.code, session):
            raise InvalidGrantError("Invalid 'code' in request.")
        return _token_response(self.server, request, session)


class _RefreshGrant(RefreshTokenGrant):  # type: ignore[misc]
    """Rotation of refresh tokens."""

    TOKEN_ENDPOINT_AUTH_METHODS = ("none",)
    INCLUDE_NEW_REFRESH_TOKEN = True

    def authenticate_refresh_token(self, refresh_token: str) -> _Token | None:
        session = self.server.sessions.use_refresh_token(
            refresh_token,
            client=self.request.client.client_id,
            thumbprint=self.request.thumbprint,
        )
        return None if session is None else _Token(session)

    def authenticate_user(self, refresh_token: _Token) -> CustomerId | None:
        """Nobody, if the customer was blocked meanwhile."""
        session = self.server.sessions.live(refresh_token.session.id)
        return None if session is None else session.customer

    def generate_token(self, **_: Any) -> dict[str, object]:
        return _token_response(self.server, self.request, self.request.refresh_token.session)

    def revoke_old_credential(self, refresh_token: _Token) -> None:
        """It was used up when it was shown."""


class _Revocation(RevocationEndpoint):  # type: ignore[misc]
    """RFC 7009: giving up any token ends its session."""

    CLIENT_AUTH_METHODS = ("none",)

    def query_token(self, token_string: str, token_type_hint: str | None) -> _Token | None:
        session = self.server.session_of(token_string)
        return None if session is None else _Token(session)

    def revoke_token(self, token: _Token, request: Any) -> None:
        self.server.sessions.end(token.session.customer, token.session.id)


def _token_response(server: "OAuthServer", request: Any, session: Session) -> dict[str, object]:
    request.session = session
    return server.issuing.token_response(session, server.sessions.new_refresh_token(session))


class OAuthServer(AuthorizationServer):  # type: ignore[misc]
    """Authlib's server with our grants. Only `IdentityProvider` uses it."""

    def __init__(
        self,
        clients: ClientBook,
        *,
        grants: Grants,
        sessions: Sessions,
        issuing: Issuing,
        clock: Clock,
    ) -> None:
        super().__init__(scopes_supported=SCOPES)
        self.clients = clients
        self.grants = grants
        self.sessions = sessions
        self.issuing = issuing
        self.clock = clock
        self.register_grant(_CodeGrant, [_StrictChallenge(required=True), _OpenId(issuing)])
        self.register_grant(_RefreshGrant)
        self.register_endpoint(_Revocation)

    # What the provider asks

    def check_authorization(self, parameters: Mapping[str, str]) -> Client | Answer:
        """The program an authorization request comes from, or the answer that refuses it.

        Without a known program and one of its addresses the answer is an error page; any other
        error goes to the program.
        """
        refused = _refused_early(parameters)
        if refused is not None:
            return refused
        try:
            grant = self.get_consent_grant(_Request("GET", parameters))
        except OAuth2Error as error:
            return self._refusal(error, parameters)
        client: Client = grant.request.client.client
        if not grant.request.scope:
            return self.refuse(parameters, "invalid_scope")
        return client

    def grant(self, parameters: Mapping[str, str], customer: CustomerId) -> Answer:
        """Send the browser back with a code for the customer who signed in."""
        request = _Request("GET", parameters)
        try:
            grant = self.get_consent_grant(request, end_user=customer)
            _, _, headers = grant.create_authorization_response(grant.redirect_uri, customer)
        except OAuth2Error as error:
            return self._refusal(error, parameters)
        return redirect_answer(dict(headers)["Location"], {"iss": self.issuing.issuer})

    def refuse(self, parameters: Mapping[str, str], error: str) -> Answer:
        """Send the browser back with an error (RFC 6749 section 4.1.2.1, RFC 9207)."""
        told = {"error": error, "iss": self.issuing.issuer}
        if parameters.get("state"):
            told["state"] = parameters["state"]
        return redirect_answer(parameters["redirect_uri"], told)

    def token(self, parameters: Mapping[str, str], *, thumbprint: str | None) -> Answer:
        """The token endpoint: a code or a refresh token for new tokens."""
        if parameters.get("grant_type") == "refresh_token" and "scope" in parameters:
            # Checked by Authlib too, but only when the refresh token is used up.
            return error_answer("invalid_scope", "a session keeps the scope it began with")
        client = self.clients.find(parameters.get("client_id", ""))
        if client is not None and client.bound and thumbprint is None:
            return error_answer("invalid_dpop_proof", "this client proves a key (RFC 9449)")
        answer: Answer = self.create_token_response(
            _Request("POST", parameters, thumbprint=thumbprint)
        )
        return answer

    def revoke(self, parameters: Mapping[str, str]) -> Answer:
        """The revocation endpoint: 200 for a token of ours and for any other text."""
        answer: Answer = self.create_endpoint_response(
            _Revocation.ENDPOINT_NAME, _Request("POST", parameters)
        )
        return answer

    def session_of(self, token: str) -> Session | None:
        """The session a token belongs to, whichever kind of token it is."""
        found = self.sessions.session_of_refresh_token(token)
        if found is None:
            try:
                found = self.sessions.live(self.issuing.read(token).sid)
            except InvalidToken:
                return None
        return found

    # What Authlib asks

    def query_client(self, client_id: str) -> _OAuthClient | None:
        client = self.clients.find(client_id)
        return None if client is None else _OAuthClient(client)

    def save_token(self, token: object, request: object) -> None:
        """Kept when it was made."""

    def create_oauth2_request(self, request: _Request) -> _Request:
        return request

    def handle_response(self, status: int, body: Any, headers: Any) -> Answer:
        return json_answer(dict(body), status=status)

    def send_signal(self, name: str, *args: object, **kwargs: object) -> None:
        """Nobody listens."""

    def _refusal(self, error: Any, parameters: Mapping[str, str]) -> Answer:
        if error.redirect_uri:
            return self.refuse(parameters, error.error)
        return error_answer(error.error, error.description or error.error)


def _refused_early(parameters: Mapping[str, str]) -> Answer | None:
    """Refuse what Authlib would quote in an error, and what we would have to keep in length."""
    for name, value in parameters.items():
        if len(value) > _LONGEST.get(name, _LONGEST_OTHER):
            return error_answer("invalid_request", f"{name} is too long")
        if name not in ("state", "nonce") and not _NOT_QUOTED.isdisjoint(value):
            return error_answer("invalid_request", f"{name} has a quote or backslash in it")
    if not parameters.get("redirect_uri"):
        return error_answer("invalid_request", "redirect_uri is required")
    return None
