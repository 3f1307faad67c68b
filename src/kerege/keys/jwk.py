# SPDX-License-Identifier: Apache-2.0
"""Public keys as JSON Web Keys (RFC 7517, RFC 7518 section 6.2, RFC 8037), and their thumbprints.

Read strictly: one JSON object, known members only, each once; Ed25519 or P-256, for verifying
signatures. A key made by WebCrypto's `exportKey("jwk", ...)` is read as it is.
"""

import hashlib
from dataclasses import dataclass

import msgspec

from kerege.keys.algorithm import Algorithm
from kerege.keys.base64url import decode_base64url, encode_base64url
from kerege.keys.errors import KeyEncodingError
from kerege.keys.jose_names import ALGORITHM_OF_NAME, check_name, check_plain_members, jose_name
from kerege.keys.public import PublicKey

__all__ = ["MAX_JWK_BYTES", "Jwk", "format_jwk", "key_thumbprint", "parse_jwk"]

# A P-256 key with every member, long names and indentation has some 450 bytes.
MAX_JWK_BYTES = 1024

_COORDINATE_BYTES = 32
_UNCOMPRESSED = b"\x04"
_KINDS = {("OKP", "Ed25519"): Algorithm.ED25519, ("EC", "P-256"): Algorithm.ES256}
_SECRET_MEMBERS = (b'"d"', b'"k"')


@dataclass(frozen=True, slots=True)
class Jwk:
    """A parsed key and the `kid` written beside it (`None` if there was none).

    The `kid` is what the key's sender calls it, and is bound to nothing: `key_thumbprint` is.
    """

    public_key: PublicKey
    kid: str | None


class _Members(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    kty: str
    crv: str
    x: str
    y: str | None = None
    alg: str | None = None
    use: str | None = None
    kid: str | None = None
    key_ops: list[str] | None = None
    ext: bool | None = None


_DECODER = msgspec.json.Decoder(_Members)


def parse_jwk(data: bytes) -> Jwk:
    """Parse a public key for verifying signatures. Raises `KeyEncodingError` with the member."""
    members = _decode(data)
    _check_written_once(members, data)
    if members.kid is not None:
        check_name(members.kid, member="kid")
    algorithm = _KINDS.get((members.kty, members.crv))
    if algorithm is None:
        raise KeyEncodingError("a key is OKP with Ed25519 or EC with P-256", place="kty, crv")
    _check_purpose(members, algorithm)
    return Jwk(public_key=PublicKey(algorithm, _encoded(members, algorithm)), kid=members.kid)


def format_jwk(key: PublicKey) -> bytes:
    """Return the canonical JSON text of `key`: no spaces, members in order, `kid` the thumbprint.

    Raises `KeyEncodingError` for an algorithm without a JWK here.
    """
    members = {
        **_required_members(key),
        "alg": jose_name(key.algorithm),
        "kid": key_thumbprint(key),
        "use": "sig",
    }
    return _canonical(members)


def key_thumbprint(key: PublicKey) -> str:
    """Return the SHA-256 thumbprint in base64url, 43 characters: RFC 7638 section 3.

    It is the `kid` of our own keys. Raises `KeyEncodingError` for an algorithm without a JWK here.
    """
    return encode_base64url(hashlib.sha256(_canonical(_required_members(key))).digest())


def _decode(data: bytes) -> _Members:
    if len(data) > MAX_JWK_BYTES:
        raise KeyEncodingError(f"a key has at most {MAX_JWK_BYTES} bytes, not {len(data)}")
    if not data.isascii():
        raise KeyEncodingError("a key is written in ASCII")
    try:
        return _DECODER.decode(data)
    except msgspec.DecodeError as error:
        if any(member in data for member in _SECRET_MEMBERS):
            raise KeyEncodingError(
                "this holds a secret key, which belongs nowhere but with its owner",
                remedy="take it as stolen: make a new key, and give away its public half only",
            ) from error
        raise KeyEncodingError(f"not a key of known members: {error}") from error


def _check_written_once(members: _Members, data: bytes) -> None:
    texts = (members.kty, members.crv, members.x, members.y, members.alg, members.use, members.kid)
    quotes = 0
    if members.key_ops is not None:
        quotes += 2 + 2 * len(members.key_ops)
    if members.ext is not None:
        quotes += 2
    check_plain_members(data, texts=sum(text is not None for text in texts), others=quotes)


def _check_purpose(members: _Members, algorithm: Algorithm) -> None:
    """RFC 7517 sections 4.2 to 4.4: what the key's owner says it is for."""
    if members.use not in (None, "sig"):
        raise KeyEncodingError("a key for signatures says sig", place="use")
    if members.key_ops not in (None, ["verify"]):
        raise KeyEncodingError("a public key for signatures says verify alone", place="key_ops")
    if members.alg is not None and ALGORITHM_OF_NAME.get(members.alg) is not algorithm:
        raise KeyEncodingError(f"this is no algorithm of {members.crv}", place="alg")


def _encoded(members: _Members, algorithm: Algorithm) -> bytes:
    x = _coordinate(members.x, member="x")
    if algorithm is Algorithm.ED25519:
        if members.y is not None:
            raise KeyEncodingError("an Ed25519 key has no y", place="y")
        return x
    if members.y is None:
        raise KeyEncodingError("a P-256 key needs it", place="y")
    return _UNCOMPRESSED + x + _coordinate(members.y, member="y")


def _coordinate(text: str, *, member: str) -> bytes:
    try:
        number = decode_base64url(text.encode("ascii"))
    except KeyEncodingError as error:
        raise KeyEncodingError(error.message, place=member) from error
    if len(number) != _COORDINATE_BYTES:
        raise KeyEncodingError(f"{_COORDINATE_BYTES} bytes, not {len(number)}", place=member)
    return number


def _required_members(key: PublicKey) -> dict[str, str]:
    """The members a thumbprint is made of: RFC 7638 section 3.2, RFC 8037 section 2."""
    match key.algorithm:
        case Algorithm.ED25519:
            return {"crv": "Ed25519", "kty": "OKP", "x": encode_base64url(key.encoded)}
        case Algorithm.ES256:
            x, y = key.encoded[1 : 1 + _COORDINATE_BYTES], key.encoded[1 + _COORDINATE_BYTES :]
            return {
                "crv": "P-256",
                "kty": "EC",
                "x": encode_base64url(x),
                "y": encode_base64url(y),
            }
        case Algorithm.ML_DSA_44:
            raise KeyEncodingError(f"{key.algorithm} keys have no JWK here")


def _canonical(members: dict[str, str]) -> bytes:
    """Names in order, no spaces. No value here needs an escape, so this is all of the encoding."""
    body = ",".join(f'"{name}":"{members[name]}"' for name in sorted(members))
    return f"{{{body}}}".encode("ascii")
