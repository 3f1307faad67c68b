# SPDX-License-Identifier: Apache-2.0
"""Proof that whoever sends a request holds the key its token is bound to: DPoP, RFC 9449.

A proof is a compact JWS with the public key in its header, over method, address and time of one
request and, with an access token, over the token's hash. A stolen token is worth nothing alone.
"""

import hashlib
from typing import Annotated, Final

import msgspec
from msgspec import Meta, Struct

from kerege.errors import KeregeError
from kerege.keys import (
    InvalidSignatureError,
    KeyEncodingError,
    PublicKey,
    decode_base64url,
    encode_base64url,
    key_thumbprint,
    parse_jwk,
)
from kerege.keys.http_signatures import (
    MemoryNonces,
    NoncesExhaustedError,
    ReplayedRequestError,
)
from kerege.keys.jose_names import ALGORITHM_OF_NAME

__all__ = ["MAX_AGE_S", "InvalidProof", "ProvenRequest", "check_proof", "claim_once"]

MAX_AGE_S: Final = 60
"""How far a proof's time may lie from ours, either way."""

_MAX_PROOF_BYTES: Final = 4096
_ROOMS: Final = 256


class InvalidProof(KeregeError):
    """A DPoP proof that does not prove what it should; `place` says which part."""


class ProvenRequest(Struct, frozen=True):
    """The key a request proved, by its thumbprint, and the proof's own id."""

    thumbprint: str
    jti: str
    at_s: int


class _Header(Struct, frozen=True, forbid_unknown_fields=True):
    typ: str
    alg: str
    jwk: msgspec.Raw


class _Claims(Struct, frozen=True):
    jti: Annotated[str, Meta(min_length=8, max_length=128)]
    htm: str
    htu: str
    iat: int
    ath: str | None = None


_HEADER: Final = msgspec.json.Decoder(_Header)
_CLAIMS: Final = msgspec.json.Decoder(_Claims)


def check_proof(
    proof: str, *, method: str, url: str, now_s: int, access_token: str | None = None
) -> ProvenRequest:
    """Check a `DPoP` header's value for a request to `url` (RFC 9449 section 4.3).

    `url` is the request's own, without query. Raises `InvalidProof`.
    """
    header, payload, signing_input, signature = _parts(proof)
    if header.typ != "dpop+jwt":
        raise InvalidProof("signed for another purpose", place="typ")
    key = _key(header)
    try:
        key.verify(signing_input, signature)
        claims = _CLAIMS.decode(payload)
    except InvalidSignatureError as error:
        raise InvalidProof(error.message, place="signature") from None
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise InvalidProof("not the claims of a proof", place="payload") from None
    _check_claims(claims, method=method, url=url, now_s=now_s, access_token=access_token)
    return ProvenRequest(key_thumbprint(key), claims.jti, claims.iat)


def claim_once(nonces: MemoryNonces, proven: ProvenRequest, *, now_s: int) -> None:
    """Let a proof count once on this node. Raises `InvalidProof`.

    A node does not see what another one took: what is bound by a proof is one method at one
    address, and all that move money are signed orders that count once everywhere.
    """
    digest = hashlib.sha256(proven.thumbprint.encode()).digest()
    try:
        # Some keys share a room: a room of its own for each would never be given back.
        nonces.claim(
            keyid=str(digest[0] % _ROOMS),
            nonce=f"{proven.thumbprint} {proven.jti}",
            until_s=proven.at_s + MAX_AGE_S,
            now_s=now_s,
        )
    except (ReplayedRequestError, NoncesExhaustedError) as error:
        raise InvalidProof(error.message, place="jti") from None


def _parts(proof: str) -> tuple[_Header, bytes, bytes, bytes]:
    try:
        text = proof.encode("ascii")
    except UnicodeEncodeError:
        raise InvalidProof("not ASCII") from None
    if len(text) > _MAX_PROOF_BYTES:
        raise InvalidProof(f"more than {_MAX_PROOF_BYTES} bytes")
    parts = text.split(b".")
    if len(parts) != 3:
        raise InvalidProof("a compact JWS has three parts between two dots")
    try:
        header, payload, signature = (decode_base64url(part) for part in parts)
        return _HEADER.decode(header), payload, b".".join(parts[:2]), signature
    except KeyEncodingError as error:
        raise InvalidProof(error.message) from None
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise InvalidProof("not typ, alg and jwk alone", place="header") from None


def _key(header: _Header) -> PublicKey:
    try:
        key = parse_jwk(bytes(header.jwk)).public_key
    except KeyEncodingError as error:
        raise InvalidProof(error.message, place="jwk") from None
    if ALGORITHM_OF_NAME.get(header.alg) is not key.algorithm:
        raise InvalidProof("no algorithm of this key", place="alg")
    return key


def _check_claims(
    claims: _Claims, *, method: str, url: str, now_s: int, access_token: str | None
) -> None:
    if claims.htm != method:
        raise InvalidProof("for another method", place="htm")
    if claims.htu.partition("?")[0].partition("#")[0] != url:
        raise InvalidProof("for another address", place="htu")
    if abs(now_s - claims.iat) > MAX_AGE_S:
        raise InvalidProof(f"made more than {MAX_AGE_S} seconds from now", place="iat")
    if access_token is not None and claims.ath != _hash(access_token):
        raise InvalidProof("for another token", place="ath")


def _hash(access_token: str) -> str:
    digest = hashlib.sha256(access_token.encode(errors="surrogatepass")).digest()
    return encode_base64url(digest)
