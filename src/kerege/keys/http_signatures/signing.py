# SPDX-License-Identifier: Apache-2.0
"""Sign a request: RFC 9421 section 3.1, in the profile of `docs/formats/request-signature.md`."""

from dataclasses import replace
from typing import Final

from kerege.keys.canonical_base64 import encode_base64
from kerege.keys.http_signatures.base import (
    ALGORITHM_NAMES,
    BODY_COMPONENTS,
    COVERED_IF_SENT,
    REQUIRED_COMPONENTS,
    TAG,
    content_digest,
    signature_base,
)
from kerege.keys.http_signatures.errors import HttpSignatureError
from kerege.keys.http_signatures.limits import MAX_VALIDITY_S
from kerege.keys.http_signatures.message import HttpRequest, component_value
from kerege.keys.http_signatures.parameters import check_keyid, check_nonce
from kerege.keys.private import SigningKey

__all__ = ["DEFAULT_VALIDITY_S", "sign_request"]

DEFAULT_VALIDITY_S: Final = 60
"""Longer than a request takes on its way, shorter than one that is kept to be sent again."""

_LABEL: Final = "kerege"
_ADDED: Final = frozenset({"content-digest", "signature-input", "signature"})


def sign_request(
    request: HttpRequest,
    key: SigningKey,
    *,
    keyid: str,
    nonce: str,
    created_s: int,
    validity_s: int = DEFAULT_VALIDITY_S,
) -> list[tuple[str, str]]:
    """Return the header fields to add to `request`, names in lower case.

    `nonce` is 16 to 64 characters of base64url that `keyid` has not used before; `created_s` is
    the time in seconds since 1970. The request must not change afterwards. Raises
    `HttpSignatureError` if the request, the names or the times do not fit the profile.
    """
    check_keyid(keyid)
    check_nonce(nonce)
    if key.public_key.algorithm not in ALGORITHM_NAMES:
        raise HttpSignatureError(f"requests are not signed with {key.public_key.algorithm}")
    if created_s < 0 or not 0 < validity_s <= MAX_VALIDITY_S:
        raise HttpSignatureError(f"a signature holds 1 to {MAX_VALIDITY_S} seconds")
    sent = {name.lower() for name, _ in request.headers}
    if present := sorted(_ADDED & sent):
        raise HttpSignatureError("added by signing, and there already", place=present[0])
    added = [("content-digest", content_digest(request.body))] if request.body else []
    whole = replace(request, headers=[*request.headers, *added])
    covered = _covered(whole, sent | {name for name, _ in added})
    components = " ".join(f'"{name}"' for name in covered)
    parameters = (
        f"({components});created={created_s};expires={created_s + validity_s}"
        f';nonce="{nonce}";keyid="{keyid}";tag="{TAG}"'
    )
    base = signature_base([(name, component_value(whole, name)) for name in covered], parameters)
    return [
        *added,
        ("signature-input", f"{_LABEL}={parameters}"),
        ("signature", f"{_LABEL}=:{encode_base64(key.sign(base))}:"),
    ]


def _covered(request: HttpRequest, sent: set[str]) -> list[str]:
    if request.body and (missing := [name for name in BODY_COMPONENTS if name not in sent]):
        raise HttpSignatureError("a body is sent with it", place=missing[0])
    return [*REQUIRED_COMPONENTS, *(name for name in COVERED_IF_SENT if name in sent)]
