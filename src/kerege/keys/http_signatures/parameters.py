# SPDX-License-Identifier: Apache-2.0
"""The parameters of a signature: RFC 9421 section 2.3, all but `alg` required."""

import re
from dataclasses import dataclass
from typing import Final

from kerege.keys.http_signatures import limits
from kerege.keys.http_signatures.base import TAG
from kerege.keys.http_signatures.errors import HttpSignatureError, SignatureNotCurrentError
from kerege.keys.http_signatures.structured import InnerList

__all__ = ["Parameters", "check_current", "check_keyid", "check_nonce", "read_parameters"]

_NONCE = re.compile(rf"[A-Za-z0-9_-]{{{limits.MIN_NONCE_CHARS},{limits.MAX_NONCE_CHARS}}}")
_KEYID = re.compile(rf"[!#-\[\]-~]{{1,{limits.MAX_KEYID_CHARS}}}")
_KNOWN: Final = frozenset({"created", "expires", "nonce", "keyid", "tag", "alg"})


@dataclass(frozen=True, slots=True)
class Parameters:
    """Times in seconds since 1970; `alg` is `None` if the signer did not name it."""

    created_s: int
    expires_s: int
    nonce: str
    keyid: str
    alg: str | None


def check_nonce(nonce: str) -> None:
    """Raise `HttpSignatureError` unless `nonce` is 16 to 64 characters of base64url."""
    if _NONCE.fullmatch(nonce) is None:
        raise HttpSignatureError(
            f"{limits.MIN_NONCE_CHARS} to {limits.MAX_NONCE_CHARS} characters of base64url",
            place="nonce",
        )


def check_keyid(keyid: str) -> None:
    """Raise `HttpSignatureError` unless `keyid` is visible ASCII without quote and backslash."""
    if _KEYID.fullmatch(keyid) is None:
        raise HttpSignatureError(
            f"1 to {limits.MAX_KEYID_CHARS} visible ASCII characters, no quote and no backslash",
            place="keyid",
        )


def read_parameters(signature: InnerList) -> Parameters:
    """Return the parameters of a signature tagged as ours. Raises `HttpSignatureError`."""
    if unknown := sorted(signature.parameters.keys() - _KNOWN):
        raise HttpSignatureError("not a parameter accepted here", place=unknown[0])
    parameters = Parameters(
        created_s=_number(signature, "created"),
        expires_s=_number(signature, "expires"),
        nonce=_text(signature, "nonce"),
        keyid=_text(signature, "keyid"),
        alg=_text(signature, "alg") if "alg" in signature.parameters else None,
    )
    if _text(signature, "tag") != TAG:
        raise HttpSignatureError(f"a signature for {TAG} says so", place="tag")
    check_nonce(parameters.nonce)
    check_keyid(parameters.keyid)
    return parameters


def check_current(parameters: Parameters, *, now_s: int) -> None:
    """Raise `SignatureNotCurrentError` unless the signature holds at `now_s`."""
    created_s, expires_s = parameters.created_s, parameters.expires_s
    if not 0 < expires_s - created_s <= limits.MAX_VALIDITY_S:
        raise SignatureNotCurrentError(
            f"a signature holds 1 to {limits.MAX_VALIDITY_S} seconds", place="expires"
        )
    if created_s > now_s + limits.MAX_CLOCK_SKEW_S:
        raise SignatureNotCurrentError(
            f"made {created_s - now_s} s in the future", place="created", remedy="set the clock"
        )
    if now_s >= expires_s:
        raise SignatureNotCurrentError(
            f"over for {now_s - expires_s} s", place="expires", remedy="sign and send again"
        )


def _number(signature: InnerList, name: str) -> int:
    value = signature.parameters.get(name)
    if not isinstance(value, int):
        raise HttpSignatureError("a whole number is required", place=name)
    return value


def _text(signature: InnerList, name: str) -> str:
    value = signature.parameters.get(name)
    if not isinstance(value, str):
        raise HttpSignatureError("a string is required", place=name)
    return value
