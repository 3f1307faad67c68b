# SPDX-License-Identifier: Apache-2.0
"""The description says what is checked, and what every operation may answer."""

import json
from typing import Annotated

from litestar import Router, get, post
from litestar.params import FromPath, JSONBody
from litestar.types import ControllerRouterHandler
from msgspec import Meta, Struct

from kerege.service.bodies import StrictJson
from kerege.service.openapi import SIGNED, openapi_document


class Order(Struct, forbid_unknown_fields=True):
    """One order."""

    amount: Annotated[int, Meta(ge=1, le=100)]
    note: Annotated[str, Meta(max_length=9)] = ""


@get("/things/{thing:str}")
async def read(thing: FromPath[str]) -> Order:
    """Read a thing."""
    return Order(1)


@post("/things", dto=StrictJson, status_code=200)
async def write(data: JSONBody[Order]) -> Order:
    """Write a thing."""
    return data


def document() -> dict[str, dict[str, dict[str, dict[str, object]]]]:
    routes: list[ControllerRouterHandler] = [
        read,
        Router("/signed", route_handlers=[write], security=[SIGNED]),
    ]
    found: dict[str, dict[str, dict[str, dict[str, object]]]] = json.loads(
        openapi_document(routes, title="T", description="D")
    )
    return found


def test_bounds_are_those_of_the_struct() -> None:
    schema = document()["components"]["schemas"]["Order"]
    assert schema["required"] == ["amount"]
    assert schema["additionalProperties"] is False
    assert schema["properties"] == {
        "amount": {"maximum": 100, "minimum": 1, "type": "integer"},
        "note": {"default": "", "maxLength": 9, "type": "string"},
    }


def test_problems_are_everywhere() -> None:
    paths = document()["paths"]
    # More may be there: rooms that were imported beside add problems of their own.
    expected = {"200", "400", "404", "405", "429", "500", "503"}
    assert expected <= set(paths["/things/{thing}"]["get"]["responses"])  # type: ignore[call-overload]
    responses = paths["/signed/things"]["post"]["responses"]
    assert {"401", "403", "413", "415"} <= set(responses)  # type: ignore[call-overload]
    assert responses["400"]["content"] == {  # type: ignore[index]
        "application/problem+json": {"schema": {"$ref": "#/components/schemas/ProblemDetails"}}
    }


def test_how_to_sign_is_told() -> None:
    found = document()
    assert found["openapi"].startswith("3.1")  # type: ignore[attr-defined]
    assert found["components"]["securitySchemes"]["signature"]["name"] == "Signature"
    assert found["paths"]["/signed/things"]["post"]["security"] == [{"signature": []}]
