# SPDX-License-Identifier: Apache-2.0
"""Verify a request: RFC 9421 section 3.2, in the profile of `docs/formats/request-signature.md`.

Pure but for the two interfaces it is handed: the register of keys and the memory for nonces.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from kerege.keys.errors import InvalidSignatureError
from kerege.keys.http_signatures import limits
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
from kerege.keys.http_signatures.message import HttpRequest, component_value, find_field
from kerege.keys.http_signatures.nonces import NonceStore
from kerege.keys.http_signatures.parameters import Parameters, check_current, read_parameters
from kerege.keys.http_signatures.structured import (
    InnerList,
    parse_byte_sequences,
    parse_inner_lists,
)
from kerege.keys.public import PublicKey

__all__ = ["VerifiedHead", "VerifiedRequest", "verify_head", "verify_request"]


@dataclass(frozen=True, slots=True)
class VerifiedRequest:
    """What the holder of `keyid` signed: act on this, not on the request it was read from.

    `headers` has the covered header fields alone, names in lower case. Times are in seconds since
    1970. `body` is the one whose digest is covered.
    """

    keyid: str
    created_s: int
    expires_s: int
    nonce: str
    method: str
    authority: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class VerifiedHead:
    """A request whose signature holds, its body not read yet: only a key's holder gets this far."""

    parameters: Parameters
    values: Mapping[str, str]
    """What was covered, by component."""

    @property
    def keyid(self) -> str:
        """Whose request it is."""
        return self.parameters.keyid

    @property
    def authority(self) -> str:
        """The node it was signed for."""
        return self.values["@authority"]

    def take_body(self, body: bytes, *, nonces: NonceStore, now_s: int) -> VerifiedRequest:
        """Return what was signed, once. Raises as the second half of `verify_request` does."""
        _check_body(body, self.values)
        # A clock may be set back by as much as clocks may differ, and the request be current again.
        until_s = self.parameters.expires_s + limits.MAX_CLOCK_SKEW_S
        nonces.claim(keyid=self.keyid, nonce=self.parameters.nonce, until_s=until_s, now_s=now_s)
        return _verified(self.parameters, self.values, body)


def verify_request(
    request: HttpRequest,
    *,
    find_key: Callable[[str], PublicKey | None],
    nonces: NonceStore,
    now_s: int,
) -> VerifiedRequest:
    """Return what was signed, once: a second call with the same request raises.

    `find_key` gives the key registered under a `keyid`, or `None`; `now_s` is the time in seconds
    since 1970. Raises, in this order, `HttpSignatureError` for a request that is not signed in
    full, `SignatureNotCurrentError`, `HttpSignatureError` for a key not registered,
    `InvalidSignatureError`, `HttpSignatureError` for another body than was signed,
    `ReplayedRequestError` and `NoncesExhaustedError`. A nonce is claimed only by its key's holder.
    """
    head = verify_head(request, has_body=bool(request.body), find_key=find_key, now_s=now_s)
    return head.take_body(request.body, nonces=nonces, now_s=now_s)


def verify_head(
    request: HttpRequest,
    *,
    has_body: bool,
    find_key: Callable[[str], PublicKey | None],
    now_s: int,
) -> VerifiedHead:
    """The first half of `verify_request`, before a body is read: strangers then cannot make a
    node keep bodies. `has_body` is whether one is announced; `request.body` is not looked at.
    """
    signed, signature = _our_signature(request)
    parameters = read_parameters(signed)
    _check_covered(request, signed, has_body=has_body)
    values = {name: component_value(request, name) for name in signed.components}
    check_current(parameters, now_s=now_s)
    key = _registered_key(parameters, find_key)
    key.verify(signature_base(values.items(), signed.text), signature)
    return VerifiedHead(parameters, MappingProxyType(values))


def _our_signature(request: HttpRequest) -> tuple[InnerList, bytes]:
    """Find the one signature tagged as ours; others may be a proxy's and are not looked at."""
    inputs = parse_inner_lists(
        _field(request, "signature-input", limits.MAX_SIGNATURE_INPUT_CHARS),
        field="signature-input",
    )
    signatures = parse_byte_sequences(
        _field(request, "signature", limits.MAX_SIGNATURE_CHARS), field="signature"
    )
    if inputs.keys() != signatures.keys():
        raise HttpSignatureError("not the labels of signature-input", place="signature")
    ours = [label for label, signed in inputs.items() if signed.parameters.get("tag") == TAG]
    if len(ours) != 1:
        raise HttpSignatureError(
            f"one signature has the tag {TAG}, not {len(ours)}", place="signature-input"
        )
    return inputs[ours[0]], signatures[ours[0]]


def _field(request: HttpRequest, name: str, max_chars: int) -> str:
    value = find_field(request, name, max_chars=max_chars)
    if value is None:
        raise HttpSignatureError("missing: requests here are signed", place=name)
    return value


def _check_covered(request: HttpRequest, signed: InnerList, *, has_body: bool) -> None:
    sent = {name.lower() for name, _ in request.headers}
    wanted = [*REQUIRED_COMPONENTS, *(name for name in COVERED_IF_SENT if name in sent)]
    if has_body:
        wanted += BODY_COMPONENTS
    for name in wanted:
        if name not in signed.components:
            raise HttpSignatureError("not covered by the signature", place=name)


def _registered_key(
    parameters: Parameters, find_key: Callable[[str], PublicKey | None]
) -> PublicKey:
    key = find_key(parameters.keyid)
    if key is None:
        raise HttpSignatureError("no key is registered under this name", place="keyid")
    name = ALGORITHM_NAMES.get(key.algorithm)
    if name is None or parameters.alg not in (None, name):
        raise InvalidSignatureError("the key is of another algorithm", place="alg")
    return key


def _check_body(body: bytes, values: Mapping[str, str]) -> None:
    """The digest is compared as text: it has one writing, and SHA-256 is the only one accepted."""
    covered = values.get("content-digest")
    if covered is None and body:
        raise HttpSignatureError("not covered by the signature", place="content-digest")
    if covered is not None and covered != content_digest(body):
        raise HttpSignatureError(
            "not the body's", place="content-digest", remedy="send sha-256 alone (RFC 9530)"
        )


def _verified(parameters: Parameters, values: Mapping[str, str], body: bytes) -> VerifiedRequest:
    headers = {name: value for name, value in values.items() if not name.startswith("@")}
    return VerifiedRequest(
        keyid=parameters.keyid,
        created_s=parameters.created_s,
        expires_s=parameters.expires_s,
        nonce=parameters.nonce,
        method=values["@method"],
        authority=values["@authority"],
        path=values["@path"],
        query=values["@query"].removeprefix("?"),
        headers=MappingProxyType(headers),
        body=body,
    )
