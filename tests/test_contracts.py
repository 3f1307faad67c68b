# SPDX-License-Identifier: Apache-2.0
"""The import contracts of pyproject.toml catch what they are there to catch."""

import tomllib
from pathlib import Path
from typing import Any

import pytest
from grimp import ImportGraph
from importlinter import Contract

from tests.house.contracts import OnlyInContract, PureContract

PYPROJECT = Path(__file__).parents[1] / "pyproject.toml"
CONTRACTS = {
    contract["name"]: contract
    for contract in tomllib.loads(PYPROJECT.read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
}
PURE = "Pure modules know no clock, chance, database or network"
HAZMAT = "Cryptographic primitives only in keys/hazmat"
CHANCE = "Ids and secrets only from runtime (and keys/hazmat, which makes keys)"


def check(contract_class: type[Contract], name: str, importer: str, imported: str) -> list[str]:
    """Check one import of a made-up tree against the contract as pyproject.toml has it."""
    options: dict[str, Any] = {
        key: value for key, value in CONTRACTS[name].items() if key not in ("name", "type")
    }
    graph = ImportGraph()
    for module in {"kerege", importer, imported}:
        graph.add_module(module)
    graph.add_import(importer=importer, imported=imported, line_number=3, line_contents="import")
    session = {"root_packages": ["kerege"]}
    contract = contract_class(name=name, session_options=session, contract_options=options)
    faults: list[str] = contract.check(graph, verbose=False).metadata["faults"]
    return faults


@pytest.mark.parametrize(
    ("importer", "imported"),
    [
        ("kerege.ledger.rules", "kerege.runtime.clock"),
        ("kerege.ledger.rules", "kerege.ledger.gathering"),
        ("kerege.ledger.rules", "kerege.ledger"),
        ("kerege.ledger.rules", "kerege.ledger.stores.sqlite"),
        ("kerege.ledger.rules", "time"),
        ("kerege.money.amount", "os"),
        ("kerege.translog.tree", "sqlite3"),
        ("kerege.translog.tree", "http.client"),
    ],
)
def test_a_pure_module_may_not_import(importer: str, imported: str) -> None:
    assert check(PureContract, PURE, importer, imported) == [f"{importer} -> {imported} (line 3)"]


@pytest.mark.parametrize(
    ("importer", "imported"),
    [
        ("kerege.ledger.rules", "kerege.money"),
        ("kerege.ledger.rules", "kerege.errors"),
        ("kerege.ledger.rules", "dataclasses"),
        ("kerege.ledger.stores.sqlite", "apsw"),
        ("kerege.ledger.stores.postgres", "psycopg"),
        ("kerege.ledger.gathering", "kerege.runtime.clock"),
        ("kerege.translog.note", "kerege.keys"),
        ("kerege.translog.witness.client", "http"),
    ],
)
def test_these_imports_are_fine(importer: str, imported: str) -> None:
    assert check(PureContract, PURE, importer, imported) == []


def test_primitives_stay_in_their_folder() -> None:
    assert check(OnlyInContract, HAZMAT, "kerege.translog.note", "nacl") != []
    assert check(OnlyInContract, HAZMAT, "kerege.keys.hazmat.ed25519", "nacl.signing") == []


def test_chance_stays_in_runtime() -> None:
    assert check(OnlyInContract, CHANCE, "kerege.ledger.gathering", "secrets") != []
    assert check(OnlyInContract, CHANCE, "kerege.runtime.randomness", "secrets") == []


@pytest.mark.parametrize("name", ["kerege.ledger", "kerege.translog"])
def test_the_layers_tell_every_room_its_place(name: str) -> None:
    layers = CONTRACTS["Arrows between rooms point down"]
    assert layers["exhaustive"]
    assert any(name.removeprefix("kerege.") in layer for layer in layers["layers"])
