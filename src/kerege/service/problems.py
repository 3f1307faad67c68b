# SPDX-License-Identifier: Apache-2.0
"""Answers that say no: problem details, RFC 9457, with a stable code and a remedy. Pure.

A node knows its problems by code, in a table that rooms extend; a handler raises `Problem` or any
`KeregeError` the node's table of kinds maps to a code. What is not in the tables is a fault of
ours, and an answer never tells more of that than its number in our logs.
"""

from collections.abc import Mapping
from types import MappingProxyType

from msgspec import Struct

from kerege.errors import KeregeError
from kerege.service.languages import DEFAULT_LANGUAGE

__all__ = ["PROBLEM_MEDIA_TYPE", "Problem", "ProblemDetails", "ProblemKind", "describe"]

PROBLEM_MEDIA_TYPE = "application/problem+json"

_TYPE_PREFIX = "urn:kerege:problem:"
_INSTANCE_PREFIX = "urn:kerege:answer:"


class ProblemKind(Struct, frozen=True):
    """One code: its HTTP status, and by language a title and what to do next."""

    status: int
    texts: Mapping[str, tuple[str, str]]


class ProblemDetails(Struct, frozen=True, omit_defaults=True):
    """The body of such an answer. Branch on `code`; the rest is for people.

    `title` and `remedy` are in the language of `Accept-Language` (kk, ru, else en); `detail` is
    in English, for developers, with `place` (a member, a header field) where there is one;
    `instance` finds the request in the node's logs.
    """

    type: str
    title: str
    status: int
    code: str
    detail: str = ""
    remedy: str = ""
    place: str = ""
    instance: str = ""


class Problem(KeregeError):
    """A request that is answered with the problem `code` of the node's table.

    `headers` go with the answer, for instance `Retry-After`.
    """

    def __init__(
        self,
        code: str,
        message: str = "",
        *,
        place: str = "",
        remedy: str = "",
        headers: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        """Take the code; `message` adds to the code's own text, in English."""
        super().__init__(message, place=place, remedy=remedy)
        self.code = code
        self.headers = dict(headers)


_MAX_DETAIL_CHARS = 400
_MAX_PLACE_CHARS = 200
"""A message may quote what was sent; an answer does not grow with it."""


def describe(
    code: str, kind: ProblemKind, error: KeregeError | None, *, language: str, answer_id: str
) -> ProblemDetails:
    """The details of problem `code`; `error` adds what was wrong with this very request."""
    title, remedy = kind.texts.get(language) or kind.texts[DEFAULT_LANGUAGE]
    return ProblemDetails(
        type=_TYPE_PREFIX + code,
        title=title,
        status=kind.status,
        code=code,
        detail=_shown(error.message, _MAX_DETAIL_CHARS) if error else "",
        remedy=remedy,
        place=_shown(error.place, _MAX_PLACE_CHARS) if error else "",
        instance=_INSTANCE_PREFIX + answer_id if answer_id else "",
    )


def _shown(text: str, chars: int) -> str:
    """Bounded, and without what could confuse a terminal or a log."""
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text[:chars])
