# SPDX-License-Identifier: Apache-2.0
"""A true OpenAPI 3.1 document: what Litestar derives from handlers, and what every node adds.

Litestar describes its own error bodies; ours are RFC 9457 problems, and operations may answer
more of them than a handler names: here they are put in once, for all. Schemas of our structs come
from msgspec, which reads the bodies: so bounds and patterns are those that are checked.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import msgspec
from litestar import Litestar
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.openapi.spec import Components, License, Schema, SecurityScheme
from litestar.plugins import OpenAPISchemaPlugin
from litestar.routes import HTTPRoute
from litestar.types import ControllerRouterHandler
from litestar.typing import FieldDefinition

from kerege import __version__
from kerege.service.problems import PROBLEM_MEDIA_TYPE

__all__ = ["BEARER", "SECURITY_SCHEMES", "SIGNED", "openapi_document"]

SIGNED: Final = {"signature": list[str]()}
"""`Router(security=[SIGNED])`: an institution's signed request."""

BEARER: Final = {"bearer": list[str]()}
"""`Router(security=[BEARER])`: a person's or program's access token."""

SECURITY_SCHEMES: Final = {
    "signature": SecurityScheme(
        type="apiKey",
        name="Signature",
        security_scheme_in="header",
        description="HTTP message signature, RFC 9421: docs/formats/request-signature.md.",
    ),
    "bearer": SecurityScheme(type="http", scheme="bearer", description="OAuth 2.1 access token."),
}

_ALWAYS: Final = (400, 404, 405, 409, 422, 429, 500, 503)
_WITH_BODY: Final = (413, 415)
_WITH_SECURITY: Final = (401, 403)
_TITLES: Final = {
    400: "What was sent cannot be read or is out of bounds.",
    401: "Who sends it was not proven.",
    403: "The sender may not do this.",
    404: "There is nothing here, for this sender.",
    405: "Another method.",
    409: "This does not fit what is there already.",
    413: "Too large.",
    415: "Not application/json.",
    422: "Read, and not possible as it is: see `code`.",
    429: "Too many requests: see Retry-After.",
    500: "A fault of ours.",
    503: "Not possible at the moment: send the same again.",
}
_DETAILS: Final = {"$ref": "#/components/schemas/ProblemDetails"}
_TEXT: Final = {"type": "string"}
_DETAILS_SCHEMA: Final = {
    "type": "object",
    "title": "ProblemDetails",
    "description": "RFC 9457 problem details. Branch on `code`.",
    "required": ["type", "title", "status", "code"],
    "properties": {
        "type": _TEXT,
        "title": _TEXT,
        "status": {"type": "integer"},
        "code": _TEXT,
        "detail": _TEXT,
        "remedy": _TEXT,
        "place": _TEXT,
        "instance": _TEXT,
    },
}


def openapi_document(
    routes: Sequence[ControllerRouterHandler], *, title: str, description: str
) -> bytes:
    """The document as JSON.

    Made by an application of its own that serves nobody: one that serves would get pages and
    catch-all routes with it.
    """
    app = Litestar(
        list(routes),
        plugins=[_StructNames()],
        logging_config=None,
        openapi_config=OpenAPIConfig(
            title=title,
            version=__version__,
            description=description,
            license=License(name="Apache-2.0", identifier="Apache-2.0"),
            components=Components(security_schemes=dict(SECURITY_SCHEMES)),
            use_handler_docstrings=True,
            path="/not-served",
            render_plugins=[JsonRenderPlugin()],
        ),
    )
    document = msgspec.to_builtins(app.openapi_schema.to_schema())
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    schemas.update(_schemas_of(_structs_of(app)))
    schemas["ProblemDetails"] = _DETAILS_SCHEMA
    return msgspec.json.encode(_with_problems(document))


class _StructNames(OpenAPISchemaPlugin):
    """Lets Litestar name structs only: what is in them comes from msgspec."""

    def is_plugin_supported_field(self, field_definition: FieldDefinition) -> bool:
        return not field_definition.is_union and field_definition.is_subclass_of(msgspec.Struct)

    def to_openapi_schema(self, field_definition: FieldDefinition, schema_creator: Any) -> Schema:
        schema: Schema = schema_creator.create_component_schema(
            field_definition, required=[], property_fields={}
        )
        return schema


def _structs_of(app: Litestar) -> list[Any]:
    """What handlers take and give."""
    handlers = (
        handler
        for route in app.routes
        if isinstance(route, HTTPRoute)
        for handler in route.route_handlers
        if handler.resolve_include_in_schema()
    )
    found: dict[str, Any] = {}
    for handler in handlers:
        given = handler.parsed_fn_signature.return_type
        fields = [given, *given.inner_types, handler.parsed_data_field]
        for field in fields:
            kind = field.annotation if field else None
            if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
                found[kind.__name__] = kind
    return list(found.values())


def _schemas_of(kinds: list[Any]) -> dict[str, Any]:
    _, schemas = msgspec.json.schema_components(kinds, ref_template="#/components/schemas/{name}")
    return schemas


def _with_problems(document: dict[str, Any]) -> dict[str, Any]:
    for operation in _operations(document):
        responses = operation.setdefault("responses", {})
        for status in _statuses(operation):
            content = {PROBLEM_MEDIA_TYPE: {"schema": _DETAILS}}
            there = responses.get(str(status), {})
            # A handler's own body under such a status (health) stays beside the problem.
            own = there.get("content", {}) if status != 400 else {}
            responses[str(status)] = {
                "description": there.get("description") or _TITLES[status],
                "content": {**own, **content},
            }
    return document


def _statuses(operation: Mapping[str, Any]) -> Iterator[int]:
    yield from _ALWAYS
    if "requestBody" in operation:
        yield from _WITH_BODY
    if operation.get("security"):
        yield from _WITH_SECURITY


def _operations(document: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for path in document.get("paths", {}).values():
        for method, operation in path.items():
            if method in ("get", "put", "post", "delete", "patch", "head", "options"):
                yield operation
