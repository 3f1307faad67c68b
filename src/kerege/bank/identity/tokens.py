# SPDX-License-Identifier: Apache-2.0
"""Tokens as signed texts: access tokens (RFC 9068) for this bank's API, ID tokens for programs.

Signed with ES256, which every OpenID Connect library verifies. An access token is for one bank
(`iss` and `aud` are its address), one program, one session; `cnf` names the key its requests must
prove, if any.
"""

import hashlib
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

import msgspec
from msgspec import Struct

from kerege.errors import KeregeError
from kerege.keys import (
    InvalidSignatureError,
    JwsEncodingError,
    PublicKey,
    SigningKey,
    encode_base64url,
    format_jwk,
    key_thumbprint,
    parse_compact,
    sign_compact,
    verify_compact,
)

__all__ = [
    "ACCESS_LIFE_S",
    "AccessClaims",
    "Confirmation",
    "IdClaims",
    "InvalidToken",
    "TokenSigner",
    "half_hash",
]

ACCESS_LIFE_S: Final = 300
"""Short, for whoever copies a token that is bound to no key may use it until then."""

_ACCESS_TYP: Final = "at+jwt"
_ID_TYP: Final = "JWT"
_MAX_TOKEN_BYTES: Final = 2_048
"""Ours have some 800."""


class InvalidToken(KeregeError):
    """An access token that is not good here and now. Why is for logs, not for whoever sent it."""


class Confirmation(Struct, frozen=True):
    """The SHA-256 thumbprint of the key that goes with a token (RFC 9449 section 6.1)."""

    jkt: str


class AccessClaims(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What an access token says (RFC 9068 section 2.2); times are seconds since 1970."""

    iss: str
    aud: str
    sub: str
    client_id: str
    sid: str
    scope: str
    iat: int
    exp: int
    auth_time: int
    jti: str
    cnf: Confirmation | None = None


class IdClaims(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What an ID token says (OpenID Connect Core 1.0 section 2)."""

    iss: str
    aud: str
    sub: str
    sid: str
    iat: int
    exp: int
    auth_time: int
    at_hash: str
    nonce: str = ""


_REMEMBERED: Final = 4_096
"""Tokens whose signature was good, some 2 KB each."""

_ACCESS: Final = msgspec.json.Decoder(AccessClaims)


class TokenSigner:
    """Signs with one key and verifies with that and earlier ones, which it publishes too."""

    def __init__(self, key: SigningKey, *, earlier: Sequence[PublicKey] = ()) -> None:
        self._key = key
        self._kid = key_thumbprint(key.public_key)
        self._public = {key_thumbprint(each): each for each in (key.public_key, *earlier)}
        self._signed_claims = lru_cache(_REMEMBERED)(self._read_signed)

    def sign_access(self, claims: AccessClaims) -> str:
        """An access token."""
        return self._sign(claims, _ACCESS_TYP)

    def sign_id(self, claims: IdClaims) -> str:
        """An ID token."""
        return self._sign(claims, _ID_TYP)

    def read_access(self, token: str, *, issuer: str, now_us: int) -> AccessClaims:
        """The claims of an access token of this issuer that is in time. Raises `InvalidToken`.

        An ID token is signed with the same key and refused by its `typ`.
        """
        # A signature that was good stays good; all else is looked at each time.
        claims = self._signed_claims(token)
        now_s = now_us // 1_000_000
        if claims.iss != issuer or claims.aud != issuer:
            raise InvalidToken("for another bank")
        if not claims.iat <= now_s < claims.exp:
            raise InvalidToken("expired, or not valid yet")
        return claims

    def _read_signed(self, token: str) -> AccessClaims:
        try:
            text = token.encode("ascii")
            if len(text) > _MAX_TOKEN_BYTES:
                raise InvalidToken("too long for a token of ours")
            jws = parse_compact(text)
            key = self._public.get(jws.header.kid or "")
            if key is None:
                raise InvalidToken("signed with a key of somebody else")
            payload = verify_compact(jws, key, kid=jws.header.kid, typ=_ACCESS_TYP)
            return _ACCESS.decode(payload)
        except UnicodeEncodeError:
            raise InvalidToken("not ASCII") from None
        except (JwsEncodingError, InvalidSignatureError) as error:
            raise InvalidToken(error.message, place=error.place) from None
        except msgspec.MsgspecError:
            raise InvalidToken("not the claims of an access token") from None

    def key_set(self) -> dict[str, object]:
        """The public keys (RFC 7517 section 5)."""
        return {"keys": [msgspec.json.decode(format_jwk(key)) for key in self._public.values()]}

    def _sign(self, claims: Struct, typ: str) -> str:
        payload = msgspec.json.encode(claims)
        return sign_compact(payload, self._key, kid=self._kid, typ=typ).decode("ascii")


def half_hash(text: str) -> str:
    """`at_hash`: the left half of the SHA-256, in base64url (OpenID Connect Core 3.1.3.6)."""
    digest = hashlib.sha256(text.encode("ascii")).digest()
    return encode_base64url(digest[: len(digest) // 2])
