# SPDX-License-Identifier: Apache-2.0
"""Every behaviour of purpose-bound money has a test, and it exists."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/programmes/behaviours.md").read_text("utf-8")
ROWS = [line for line in PAGE.splitlines() if line.startswith("| ") and "---" not in line][1:]
ASKED = ("payment", "refund", "chargeback", "redeem", "recover", "withdraw", "expiry", "pause")


def test_what_others_do_is_on_the_page() -> None:
    told = {name.strip() for row in ROWS for name in row.split("|")[1].split(",")}
    assert set(ASKED) <= told


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.split("|")[1].strip())
def test_it_has_a_test(row: str) -> None:
    (named,) = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", row)
    tree = ast.parse((ROOT / named[0]).read_text("utf-8"))
    assert named[1] in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
