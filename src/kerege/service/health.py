# SPDX-License-Identifier: Apache-2.0
"""Health and metrics: `/health/live`, `/health/ready`, `/metrics`.

Live: the process answers. Ready: what it needs works, each checked in turn, in a thread, within
`CHECK_S`. A check's name is ours; why it fails is in the logs.
"""

import asyncio
from collections.abc import Callable, Mapping
from typing import Final

from litestar import Response, Router, get
from litestar.openapi import ResponseSpec
from msgspec import Struct

from kerege.errors import KeregeError
from kerege.service.logs import log_fault
from kerege.service.metrics import METRICS_MEDIA_TYPE, Metrics

__all__ = ["Health", "health_routes"]

CHECK_S: Final = 2.0
"""An orchestrator asks every few seconds; a database that takes longer is not ready."""

_UNAVAILABLE: Final = 503


class Health(Struct, frozen=True):
    """`ready`, and by name whether each thing needed works."""

    ready: bool
    checks: dict[str, bool] = {}


def health_routes(metrics: Metrics, checks: Mapping[str, Callable[[], object]]) -> Router:
    """The routes; `checks` raise `KeregeError` or `OSError` if what they look at does not work."""

    @get("/health/live", summary="Whether the process answers")
    async def live() -> Health:
        return Health(ready=True)

    @get(
        "/health/ready",
        summary="Whether everything needed works",
        responses={_UNAVAILABLE: ResponseSpec(Health, description="Something does not work.")},
    )
    async def ready() -> Response[Health]:
        works = {name: await _works(check) for name, check in checks.items()}
        is_ready = all(works.values())
        return Response(Health(is_ready, works), status_code=200 if is_ready else _UNAVAILABLE)

    @get("/metrics", summary="Metrics for Prometheus", media_type=METRICS_MEDIA_TYPE)
    async def show_metrics() -> bytes:
        return metrics.text()

    return Router("/", route_handlers=[live, ready, show_metrics], tags=["health"])


async def _works(check: Callable[[], object]) -> bool:
    try:
        await asyncio.wait_for(asyncio.to_thread(check), CHECK_S)
    except (KeregeError, OSError, TimeoutError) as error:
        log_fault(error)
        return False
    return True
