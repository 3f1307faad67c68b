# SPDX-License-Identifier: Apache-2.0
"""docs/accounting.md tells every request, every member of an answer and every deed of a case."""

import re
from typing import get_args

import httpx

from kerege.sandbox.accounting.case import Deed
from kerege.sandbox.accounting.driving import _PATHS
from tests.house.tree import ROOT

PAGE = (ROOT / "docs/accounting.md").read_text(encoding="utf-8")


def _rows(title: str) -> dict[str, str]:
    section = PAGE.partition(f"\n## {title}\n")[2].partition("\n## ")[0]
    rows = [line.split("|", 2) for line in section.splitlines() if line.startswith("| `")]
    return {row[1].strip().strip("`"): row[2] for row in rows}


def test_every_request_is_told_with_every_member(url: str) -> None:
    described = httpx.get(f"{url}/openapi.json").json()
    told = _rows("The interface")
    for path, methods in described["paths"].items():
        if not path.startswith("/v1/"):
            continue
        for method, operation in methods.items():
            short = path.replace("/v1/books/{books}", "")
            row = told.pop(f"{method.upper()} {short}")
            if "the same" in row:
                continue
            for member in _members(operation, described):
                assert f"`{member}`" in row or member in ("today", "name"), (path, member)
    assert not told


def _members(operation: dict[str, object], described: dict[str, object]) -> set[str]:
    """Names in the answer's own schema."""
    names = re.findall(r"#/components/schemas/(\w+View)", str(operation["responses"]))
    schemas = described["components"]["schemas"]  # type: ignore[index]
    return {member for name in names for member in schemas[name]["properties"]}


def test_every_deed_is_told_with_its_request() -> None:
    told = _rows("The cases")
    assert set(told) == {"do", *get_args(Deed)}
    for deed, path in _PATHS.items():
        assert f"`POST /{path}`" in told[deed]
