# SPDX-License-Identifier: Apache-2.0
"""A node's Litestar application, with what every node has in common already in it."""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Final

from litestar import Litestar
from litestar.openapi import OpenAPIConfig
from litestar.openapi.spec import Components, License
from litestar.types import ControllerRouterHandler, LifespanHook

from kerege import __version__
from kerege.runtime import IdMaker
from kerege.service.answering import Answering
from kerege.service.front import Front
from kerege.service.health import health_routes
from kerege.service.metrics import Metrics
from kerege.service.openapi import SECURITY_SCHEMES, TrueJson

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
    checks: Mapping[str, Callable[[], None]] = MappingProxyType({}),
    on_shutdown: Sequence[LifespanHook] = (),
) -> Front:
    """The ASGI application of a node: `routes`, health, metrics, `/openapi.json`, errors, logs.

    `checks` are what `/health/ready` tries. Handlers that take a body say `dto=StrictJson`.
    """
    answers = answering or Answering()
    app = Litestar(
        [health_routes(metrics, checks), *routes],
        exception_handlers=answers.handlers,
        request_max_body_size=BODY_BYTES,
        logging_config=None,
        debug=False,
        on_shutdown=list(on_shutdown),
        openapi_config=OpenAPIConfig(
            title=title,
            version=__version__,
            description=description,
            license=License(name="Apache-2.0", identifier="Apache-2.0"),
            components=Components(security_schemes=dict(SECURITY_SCHEMES)),
            use_handler_docstrings=True,
            path="/",
            render_plugins=[TrueJson()],
        ),
    )
    return Front(app, ids=ids, metrics=metrics, answering=answers)
