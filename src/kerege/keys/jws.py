# SPDX-License-Identifier: Apache-2.0
"""Compact JWS (RFC 7515 section 7.1) with Ed25519 or ES256, in one strict form.

    BASE64URL(header) . BASE64URL(payload) . BASE64URL(signature)

What is signed is the text before the second dot, exactly as sent; nothing is re-serialised. The
header has `alg`, `kid` and `typ` and nothing else, so nothing in it can bring a key, name an
address or change what is signed. The key's own type decides the algorithm: a header that names
another is refused. Every choice and its reason: `docs/decisions/jose-strictness.md`.
"""

from functools import lru_cache

import msgspec

from kerege.keys.base64url import decode_base64url, encode_base64url
from kerege.keys.errors import InvalidSignatureError, JwsEncodingError, KeyEncodingError
from kerege.keys.jose_names import ALGORITHM_OF_NAME, check_name, check_plain_members, jose_name
from kerege.keys.private import SigningKey
from kerege.keys.public import PublicKey

__all__ = [
    "MAX_COMPACT_BYTES",
    "MAX_HEADER_BYTES",
    "JwsHeader",
    "UnverifiedJws",
    "check_names",
    "parse_compact",
    "sign_compact",
    "verify_compact",
]

MAX_COMPACT_BYTES = 64 * 1024
"""A whole signed text: what the ledger keeps as an order's evidence."""

MAX_HEADER_BYTES = 512
"""Decoded: two names of 128 characters, their frame, and spaces."""

_KEPT_HEADERS = 16_384
"""Headers kept parsed: some 500 bytes each, faulty ones are not kept."""

_MAX_HEADER_DIGITS = (MAX_HEADER_BYTES * 4 + 2) // 3

_REFUSED_MEMBERS = {
    "crit": "no extension is known here",
    "b64": "payloads are always in base64url",
    "jwk": "keys come from the register, never from the message",
    "jku": "keys come from the register, never from an address",
    "x5u": "keys come from the register, never from an address",
    "x5c": "keys come from the register, never from the message",
    "x5t": "certificates are not used here",
    "x5t#S256": "certificates are not used here",
    "zip": "payloads are not compressed",
    "enc": "this is an encrypted text, not a signed one",
    "cty": "typ says what the payload is",
}


class JwsHeader(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The protected header. An absent `kid` or `typ` is `None`."""

    alg: str
    kid: str | None = None
    typ: str | None = None


class UnverifiedJws(msgspec.Struct, frozen=True):
    """The parts of a compact JWS whose signature nobody has checked yet.

    Use `header.kid` to find the key; use `payload` only as `verify_compact` returns it.
    `signing_input` is the exact text that is signed: two texts with the same one say the same,
    whatever their signatures.
    """

    header: JwsHeader
    payload: bytes
    signature: bytes
    signing_input: bytes


_DECODER = msgspec.json.Decoder(JwsHeader)
_MEMBER_NAMES = msgspec.json.Decoder(dict[str, msgspec.Raw])


def sign_compact(payload: bytes, key: SigningKey, *, kid: str, typ: str) -> bytes:
    """Return `payload` signed by `key`, as one ASCII text of at most `MAX_COMPACT_BYTES`.

    `kid` is the key's thumbprint or another name the verifier knows it by; `typ` says what the
    payload is. Raises `JwsEncodingError` if a name or the payload does not fit, `KeyEncodingError`
    if the key's algorithm has no place in JOSE.
    """
    for name, member in ((kid, "kid"), (typ, "typ")):
        _check_name(name, member=member)
    header = f'{{"alg":"{jose_name(key.public_key.algorithm)}","kid":"{kid}","typ":"{typ}"}}'
    signing_input = f"{encode_base64url(header.encode())}.{encode_base64url(payload)}".encode()
    compact = signing_input + b"." + encode_base64url(key.sign(signing_input)).encode()
    _check_size(compact)
    return compact


def parse_compact(compact: bytes) -> UnverifiedJws:
    """Split and decode a compact JWS, without checking its signature.

    Raises `JwsEncodingError` with the part at fault.
    """
    _check_size(compact)
    signing_input, _, signature = compact.rpartition(b".")
    header, dot, payload = signing_input.partition(b".")
    if not dot or b"." in payload:
        raise JwsEncodingError("a compact JWS has three parts between two dots")
    if not (header and signature):
        raise JwsEncodingError("header and signature are not empty")
    return UnverifiedJws(
        header=_parse_header(header),
        payload=_decode_part(payload, place="payload"),
        signature=_decode_part(signature, place="signature"),
        signing_input=signing_input,
    )


def verify_compact(
    jws: UnverifiedJws, key: PublicKey, *, kid: str | None, typ: str | None
) -> bytes:
    """Return the payload if `key` signed it under the names `kid` and `typ`.

    `kid` is the name the caller found `key` by, `typ` the purpose it accepts; `None` asks for a
    header without that member. Raises `InvalidSignatureError`.
    """
    check_names(jws, key, kid=kid, typ=typ)
    key.verify(jws.signing_input, jws.signature)
    return jws.payload


def check_names(jws: UnverifiedJws, key: PublicKey, *, kid: str | None, typ: str | None) -> None:
    """What `verify_compact` checks before the signature; raises `InvalidSignatureError`."""
    header = jws.header
    if header.typ != typ:
        raise InvalidSignatureError("signed for another purpose", place="typ")
    if header.kid != kid:
        raise InvalidSignatureError("signed under another key's name", place="kid")
    if ALGORITHM_OF_NAME.get(header.alg) is not key.algorithm:
        raise InvalidSignatureError("the header names another algorithm than the key", place="alg")


def _check_size(compact: bytes) -> None:
    if len(compact) > MAX_COMPACT_BYTES:
        raise JwsEncodingError(
            f"a signed text has at most {MAX_COMPACT_BYTES} bytes, not {len(compact)}"
        )


def _check_name(name: str, *, member: str) -> None:
    try:
        check_name(name, member=member)
    except KeyEncodingError as error:
        raise JwsEncodingError(error.message, place=error.place) from error


def _decode_part(text: bytes, *, place: str) -> bytes:
    try:
        return decode_base64url(text)
    except KeyEncodingError as error:
        raise JwsEncodingError(error.message, place=place) from error


@lru_cache(maxsize=_KEPT_HEADERS)
def _parse_header(text: bytes) -> JwsHeader:
    # A wallet's orders all have the same header.
    if len(text) > _MAX_HEADER_DIGITS:
        raise JwsEncodingError(f"at most {MAX_HEADER_BYTES} bytes", place="header")
    raw = _decode_part(text, place="header")
    if not raw.isascii():
        raise JwsEncodingError("written in ASCII", place="header")
    try:
        header = _DECODER.decode(raw)
    except msgspec.DecodeError as error:
        raise _refused_header(raw, error) from error
    _check_header(header, raw)
    return header


def _check_header(header: JwsHeader, raw: bytes) -> None:
    if header.alg not in ALGORITHM_OF_NAME:
        raise JwsEncodingError(_refused_algorithm(header.alg), place="alg")
    texts = 1
    for name, member in ((header.kid, "kid"), (header.typ, "typ")):
        if name is not None:
            texts += 1
            _check_name(name, member=member)
    try:
        check_plain_members(raw, texts=texts)
    except KeyEncodingError as error:
        raise JwsEncodingError(error.message, place="header") from error


def _refused_algorithm(alg: str) -> str:
    if alg.lower() == "none":
        return "a text without a signature is not accepted"
    if alg.upper().startswith("HS"):
        return "HMAC is not accepted: whoever can check it can also forge it"
    return f"only {', '.join(ALGORITHM_OF_NAME)} are accepted"


def _refused_header(raw: bytes, error: msgspec.DecodeError) -> JwsEncodingError:
    """Say which member is not accepted and why; only headers already refused come here."""
    try:
        members = _MEMBER_NAMES.decode(raw)
    except (msgspec.DecodeError, RecursionError):
        return JwsEncodingError(f"not the header of a JWS: {error}", place="header")
    for member in members:
        if member in _REFUSED_MEMBERS:
            return JwsEncodingError(_REFUSED_MEMBERS[member], place=member)
    return JwsEncodingError(f"not alg, kid and typ alone: {error}", place="header")
