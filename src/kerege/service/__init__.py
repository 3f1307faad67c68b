# SPDX-License-Identifier: Apache-2.0
"""What every node's HTTP has in common. A bank's and the core's interfaces are built on it.

>>> from litestar import post
>>> from litestar.params import JSONBody
>>> from msgspec import Struct
>>> from kerege.runtime import IdMaker, SystemClock, SystemRandomness
>>> from kerege.service import Metrics, Problem, StrictJson, build_app
>>> class Hello(Struct, forbid_unknown_fields=True):
...     name: str
>>> @post("/v1/hello", dto=StrictJson, status_code=200)
... async def hello(data: JSONBody[Hello]) -> Hello:
...     if not data.name:
...         raise Problem("request_invalid", "say who you are", place="name")
...     return data
>>> ids = IdMaker(SystemClock(), SystemRandomness())
>>> app = build_app([hello], title="Hello", description="", ids=ids, metrics=Metrics())

* `Server(app, listen_on("127.0.0.1:0")).run()` serves it until SIGTERM, `with serving(server) as
  url:` in a thread.
* Institutions sign: `Router(middleware=[SignedRequests.of(gate)], security=[SIGNED])`; then
  `request.user` is the caller, `request.auth` what was signed. Raise `Problem(code, ...)` to
  refuse; `Answering(kinds, codes)` adds a room's own problems and gives its `KeregeError`s codes.
* `Rates` and `require_rate` limit, `required_key` reads an Idempotency-Key, `stream_events` and
  `long_poll` tell events by cursor, `Bell` wakes them.
* `NodeClient` calls another node.
"""

from kerege.service.answering import Answering, Codes
from kerege.service.app import BODY_BYTES, build_app
from kerege.service.bell import Bell
from kerege.service.bodies import StrictJson, decode_json
from kerege.service.calling import (
    REPEATABLE,
    Caller,
    Callers,
    Gate,
    SignedRequests,
    limit_addresses,
    require_rate,
)
from kerege.service.client import AnswerMalformed, NodeClient, Refused, Unreachable
from kerege.service.events import (
    EventPage,
    Streams,
    Told,
    last_event_id,
    long_poll,
    stream_events,
)
from kerege.service.front import Front
from kerege.service.idempotency import required_key
from kerege.service.languages import LANGUAGES, choose_language
from kerege.service.logs import configure_logs, get_log, log_fault
from kerege.service.metrics import Metrics
from kerege.service.openapi import BEARER, SIGNED
from kerege.service.problem_kinds import PROBLEM_KINDS
from kerege.service.problems import (
    PROBLEM_MEDIA_TYPE,
    Problem,
    ProblemDetails,
    ProblemKind,
)
from kerege.service.rates import Rates
from kerege.service.running import Listening, Server, listen_on, serving
from kerege.service.straight import ReadBody, StraightRoute, header_of, require_json

__all__ = [
    "BEARER",
    "BODY_BYTES",
    "LANGUAGES",
    "PROBLEM_KINDS",
    "PROBLEM_MEDIA_TYPE",
    "REPEATABLE",
    "SIGNED",
    "AnswerMalformed",
    "Answering",
    "Bell",
    "Caller",
    "Callers",
    "Codes",
    "EventPage",
    "Front",
    "Gate",
    "Listening",
    "Metrics",
    "NodeClient",
    "Problem",
    "ProblemDetails",
    "ProblemKind",
    "Rates",
    "ReadBody",
    "Refused",
    "Server",
    "SignedRequests",
    "StraightRoute",
    "Streams",
    "StrictJson",
    "Told",
    "Unreachable",
    "build_app",
    "choose_language",
    "configure_logs",
    "decode_json",
    "get_log",
    "header_of",
    "last_event_id",
    "limit_addresses",
    "listen_on",
    "log_fault",
    "long_poll",
    "require_json",
    "require_rate",
    "required_key",
    "serving",
    "stream_events",
]
