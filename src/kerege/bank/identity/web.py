# SPDX-License-Identifier: Apache-2.0
"""Requests and answers of the identity provider, whatever serves HTTP. Pure.

The layer that serves copies method, query and form body as they came, and sends the answer back as
it is. Parameters are read here, so that all servers read them alike: each name once, ASCII only.
"""

import re
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import msgspec
from msgspec import Struct

from kerege.errors import KeregeError

__all__ = [
    "MAX_PARAMETERS",
    "MAX_PARAMETERS_BYTES",
    "Answer",
    "MalformedParameters",
    "error_answer",
    "json_answer",
    "read_parameters",
    "redirect_answer",
]

MAX_PARAMETERS_BYTES: Final = 8 * 1024
"""A query or form: a redirect URI, a state and a proof of possession fit several times."""

MAX_PARAMETERS: Final = 32
"""RFC 6749 and OpenID Connect define some twenty."""

# RFC 6749 appendix A: every parameter is of VSCHAR (%x20-7E) or fewer.
_VALUE: Final = re.compile(r"[\x20-\x7e]*", re.ASCII)
_NAME: Final = re.compile(r"[a-zA-Z0-9_.-]{1,64}", re.ASCII)
_NEVER_KEPT: Final = (("cache-control", "no-store"), ("pragma", "no-cache"))
_FOUND: Final = 303
"""RFC 9700 section 4.12: 303, for a browser sends the form on with 307 and may with 302."""


class MalformedParameters(KeregeError):
    """A query or form that cannot be read; `place` names the parameter."""


class Answer(Struct, frozen=True):
    """What to send back: status, headers in lower case, body."""

    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""

    @property
    def location(self) -> str:
        """Where the answer redirects to, or nothing."""
        return dict(self.headers).get("location", "")

    def json(self) -> Any:
        """The body of a JSON answer."""
        return msgspec.json.decode(self.body)


def read_parameters(text: str | bytes) -> dict[str, str]:
    """Read `application/x-www-form-urlencoded` text. Raises `MalformedParameters`.

    RFC 6749 section 3.1: "Request and response parameters MUST NOT be included more than once."
    """
    if len(text) > MAX_PARAMETERS_BYTES:
        raise MalformedParameters(f"more than {MAX_PARAMETERS_BYTES} bytes of parameters")
    try:
        plain = text.decode("ascii") if isinstance(text, bytes) else text
        pairs = parse_qsl(
            plain,
            keep_blank_values=True,
            strict_parsing=bool(plain),
            errors="strict",
            max_num_fields=MAX_PARAMETERS,
        )
    except ValueError:
        # Undecodable, too many or without "=": none of these is worth telling apart.
        raise MalformedParameters("not a list of parameters") from None
    return _once_each(pairs)


def _once_each(pairs: list[tuple[str, str]]) -> dict[str, str]:
    parameters: dict[str, str] = {}
    for name, value in pairs:
        if _NAME.fullmatch(name) is None:
            raise MalformedParameters("a parameter's name is letters and digits")
        if name in parameters:
            raise MalformedParameters("stands more than once", place=name)
        if _VALUE.fullmatch(value) is None:
            raise MalformedParameters("printable ASCII characters only", place=name)
        parameters[name] = value
    return parameters


def json_answer(
    content: Mapping[str, object], *, status: int = 200, headers: Mapping[str, str] | None = None
) -> Answer:
    """A JSON answer that no cache keeps."""
    fields = (("content-type", "application/json"), *_NEVER_KEPT, *(headers or {}).items())
    return Answer(status, fields, msgspec.json.encode(content))


def error_answer(error: str, description: str, *, status: int = 400) -> Answer:
    """An error of RFC 6749 section 5.2."""
    return json_answer({"error": error, "error_description": description}, status=status)


def redirect_answer(uri: str, parameters: Mapping[str, str]) -> Answer:
    """Send the browser to `uri` with more parameters in its query."""
    parts = urlsplit(uri)
    query = "&".join(text for text in (parts.query, urlencode(parameters)) if text)
    target = urlunsplit((parts.scheme, parts.netloc, parts.path, query, ""))
    return Answer(_FOUND, (("location", target), *_NEVER_KEPT))
