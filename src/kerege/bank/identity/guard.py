# SPDX-License-Identifier: Apache-2.0
"""At the door of the bank's API: whose request this is, by its access token.

A token counts if it is this bank's, in time, of a session that lasts and a customer who may act,
for the scope asked, and comes with the proof it is bound to.
"""

from typing import Final

from msgspec import Struct

from kerege.bank.customer import CustomerId
from kerege.bank.identity.dpop import InvalidProof, check_proof, claim_once
from kerege.bank.identity.issuing import Issuing
from kerege.bank.identity.session import Session
from kerege.bank.identity.sessions import Sessions
from kerege.bank.identity.tokens import InvalidToken
from kerege.errors import KeregeError
from kerege.keys.http_signatures import MemoryNonces
from kerege.runtime.clock import Clock

__all__ = ["Guard", "Principal", "Unauthenticated"]

_MAX_AUTHORIZATION_CHARS: Final = 4096


class Unauthenticated(KeregeError):
    """A request without a good token. Answer `status` with `challenge` as `WWW-Authenticate`."""

    def __init__(self, message: str, *, status: int, challenge: str) -> None:
        super().__init__(message, remedy="sign in again, or ask for the scope")
        self.status = status
        self.challenge = challenge


class Principal(Struct, frozen=True, kw_only=True):
    """Who sent a request: a customer, through a program, in a session."""

    customer: CustomerId
    client: str
    session: str
    scopes: frozenset[str]


class Guard:
    """Lets requests with good tokens in. Safe among threads."""

    def __init__(self, issuing: Issuing, sessions: Sessions, clock: Clock) -> None:
        self._issuing = issuing
        self._sessions = sessions
        self._clock = clock
        self._nonces = MemoryNonces()

    def authenticate(
        self,
        authorization: str | None,
        *,
        scope: str,
        method: str,
        path: str,
        dpop: str | None = None,
    ) -> Principal:
        """Who sent a request: `authorization` and `dpop` are its headers, `path` is without query.

        Raises `Unauthenticated`: 401 without a good token, 403 without the scope.
        """
        scheme, token = _credentials(authorization)
        try:
            claims = self._issuing.read(token)
        except InvalidToken as error:
            raise _unauthenticated("invalid_token", scheme) from error
        session = self._sessions.live(claims.sid)
        if session is None or session.customer != claims.sub:
            raise _unauthenticated("invalid_token", scheme)
        self._check_bound(session, scheme, token, dpop, method=method, path=path)
        scopes = frozenset(claims.scope.split())
        if scope not in scopes:
            raise _unauthenticated("insufficient_scope", scheme, status=403, scope=scope)
        return Principal(
            customer=session.customer, client=session.client, session=session.id, scopes=scopes
        )

    def _check_bound(
        self,
        session: Session,
        scheme: str,
        token: str,
        dpop: str | None,
        *,
        method: str,
        path: str,
    ) -> None:
        """RFC 9449 section 7.1: a bound token is refused as a bearer token, and the reverse."""
        if session.thumbprint is None:
            if scheme != "Bearer":
                raise _unauthenticated("invalid_token", scheme)
            return
        if scheme != "DPoP" or dpop is None:
            raise _unauthenticated("invalid_token", "DPoP")
        now_s = self._clock.now_us() // 1_000_000
        try:
            proven = check_proof(
                dpop,
                method=method,
                url=f"{self._issuing.issuer}{path}",
                now_s=now_s,
                access_token=token,
            )
            if proven.thumbprint != session.thumbprint:
                raise _unauthenticated("invalid_token", "DPoP")
            claim_once(self._nonces, proven, now_s=now_s)
        except InvalidProof as error:
            raise _unauthenticated("invalid_dpop_proof", "DPoP") from error


def _credentials(authorization: str | None) -> tuple[str, str]:
    """Scheme and token of an `Authorization` header. Raises `Unauthenticated`."""
    if authorization is None:
        raise _unauthenticated("", "Bearer")
    scheme, _, token = authorization[:_MAX_AUTHORIZATION_CHARS].partition(" ")
    for known in ("Bearer", "DPoP"):
        if scheme.lower() == known.lower():
            return known, token.strip(" ")
    raise _unauthenticated("", "Bearer")


def _unauthenticated(
    error: str, scheme: str, *, status: int = 401, scope: str = ""
) -> Unauthenticated:
    """RFC 6750 section 3; a request without credentials is told no error."""
    members = [f'error="{error}"'] if error else []
    members += [f'scope="{scope}"'] if scope else []
    challenge = f"{scheme} {', '.join(members)}".strip()
    return Unauthenticated(
        error.replace("_", " ") or "not signed in", status=status, challenge=challenge
    )
