# SPDX-License-Identifier: Apache-2.0
"""The inspector's graph and claims in a terminal and as a picture."""

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from click.testing import CliRunner, Result

from kerege.centralbank.staff_line import StaffLine
from kerege.cli import main
from kerege.keys import save_private_key
from kerege.payments.vat_claims import OpenClaim, OpenClaims
from kerege.payments.vat_documents import RefusedLine, VatAnswer
from kerege.programmes.vat_graph import VatGraph
from kerege.programmes.vat_patterns import Edge, Pattern
from tests.registers import key_of

MILL, GHOST = "wal_" + "1" * 32, "wal_" + "2" * 32
GRAPH = VatGraph(
    (MILL, GHOST),
    (Edge(GHOST, MILL, 2, 100_00, 16_00),),
    (Pattern("missing-trader", (GHOST,), 16_00),),
)
CLAIMS = OpenClaims(
    (OpenClaim(MILL, 20_00, 5, VatAnswer("ord_1", 4_00, (RefusedLine("ord_2", "vat-not-paid"),))),),
    is_complete=False,
)


def _run(folder: Path, *arguments: str) -> Result:
    if not (folder / "staff.pem").exists():
        save_private_key(folder / "staff.pem", key_of("staff-aru"))
    environment = {
        "KEREGE_CORE": "http://127.0.0.1:1",
        "KEREGE_STAFF_KEY": str(folder / "staff.pem"),
    }
    return CliRunner().invoke(main, ["programme", "vat", *arguments], env=environment)


@pytest.fixture(autouse=True)
def _told(monkeypatch: pytest.MonkeyPatch) -> None:
    answers: dict[str, Any] = {"vat_graph": GRAPH, "vat_claims": CLAIMS}
    for name, answer in answers.items():
        monkeypatch.setattr(StaffLine, name, lambda *_, told=answer: told)


def test_the_graph_is_told_and_drawn(tmp_path: Path) -> None:
    done = _run(tmp_path, "digital-vat", "--svg", str(tmp_path / "graph.svg"))
    assert done.output.splitlines() == [
        "2 firms, 1 ways between them",
        f"missing-trader: VAT 16.00, {GHOST}",
    ]
    assert ET.parse(tmp_path / "graph.svg").getroot().tag.endswith("svg")


def test_claims_are_told_with_their_suggested_answers(tmp_path: Path) -> None:
    done = _run(tmp_path, "digital-vat", "--claims")
    assert done.output.splitlines() == [
        "1 claims wait",
        "ord_1: of 20.00, 4.00 can be paid",
        "  ord_2: vat-not-paid",
        "cut off: what came last is missing",
    ]


def test_json_has_it_all(tmp_path: Path) -> None:
    told = json.loads(_run(tmp_path, "digital-vat", "--json").output)
    assert told["patterns"] == [{"kind": "missing-trader", "firms": [GHOST], "vat": 16_00}]
    claims = json.loads(_run(tmp_path, "digital-vat", "--claims", "--json").output)
    assert claims["claims"][0]["suggested"]["amount"] == 4_00
