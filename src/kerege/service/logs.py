# SPDX-License-Identifier: Apache-2.0
"""Logs as JSON lines, without personal data: only what is on a list gets through.

Call `configure_logs` once, where a process starts. Events name what happened in words that do not
change (`request`, `fault`, `integrated`), everything variable is a field. A field that is not in
`FIELDS` is dropped and its name told, so that nobody logs a name, a phone number or a query by
mistake. Of what libraries log we keep who, where and how grave, not the message: it may quote
anything.
"""

import logging
import re
import sys
import traceback
from collections.abc import Callable, MutableMapping
from typing import Any, Final, TextIO

import msgspec
import structlog

from kerege.errors import KeregeError

__all__ = [
    "FIELDS",
    "configure_logs",
    "get_log",
    "keep_listed",
    "log_fault",
    "log_request",
    "silence_logs",
]

FIELDS: Final = frozenset(
    {
        "answer",
        "attempt",
        "bank",
        "batch",
        "bytes",
        "code",
        "count",
        "cursor",
        "error",
        "event",
        "frames",
        "institution",
        "level",
        "logger",
        "mark",
        "method",
        "ms",
        "node",
        "port",
        "programme",
        "role",
        "route",
        "seconds",
        "size",
        "status",
        "time",
        "version",
    }
)
"""What a line may hold. `route` is the template (`/v1/wallets/{wallet}`), never the address asked
for; `institution` a bank's name, never a person's."""

_MAX_CHARS: Final = 200
_MAX_FRAMES: Final = 12
_FINE: Final = re.compile(r"[\w .,:;/{}()<>=*'%+-]*")

_Event = MutableMapping[str, Any]

_log: list[Any] = []
"""The log, once it is configured."""

_requests: "list[_RequestLines]" = []
"""What writes a line for each request, once it is configured and wanted."""


def silence_logs() -> None:
    """Undo `configure_logs`: log nothing."""
    _log.clear()
    _requests.clear()


def configure_logs(
    *, now_us: Callable[[], int], stream: TextIO | None = None, level: int = logging.INFO
) -> None:
    """Send our events and those of libraries to `stream` (stderr) as JSON lines."""
    chosen = stream or sys.stderr
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            keep_listed,
            _Stamp(now_us),
            _as_line,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(chosen),
        cache_logger_on_first_use=False,
    )
    silence_logs()
    # Bound once: to find out how it is configured costs as much as to log.
    _log.append(structlog.get_logger().bind())
    if level <= logging.INFO:
        _requests.append(_RequestLines(chosen, now_us))
    root = logging.getLogger()
    root.handlers = [_ToStructlog()]
    root.setLevel(max(level, logging.WARNING))


def get_log() -> Any:
    """The log: `get_log().info("event", count=3)`. Silent until `configure_logs`."""
    return _log[0] if _log else _SILENCE


def log_request(
    *, answer: str, method: str, route: str, status: int, ms: float, institution: str
) -> None:
    """Log that a request was answered, as `get_log().info("request", ...)` would: there is a line
    for each, and the processors of a log take as long as a payment."""
    if _requests:
        _requests[0].write(answer, method, route, status, ms, institution)


def log_fault(error: BaseException, *, answer: str = "") -> None:
    """Log an exception: its class and where it came from, never its message.

    A message may quote what somebody sent; frames hold names of ours alone.
    """
    frames = [
        f"{frame.name} {frame.filename.rpartition('/')[2]}:{frame.lineno}"
        for frame in traceback.extract_tb(error.__traceback__)[-_MAX_FRAMES:]
    ]
    code = "caller_or_surroundings" if isinstance(error, KeregeError) else "ours"
    get_log().error("fault", error=type(error).__name__, code=code, frames=frames, answer=answer)


def keep_listed(_logger: Any, _method: str, event: _Event) -> _Event:
    """A structlog processor: drop fields that are not listed, bound and clean the rest."""
    kept: dict[str, Any] = {name: _clean(event[name]) for name in event if name in FIELDS}
    if dropped := len(event) - len(kept):
        kept["dropped"] = dropped
    return kept


def _clean(value: Any) -> Any:
    if isinstance(value, (bool, int, float, type(None))):
        return value
    if isinstance(value, (list, tuple)):
        return [_clean(item) for item in value[:_MAX_FRAMES]]
    text = str(value)[:_MAX_CHARS]
    return text if _FINE.fullmatch(text) else "(hidden)"


def _as_line(_logger: Any, _method: str, event: _Event) -> str:
    return msgspec.json.encode(event, order="sorted").decode()


def _drop(_logger: Any, _method: str, event: _Event) -> _Event:
    raise structlog.DropEvent


_SILENCE: Final = structlog.wrap_logger(
    structlog.ReturnLogger(),
    processors=[_drop],
    wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
)


class _RequestLines:
    def __init__(self, stream: TextIO, now_us: Callable[[], int]) -> None:
        self._stream = stream
        self._now_us = now_us

    def write(
        self, answer: str, method: str, route: str, status: int, ms: float, institution: str
    ) -> None:
        line = {
            "answer": answer,
            "event": "request",
            "institution": _clean(institution),
            "level": "info",
            "method": _clean(method),
            "ms": ms,
            "route": _clean(route),
            "status": status,
            "time": self._now_us(),
        }
        self._stream.write(msgspec.json.encode(line).decode() + "\n")
        self._stream.flush()


class _Stamp:
    def __init__(self, now_us: Callable[[], int]) -> None:
        self._now_us = now_us

    def __call__(self, _logger: Any, _method: str, event: _Event) -> _Event:
        event["time"] = self._now_us()
        return event


class _ToStructlog(logging.Handler):
    """What libraries log."""

    def emit(self, record: logging.LogRecord) -> None:
        fields: dict[str, Any] = {
            "logger": record.name,
            "frames": [f"{record.funcName} {record.filename}:{record.lineno}"],
        }
        if record.exc_info and record.exc_info[0]:
            fields["error"] = record.exc_info[0].__name__
        get_log().log(record.levelno, "library", **fields)
