# SPDX-License-Identifier: Apache-2.0
"""Who calls, and what roles allow."""

from types import SimpleNamespace
from typing import Any

import pytest

from kerege.centralbank.http.callers import RegisterCallers, require_active, require_roles
from kerege.service import Problem
from tests.registers import key_of, kid_of
from tests.unit.centralbank.http.conftest import Town


def caller(*roles: str, suspended: bool = False) -> Any:
    return SimpleNamespace(user=SimpleNamespace(roles=frozenset(roles), suspended=suspended))


HANDLER: Any = None


def test_a_participant_is_found_by_its_key(town: Town) -> None:
    callers = RegisterCallers(town.core.node.register)
    found = callers.find(kid_of(key_of("altyn-bank")))
    assert found is not None
    assert found[0].id == "altyn-bank"
    assert callers.find("altyn-bank") is None


def test_roles() -> None:
    guard = require_roles("intermediary", "agency")
    guard(caller("agency", "witness"), HANDLER)
    with pytest.raises(Problem, match="for agency, intermediary"):
        guard(caller("witness"), HANDLER)
    with pytest.raises(Problem):
        guard(caller(), HANDLER)


def test_suspension() -> None:
    require_active(caller(), HANDLER)
    with pytest.raises(Problem) as raised:
        require_active(caller(suspended=True), HANDLER)
    assert raised.value.code == "institution_suspended"
