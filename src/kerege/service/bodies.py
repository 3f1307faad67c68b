# SPDX-License-Identifier: Apache-2.0
"""JSON bodies, read strictly: what the schema says, each member once, nothing coerced.

Litestar's own reading turns "5" into 5 where a number is wanted. `StrictJson`, as a handler's
`dto`, hands the handler's `data` straight to msgspec and leaves the OpenAPI schema as it is.
"""

import json
from typing import Any, Generic, TypeVar

import msgspec
from litestar.dto import AbstractDTO
from litestar.openapi.spec import Reference, Schema
from litestar.typing import FieldDefinition

from kerege.service.problems import Problem

__all__ = ["StrictJson", "decode_json"]

_T = TypeVar("_T")
_DECODERS: dict[str, msgspec.json.Decoder[Any]] = {}


def decode_json(body: bytes, decoder: msgspec.json.Decoder[_T]) -> _T:
    """Read a whole body; raises `Problem` with the member at fault."""
    try:
        decoded = decoder.decode(body)
        # msgspec takes the last of two equal names, other readers the first: neither passes. With
        # one colon in it a body has one member, which spares orders the second reading.
        if body.count(b":") > 1:
            json.loads(body, object_pairs_hook=_each_once)
    except (ValueError, RecursionError) as fault:
        # msgspec ends its messages with " - at `$.orders[0]`".
        what, _, place = str(fault).partition(" - at ")
        raise Problem("request_invalid", what, place=place.strip("`")) from None
    return decoded


def _each_once(members: list[tuple[str, Any]]) -> None:
    if len(members) > 1 and len({name for name, _ in members}) < len(members):
        names = [name for name, _ in members]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"a member stands twice - at `{twice}`")


class StrictJson(AbstractDTO[_T], Generic[_T]):
    """`@post(dto=StrictJson)`: the handler's `data`, whatever its type, read by `decode_json`."""

    model_type = object  # type: ignore[assignment]

    @classmethod
    def create_for_field_definition(
        cls, field_definition: FieldDefinition, handler_id: str, backend_cls: Any = None
    ) -> None:
        """Called by Litestar once for each handler."""
        if field_definition.name == "data":
            _DECODERS[handler_id] = msgspec.json.Decoder(field_definition.annotation)

    @classmethod
    def create_openapi_schema(
        cls, field_definition: FieldDefinition, handler_id: str, schema_creator: Any
    ) -> Reference | Schema:
        """The type's own schema."""
        schema: Reference | Schema = schema_creator.for_field_definition(field_definition)
        return schema

    @classmethod
    def is_supported_model_type_field(cls, field_definition: FieldDefinition) -> bool:
        """Any type will do."""
        return True

    @classmethod
    def generate_field_definitions(cls, model_type: type[Any]) -> Any:
        """Asked of transfer models only, and there is none."""
        raise NotImplementedError

    @classmethod
    def detect_nested_field(cls, field_definition: FieldDefinition) -> bool:
        """Asked of transfer models only, and there is none."""
        raise NotImplementedError

    def decode_bytes(self, value: bytes) -> Any:
        """Read a body; raises `Problem`."""
        given, _ = self.asgi_connection.content_type  # type: ignore[attr-defined]
        if given != "application/json":
            raise Problem(
                "media_type_wrong", f"{given or 'nothing'} was sent", place="content-type"
            )
        return decode_json(value, _DECODERS[self.asgi_connection.route_handler.handler_id])

    def data_to_encodable_type(self, data: Any) -> Any:
        """What a handler returns goes out as it is: Litestar takes `dto` for both ways."""
        return data
