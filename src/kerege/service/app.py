# SPDX-License-Identifier: Apache-2.0
"""A node's Litestar application, with what every node has in common already in it."""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from types import MappingProxyType
from typing import Final

from litestar import Litestar, get
from litestar.types import ControllerRouterHandler, LifespanHook

from kerege.runtime import IdMaker
from kerege.service.answering import Answering
from kerege.service.front import Front
from kerege.service.health import health_routes
from kerege.service.metrics import Metrics
from kerege.service.openapi import openapi_document
from kerege.service.straight import Fork, StraightRoute

__all__ = ["BODY_BYTES", "build_app"]

BODY_BYTES: Final = 64 * 1024
"""A body, unless its handler says otherwise with `request_max_body_size`."""


def build_app(
    routes: Sequence[ControllerRouterHandler],
    *,
    title: str,
    description: str,
    ids: IdMaker,
    metrics: Metrics,
    answering: Answering | None = None,
    checks: Mapping[str, Callable[[], object]] = MappingProxyType({}),
    on_shutdown: Sequence[LifespanHook] = (),
    straight: Mapping[tuple[str, str], StraightRoute] = MappingProxyType({}),
) -> Front:
    """The ASGI application of a node: `routes`, health, metrics, `/openapi.json`, errors, logs.

    `checks` are what `/health/ready` tries. Handlers that take a body say `dto=StrictJson`.
    `straight` serves some of the routes past the framework, by method and path.
    """
    answers = answering or Answering()
    described = [health_routes(metrics, checks), *routes]
    document = cache(lambda: openapi_document(described, title=title, description=description))

    @get("/openapi.json", include_in_schema=False, media_type="application/json")
    async def openapi() -> bytes:
        return document()

    app = Litestar(
        [openapi, *described],
        exception_handlers=answers.handlers,
        request_max_body_size=BODY_BYTES,
        logging_config=None,
        debug=False,
        openapi_config=None,
        on_shutdown=list(on_shutdown),
    )
    served = Fork(app, straight, answers) if straight else app
    return Front(served, ids=ids, metrics=metrics, answering=answers)
