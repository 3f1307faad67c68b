# SPDX-License-Identifier: Apache-2.0
"""A request as signer and verifier both see it, and the values of its components.

RFC 9421 section 2, narrowed: what servers, proxies and frameworks are known to read in two ways
(a field sent twice, a folded line, dot segments) is refused instead of normalised.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from kerege.keys.http_signatures import limits
from kerege.keys.http_signatures.errors import HttpSignatureError

__all__ = ["HttpRequest", "component_value", "find_field"]

_METHOD = re.compile(r"[A-Z]+")
_AUTHORITY = re.compile(r"(?:[a-z0-9._-]+|\[[0-9a-f:.]+\])(?::[1-9][0-9]{0,4})?")
_PATH_CHARS = r"(?:[A-Za-z0-9._~!$&'()*+,;=:@/-]|%[0-9A-Fa-f]{2})"
_PATH = re.compile(rf"/{_PATH_CHARS}*")
_QUERY = re.compile(rf"(?:{_PATH_CHARS}|\?)*")
_VALUE = re.compile(r"[ -~]*")
_DOT_SEGMENTS = frozenset({".", ".."})


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """A request, with its target and header fields as they are on the wire.

    `authority` is host and port as in `Host`, without the scheme's default port; `path` and
    `query` are still percent-encoded, `query` without its question mark and empty if there is
    none. `headers` are pairs of name and value, in order, one for each line. `body` is what was
    sent, after transfer coding and before content coding is undone.
    """

    method: str
    authority: str
    path: str
    query: str
    headers: Sequence[tuple[str, str]]
    body: bytes


def component_value(request: HttpRequest, name: str) -> str:
    """Return the value of the component `name`, a header field or one of four derived components.

    Raises `HttpSignatureError` with the component.
    """
    if not name.startswith("@"):
        value = find_field(request, name, max_chars=limits.MAX_FIELD_CHARS)
        if value is None:
            raise HttpSignatureError("covered by the signature, but not in the request", place=name)
        return value
    match name:
        case "@method":
            return _checked(request.method, _METHOD, limits.MAX_METHOD_CHARS, place=name)
        case "@authority":
            authority = request.authority.lower()
            return _checked(authority, _AUTHORITY, limits.MAX_AUTHORITY_CHARS, place=name)
        case "@path":
            return _path(request.path)
        case "@query":
            # RFC 9421 section 2.2.7: an absent query is a question mark alone.
            return "?" + _checked(request.query, _QUERY, limits.MAX_QUERY_CHARS, place=name)
        case _:
            raise HttpSignatureError(
                "not a component accepted here",
                place=name,
                remedy="cover @method, @authority, @path, @query and header fields",
            )


def find_field(request: HttpRequest, name: str, *, max_chars: int) -> str | None:
    """Return the value of the header field `name`, without spaces around it; `None` if absent.

    A field on two lines is refused: one reader takes the first, another the last, a third joins
    them. Raises `HttpSignatureError`.
    """
    if len(request.headers) > limits.MAX_FIELDS:
        raise HttpSignatureError(f"at most {limits.MAX_FIELDS} header fields", place="headers")
    found = [value for given, value in request.headers if given.lower() == name]
    if not found:
        return None
    if len(found) > 1:
        raise HttpSignatureError("sent more than once", place=name)
    return _checked(found[0].strip(" \t"), _VALUE, max_chars, place=name)


def _path(path: str) -> str:
    checked = _checked(path, _PATH, limits.MAX_PATH_CHARS, place="@path")
    segments = checked.lower().replace("%2e", ".").split("/")
    if not _DOT_SEGMENTS.isdisjoint(segments):
        raise HttpSignatureError("no dot segments: routers disagree on them", place="@path")
    return checked


def _checked(value: str, pattern: re.Pattern[str], max_chars: int, *, place: str) -> str:
    if len(value) > max_chars:
        raise HttpSignatureError(f"at most {max_chars} characters", place=place)
    if pattern.fullmatch(value) is None:
        raise HttpSignatureError("characters that do not belong here", place=place)
    return value
