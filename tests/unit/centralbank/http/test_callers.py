# SPDX-License-Identifier: Apache-2.0
"""Who calls, and what roles allow."""

import asyncio
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from litestar.types import ASGIApp

from kerege.centralbank.http.callers import RegisterCallers, require_active, require_roles
from kerege.service import Problem
from tests.registers import key_of, kid_of
from tests.unit.centralbank.http.conftest import Town


def admitted(middleware: Callable[[ASGIApp], ASGIApp], *roles: str, suspended: bool = False) -> int:
    """How often the application behind is reached."""
    reached = []

    async def app(scope: object, receive: object, send: object) -> None:
        reached.append(scope)

    scope: Any = {"user": SimpleNamespace(roles=frozenset(roles), suspended=suspended)}
    nothing: Any = None
    asyncio.run(middleware(app)(scope, nothing, nothing))  # type: ignore[arg-type]
    return len(reached)


def test_a_participant_is_found_by_its_key(town: Town) -> None:
    callers = RegisterCallers(town.core.node.register)
    found = callers.find(kid_of(key_of("altyn-bank")))
    assert found is not None
    assert found[0].id == "altyn-bank"
    assert callers.find("altyn-bank") is None


def test_roles() -> None:
    middleware = require_roles("intermediary", "agency")
    assert admitted(middleware, "agency", "witness") == 1
    with pytest.raises(Problem, match="for agency, intermediary"):
        admitted(middleware, "witness")
    with pytest.raises(Problem):
        admitted(middleware)


def test_suspension() -> None:
    assert admitted(require_active) == 1
    with pytest.raises(Problem) as raised:
        admitted(require_active, suspended=True)
    assert raised.value.code == "institution_suspended"
