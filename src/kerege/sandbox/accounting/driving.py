# SPDX-License-Identifier: Apache-2.0
"""Driving a system through cases: what it is asked, what it must answer, why it failed.

Whatever answers is a stranger's: an answer may be anything, and is never believed to be JSON, a
number or an object before it was looked at.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final, Protocol
from urllib.parse import quote

import msgspec
from msgspec import Struct

from kerege.errors import KeregeError
from kerege.sandbox.accounting.case import Case, Step, resolve

__all__ = ["MAX_ANSWER_BYTES", "Answer", "CaseReport", "Line", "Unreachable", "run_case"]

MAX_ANSWER_BYTES: Final = 1024 * 1024
"""Of one answer: ours have a few hundred."""

_SHOWN: Final = 200


class Answer(Struct, frozen=True):
    """A status and the body that came with it."""

    status: int
    body: bytes


class Unreachable(KeregeError):
    """The system did not answer."""


class Line(Protocol):
    """How a system is asked."""

    def ask(self, method: str, path: str, body: bytes, media_type: str) -> Answer:
        """Its answer; raises `Unreachable`."""


class CaseReport(Struct, frozen=True, kw_only=True):
    """What became of a case: `step` is the number of the first step that failed (from 1; 0: the
    books could not be made), `fault` what was wrong there, `why` the rule it is about."""

    case: str
    title: str
    steps: int
    passed: bool
    step: int = 0
    deed: str = ""
    fault: str = ""
    why: str = ""


class _Failed(Exception):
    """A step did not come out as it must."""


_PATHS: Final[Mapping[str, str]] = {
    "invoice": "invoices",
    "ubl": "ubl-invoices",
    "credit-note": "credit-notes",
    "contract": "contracts",
    "pay": "payments",
    "refund": "refunds",
    "declare": "declarations",
    "remit": "remittances",
    "claim": "claims",
    "answer": "claim-runs",
}


def run_case(case: Case, line: Line, *, order: str) -> CaseReport:
    """Drive one case, until its first failure. Raises `MalformedCase` if the case is at fault.

    `order` is an order's id that was never used: a case that needs one of the payer's choosing
    calls it `$new-order`.
    """
    known: dict[str, Mapping[str, Any]] = {"new-order": {"id": order}}
    place, deed, why = 0, "books", "every case begins with a set of books of its own"
    try:
        books = _expect(_post(line, "/v1/books", case.books), {})
        base = f"/v1/books/{quote(_id_of(books), safe='')}"
        for number, step in enumerate(case.steps, 1):
            place, deed, why = number, step.do, step.why
            found = _take(step, base, known, line)
            if step.name:
                known[step.name] = {"id": _id_of(found), **found}
    except _Failed as failed:
        return _report(case, passed=False, step=place, deed=deed, fault=str(failed), why=why)
    except Unreachable as failed:
        fault = failed.message
        return _report(case, passed=False, step=place, deed=deed, fault=fault, why=why)
    return _report(case, passed=True)


def _report(case: Case, **members: Any) -> CaseReport:
    return CaseReport(case=case.name, title=case.title, steps=len(case.steps), **members)


def _take(
    step: Step, base: str, known: Mapping[str, Mapping[str, Any]], line: Line
) -> Mapping[str, Any]:
    sent = resolve(step.send, known)
    match step.do:
        case "look":
            answer = line.ask("GET", f"{base}/invoices/{_segment(sent, 'invoice')}", b"", "")
        case "look-contract":
            answer = line.ask("GET", f"{base}/contracts/{_segment(sent, 'contract')}", b"", "")
        case "firm":
            answer = line.ask("GET", f"{base}/firms/{_segment(sent, 'firm')}", b"", "")
        case "ubl":
            text = str(sent.get("xml", "")).encode()
            answer = line.ask("POST", f"{base}/ubl-invoices", text, "application/xml")
        case deed:
            answer = _post(line, f"{base}/{_PATHS[deed]}", sent)
    if step.refused:
        return _refused(answer, step.refused)
    return _expect(answer, resolve(step.expect, known))


def _segment(sent: Mapping[str, Any], member: str) -> str:
    return quote(str(sent.get(member, "")), safe="")


def _post(line: Line, path: str, sent: Mapping[str, Any]) -> Answer:
    return line.ask("POST", path, msgspec.json.encode(sent), "application/json")


def _refused(answer: Answer, code: str) -> Mapping[str, Any]:
    if not 400 <= answer.status < 500:
        raise _Failed(f"answered {answer.status}, must be refused as {code}")
    found = _object(answer)
    if found.get("code") != code:
        raise _Failed(f"refused as {_shown(found.get('code'))}, must be {code}")
    return found


def _expect(answer: Answer, expected: Mapping[str, Any]) -> Mapping[str, Any]:
    if answer.status not in (200, 201):
        raise _Failed(f"answered {answer.status}: {_told(answer)}")
    found = _object(answer)
    for fault in _differences(found, expected, ""):
        raise _Failed(fault)
    return found


def _object(answer: Answer) -> Mapping[str, Any]:
    try:
        found = msgspec.json.decode(answer.body[:MAX_ANSWER_BYTES])
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise _Failed("the answer is not JSON") from None
    if not isinstance(found, dict):
        raise _Failed("the answer is no JSON object")
    return found


def _id_of(found: Mapping[str, Any]) -> str:
    identity = found.get("id", "")
    if not isinstance(identity, str):
        raise _Failed("id is no text")
    return identity


def _differences(found: Any, expected: Any, place: str) -> Iterator[str]:
    """Where an answer does not have what it must; more than that it may have."""
    if isinstance(expected, dict):
        if not isinstance(found, dict):
            yield f"{place or 'the answer'} is {_shown(found)}, must be an object"
            return
        for member, value in expected.items():
            inner = f"{place}.{member}".lstrip(".")
            if member not in found:
                yield f"{inner} is missing"
            else:
                yield from _differences(found[member], value, inner)
    elif isinstance(expected, list):
        if not isinstance(found, list) or len(found) != len(expected):
            yield f"{place} is {_shown(found)}, must have {len(expected)} entries"
            return
        for index, value in enumerate(expected):
            yield from _differences(found[index], value, f"{place}[{index}]")
    elif type(found) is not type(expected) or found != expected:
        yield f"{place} is {_shown(found)}, must be {_shown(expected)}"


def _told(answer: Answer) -> str:
    try:
        found = msgspec.json.decode(answer.body[:MAX_ANSWER_BYTES])
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return _shown(answer.body[:_SHOWN].decode(errors="replace"))
    if isinstance(found, dict):
        told = " ".join(str(found.get(one, "")) for one in ("code", "place", "detail"))
        return _shown(told.strip())
    return _shown(found)


def _shown(value: Any) -> str:
    """Bounded, and without what could confuse a terminal."""
    text = value if isinstance(value, str) else repr(value)
    return "".join(one if one.isprintable() else "?" for one in text[:_SHOWN])
