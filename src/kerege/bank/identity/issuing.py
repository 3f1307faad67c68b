# SPDX-License-Identifier: Apache-2.0
"""The tokens of one bank: what a session is given, and what a request shows."""

from kerege.bank.identity.session import Session
from kerege.bank.identity.tokens import (
    ACCESS_LIFE_S,
    AccessClaims,
    Confirmation,
    IdClaims,
    TokenSigner,
    half_hash,
)
from kerege.runtime.clock import Clock
from kerege.runtime.ids import IdMaker

__all__ = ["Issuing"]

_SECOND_US = 1_000_000


class Issuing:
    """Makes and reads tokens of the issuer at `issuer`, the bank's address."""

    def __init__(self, issuer: str, signer: TokenSigner, *, clock: Clock, ids: IdMaker) -> None:
        self.issuer = issuer
        self._signer = signer
        self._clock = clock
        self._ids = ids

    def token_response(self, session: Session, refresh_token: str) -> dict[str, object]:
        """The members of RFC 6749 section 5.1."""
        return {
            "access_token": self._access_token(session),
            "token_type": "DPoP" if session.thumbprint else "Bearer",
            "expires_in": ACCESS_LIFE_S,
            "refresh_token": refresh_token,
            "scope": session.scope,
        }

    def id_token(self, session: Session, *, access_token: str, nonce: str) -> str:
        """Tell the program who signed in. Names are asked for at the userinfo endpoint: ID tokens
        end up in logs."""
        now_s = self._clock.now_us() // _SECOND_US
        return self._signer.sign_id(
            IdClaims(
                iss=self.issuer,
                aud=session.client,
                sub=session.customer,
                sid=session.id,
                iat=now_s,
                exp=now_s + ACCESS_LIFE_S,
                auth_time=session.started_us // _SECOND_US,
                at_hash=half_hash(access_token),
                nonce=nonce,
            )
        )

    def read(self, token: str) -> AccessClaims:
        """The claims of an access token that is for this bank and in time. Raises
        `InvalidToken`."""
        return self._signer.read_access(token, issuer=self.issuer, now_us=self._clock.now_us())

    def key_set(self) -> dict[str, object]:
        """The public keys for whoever verifies ID tokens."""
        return self._signer.key_set()

    def _access_token(self, session: Session) -> str:
        now_s = self._clock.now_us() // _SECOND_US
        key = session.thumbprint
        return self._signer.sign_access(
            AccessClaims(
                iss=self.issuer,
                aud=self.issuer,
                sub=session.customer,
                client_id=session.client,
                sid=session.id,
                scope=session.scope,
                iat=now_s,
                exp=now_s + ACCESS_LIFE_S,
                auth_time=session.started_us // _SECOND_US,
                jti=self._ids.make().hex(),
                cnf=Confirmation(key) if key else None,
            )
        )
