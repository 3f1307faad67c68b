# SPDX-License-Identifier: Apache-2.0
"""Staff's routes of screening: lists in use, the queue of likenesses, what was decided.

A likeness opens no door and closes none by itself: who is like somebody listed waits until a member
of staff has looked. What is shown here is personal data; it is for the bank's own staff alone.
"""

import asyncio
from typing import Annotated, Any, Final, Literal

from litestar import Request, Router, delete, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import JSONBody, PathParameter, QueryParameter
from msgspec import Meta, Struct

from kerege.bank.http.staff import StaffMember
from kerege.bank.ownership import NothingHere
from kerege.bank.screening import Screening
from kerege.bank.screening_case import Case, CaseState, UnknownCase
from kerege.bank.screening_list import (
    MAX_LIST_BYTES,
    SanctionsList,
    read_csv_list,
    read_json_list,
)
from kerege.bank.screening_matching import Reason
from kerege.bank.screening_xml import read_xml_list
from kerege.bank.vault import NothingKept
from kerege.service import SIGNED, Gate, SignedRequests, StrictJson

__all__ = ["ListIn", "screening_routes"]

_BODY_BYTES: Final = 2 * MAX_LIST_BYTES
"""Letters of a list may take two bytes more as JSON text than they do in the list."""

_PAGE: Final = 200

_Staff = Request[StaffMember, Any, Any]
_ListName = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9-]*$(?!\n)", max_length=40)]
_ListPath = Annotated[str, PathParameter(pattern=r"^[a-z][a-z0-9-]*$", max_length=40)]
_CaseName = Annotated[str, PathParameter(pattern=r"^cse_[0-9a-f]{32}$")]
_After = Annotated[str, QueryParameter(pattern=r"^(cse_[0-9a-f]{32})?$", max_length=36)]
_Cursor = Annotated[str, Meta(pattern=r"^(cus_[0-9a-f]{32})?$(?!\n)", max_length=36)]


class ListIn(Struct, frozen=True, forbid_unknown_fields=True):
    """A list as text (docs/formats/screening-list.md). `name` and `version` are those of a CSV; of
    XML the name. `may_shrink`: it may lose more than half of its entries."""

    format: Literal["json", "csv", "xml"]
    text: Annotated[str, Meta(min_length=1)]
    name: _ListName = "list"
    version: Annotated[str, Meta(min_length=1, max_length=60)] = "1"
    may_shrink: bool = False


class ListChanged(Struct, frozen=True):
    """What loading changed, in numbers of entries."""

    name: str
    added: int
    changed: int
    removed: int


class ListView(Struct, frozen=True):
    """A list in use."""

    name: str
    version: str
    entries: int
    loaded_us: int


class AllLists(Struct, frozen=True):
    """Every list in use."""

    lists: list[ListView]


class LookAt(Struct, frozen=True, forbid_unknown_fields=True):
    """Look at the next customers behind `after`."""

    after: _Cursor = ""


class LookedAt(Struct, frozen=True):
    """How many were looked at, and cases that opened; `next` is the following `after`, empty at
    the end."""

    looked: int
    opened: int
    next: str = ""


class CaseLine(Struct, frozen=True):
    """A case in the queue; `score` of 1000."""

    case: str
    customer: str
    list: str
    entry: str
    score: int
    state: str
    opened_us: int
    decided_by: str = ""


class Queue(Struct, frozen=True):
    """Open cases, oldest first."""

    cases: list[CaseLine]


class WholeCase(Struct, frozen=True):
    """All a person needs to decide: who, whom they are like, by which name and why."""

    case: CaseLine
    name: str
    birth_date: str
    listed_names: tuple[str, ...]
    listed_births: tuple[str, ...]
    listed_note: str
    alike: str
    reasons: tuple[Reason, ...]
    note: str


class DecisionIn(Struct, frozen=True, forbid_unknown_fields=True):
    """`cleared`: somebody else. `confirmed`: the same, who is blocked."""

    decision: Literal["cleared", "confirmed"]
    note: Annotated[str, Meta(max_length=1_000)] = ""


def screening_routes(screening: Screening, gate: Gate[StaffMember]) -> Router:
    """`gate` knows the staff's keys."""
    return Router(
        "/v1/staff/screening",
        route_handlers=[*_list_routes(screening), *_case_routes(screening)],
        middleware=[SignedRequests.of(gate)],
        tags=["staff"],
        security=[SIGNED],
    )


def _list_routes(screening: Screening) -> list[HTTPRouteHandler]:
    def load(given: ListIn) -> ListChanged:
        read = _read(given)
        done = screening.load(read, may_shrink=given.may_shrink)
        return ListChanged(read.name, done.added, done.changed, done.removed)

    @post(
        "/lists",
        dto=StrictJson,
        status_code=200,
        request_max_body_size=_BODY_BYTES,
        summary="Load a list",
    )
    async def load_list(request: _Staff, data: JSONBody[ListIn]) -> ListChanged:
        """In place of the one of its name; then look at everybody (`/looks`)."""
        del request
        return await asyncio.to_thread(load, data)

    @get("/lists", summary="Lists in use")
    async def show_lists(request: _Staff) -> AllLists:
        """With their versions."""
        del request
        found = await asyncio.to_thread(screening.lists)
        return AllLists([ListView(o.name, o.version, o.entries, o.loaded_us) for o in found])

    @delete("/lists/{name:str}", status_code=204, summary="Take a list out of use")
    async def drop_list(request: _Staff, name: _ListPath) -> None:
        """Open cases about it lapse."""
        del request
        if not await asyncio.to_thread(screening.drop, name):
            raise NothingHere("list")

    @post("/looks", dto=StrictJson, status_code=200, summary="Look at customers again")
    async def look(request: _Staff, data: JSONBody[LookAt]) -> LookedAt:
        """The next two hundred, until `next` is empty."""
        del request
        done = await asyncio.to_thread(screening.rescreen, data.after, limit=_PAGE)
        return LookedAt(done.looked, done.opened, done.cursor or "")

    return [load_list, show_lists, drop_list, look]


def _case_routes(screening: Screening) -> list[HTTPRouteHandler]:
    @get("/cases", summary="Likenesses to decide")
    async def show_queue(request: _Staff, after: _After = "") -> Queue:
        """Oldest first; the next page is `after` the last one's id."""
        del request
        return Queue([_line(one) for one in await asyncio.to_thread(screening.queue, after)])

    @get("/cases/{case:str}", summary="One likeness, explained")
    async def show_case(request: _Staff, case: _CaseName) -> WholeCase:
        """Personal data: for whoever decides."""
        del request
        return await asyncio.to_thread(_whole, screening, case)

    @post(
        "/cases/{case:str}/decision",
        dto=StrictJson,
        status_code=200,
        summary="Decide a likeness",
    )
    async def decide(request: _Staff, case: _CaseName, data: JSONBody[DecisionIn]) -> CaseLine:
        """In the name of whoever signed the request; it stands until name or entry change."""

        def decided() -> Case:
            by, decision = request.user.id, CaseState(data.decision)
            try:
                return screening.decide(case, decision, by=by, note=data.note)
            except (UnknownCase, NothingKept):
                raise NothingHere("case") from None

        return _line(await asyncio.to_thread(decided))

    return [show_queue, show_case, decide]


def _read(given: ListIn) -> SanctionsList:
    """Raises `MalformedList`."""
    data = given.text.encode()
    match given.format:
        case "json":
            return read_json_list(data)
        case "csv":
            return read_csv_list(data, name=given.name, version=given.version)
        case "xml":
            return read_xml_list(data, name=given.name)


def _whole(screening: Screening, case: str) -> WholeCase:
    try:
        view = screening.show(case)
    except (UnknownCase, NothingKept):
        raise NothingHere("case") from None
    entry, hit = view.entry, view.hit
    return WholeCase(
        case=_line(view.case),
        name=view.data.name,
        birth_date=view.data.birth_date,
        listed_names=entry.names if entry else (),
        listed_births=entry.birth_dates if entry else (),
        listed_note=entry.note if entry else "",
        alike=hit.name if hit else "",
        reasons=hit.reasons if hit else (),
        note=view.note,
    )


def _line(case: Case) -> CaseLine:
    return CaseLine(
        case=case.id,
        customer=case.customer,
        list=case.list_name,
        entry=case.entry,
        score=case.score,
        state=case.state.value,
        opened_us=case.opened_us,
        decided_by=case.decided_by or "",
    )
