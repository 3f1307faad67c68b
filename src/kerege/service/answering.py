# SPDX-License-Identifier: Apache-2.0
"""From an exception to an answer: Litestar's handlers for every kind there is.

A `Problem` is answered as it says; other `KeregeError`s by the node's table of kinds; Litestar's
own by their status. All else is a fault of ours: 500, its trace in our logs, nothing of it outside.
"""

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final

import msgspec
from litestar import Request, Response
from litestar.exceptions import HTTPException, ValidationException
from litestar.types import ExceptionHandlersMap

from kerege.errors import KeregeError
from kerege.keys import (
    InvalidSignatureError,
    JwsEncodingError,
    KeyEncodingError,
)
from kerege.keys.http_signatures import (
    HttpSignatureError,
    NoncesExhaustedError,
    ReplayedRequestError,
    SignatureNotCurrentError,
)
from kerege.ledger import StoreFailed
from kerege.payments import MalformedDocument, MalformedName
from kerege.service.languages import choose_language
from kerege.service.logs import log_fault
from kerege.service.problem_kinds import PROBLEM_KINDS
from kerege.service.problems import (
    PROBLEM_MEDIA_TYPE,
    Problem,
    ProblemDetails,
    ProblemKind,
    describe,
)

__all__ = ["ERROR_CODES", "Answering", "Codes", "answer_id_of"]

Codes = Mapping[Any, str]
"""A problem's code by an error's own."""

ERROR_CODES: Final[Mapping[type[KeregeError], str]] = MappingProxyType(
    {
        HttpSignatureError: "signature_missing",
        InvalidSignatureError: "signature_invalid",
        SignatureNotCurrentError: "signature_not_current",
        ReplayedRequestError: "signature_replayed",
        NoncesExhaustedError: "too_many_requests",
        MalformedName: "request_invalid",
        MalformedDocument: "request_invalid",
        JwsEncodingError: "request_invalid",
        KeyEncodingError: "request_invalid",
        StoreFailed: "unavailable",
    }
)
"""By class of error, or of one it derives from. One that is not here is answered 500: its message
was not written for strangers."""

_BY_STATUS: Final = MappingProxyType(
    {
        400: "request_invalid",
        401: "sign_in_required",
        403: "not_allowed",
        404: "not_found",
        405: "method_not_allowed",
        408: "request_too_slow",
        413: "body_too_large",
        414: "address_too_long",
        415: "media_type_wrong",
        429: "too_many_requests",
        431: "headers_too_large",
        503: "unavailable",
    }
)

_GONE: Final = "client disconnected"

_CHALLENGES: Final = MappingProxyType(
    {
        "sign_in_required": "Bearer",
        "signature_missing": "Signature",
        "signature_invalid": "Signature",
        "signature_not_current": "Signature",
        "signature_replayed": "Signature",
    }
)
"""RFC 9110 section 15.5.2 wants a challenge with every 401."""


class Answering:
    """What a node's exceptions are answered with."""

    def __init__(
        self,
        kinds: Mapping[str, ProblemKind] = MappingProxyType({}),
        codes: Mapping[type[KeregeError], str | Codes] = MappingProxyType({}),
    ) -> None:
        """Add a room's own `kinds` and `codes` to those of every node.

        An error whose class has a table instead of a code says itself which: by its `code`.
        """
        self._kinds = {**PROBLEM_KINDS, **kinds}
        self._codes: dict[type[KeregeError], str | Codes] = {**ERROR_CODES, **codes}
        unknown = sorted(set(_all_codes(self._codes.values())) - set(self._kinds))
        if unknown:
            raise ValueError(f"codes without a text: {', '.join(unknown)}")

    @property
    def handlers(self) -> ExceptionHandlersMap:
        """For Litestar's `exception_handlers`."""
        return {HTTPException: self.answer, Exception: self.answer}

    def answer(self, request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
        """The answer to `request` that ended in `error`."""
        problem = self.problem_of(error)
        if problem.code == "internal_error":
            log_fault(error, answer=answer_id_of(request.scope))
        details = self.details_of(
            problem, request.headers.get("accept-language", ""), request.scope
        )
        return Response(
            msgspec.json.encode(details),
            status_code=details.status,
            media_type=PROBLEM_MEDIA_TYPE,
            headers=headers_of(problem),
        )

    def details_of(
        self, problem: Problem, accept_language: str, scope: Mapping[str, Any]
    ) -> ProblemDetails:
        """The body of the answer to the request of `scope`."""
        return describe(
            problem.code,
            self._kinds[problem.code],
            problem,
            language=choose_language(accept_language),
            answer_id=answer_id_of(scope),
        )

    def problem_of(self, error: Exception) -> Problem:
        """What `error` is to the client."""
        if isinstance(error, Problem) and error.code in self._kinds:
            return error
        if isinstance(error, KeregeError):
            return self._problem_of_ours(error)
        if isinstance(error, HTTPException):
            return _problem_of_framework(error)
        return Problem("internal_error")

    def _problem_of_ours(self, error: KeregeError) -> Problem:
        codes = (self._codes[kind] for kind in type(error).__mro__ if kind in self._codes)
        code = next(codes, "internal_error")
        if not isinstance(code, str):
            code = code.get(getattr(error, "code", ""), "internal_error")
        if self._kinds[code].status >= 500:
            # Where our database is and what ails it is not for strangers.
            return Problem(code)
        return Problem(code, error.message, place=error.place)


def _all_codes(values: Iterable[str | Codes]) -> Iterator[str]:
    for value in values:
        yield from [value] if isinstance(value, str) else value.values()


def _problem_of_framework(error: HTTPException) -> Problem:
    if error.detail.startswith(_GONE):
        # Nobody reads the answer; it is no fault of ours, whatever its status.
        return Problem("request_too_slow")
    code = _BY_STATUS.get(error.status_code, "")
    if not code:
        code = "internal_error" if error.status_code >= 500 else "request_invalid"
    message, place = "", ""
    if isinstance(error, ValidationException) and isinstance(error.extra, list) and error.extra:
        first = error.extra[0]
        message, place = str(first.get("message", "")), str(first.get("key", ""))
    return Problem(code, message, place=place, headers=dict(error.headers or {}))


def headers_of(problem: Problem) -> dict[str, str]:
    """Header fields of the answer, besides those of its body."""
    headers = {"cache-control": "no-store", **problem.headers}
    if problem.code in _CHALLENGES:
        headers.setdefault("www-authenticate", _CHALLENGES[problem.code])
    return headers


def answer_id_of(scope: Mapping[str, Any]) -> str:
    """The request's number in our logs; empty without `Front`."""
    state: Mapping[str, Any] = scope.get("state") or {}
    return str(state.get("answer_id", ""))
