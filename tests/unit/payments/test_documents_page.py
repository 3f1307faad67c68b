# SPDX-License-Identifier: Apache-2.0
"""docs/formats/order-documents.md tells every kind, every member, and examples that are read."""

import re
from pathlib import Path
from typing import get_args

import msgspec
import pytest

from kerege.payments.documents import Document, Pay, Request, decode_document, decode_request
from kerege.payments.fee_reading import read_schedule
from kerege.payments.fees import FeeRule, FeeSchedule
from tests.documents.blocks import blocks_of

PAGE = (Path(__file__).parents[3] / "docs/formats/order-documents.md").read_text(encoding="utf-8")
KINDS = get_args(Document)
FRAME = ("id", "wallet", "until_us", "after_us")


def _section(title: str) -> str:
    return PAGE.partition(f"\n## {title}\n")[2].partition("\n## ")[0]


def _rows(section: str) -> dict[str, bool]:
    """Members a section's tables tell of, and whether they have a default."""
    cells = [line.strip("|").split("|") for line in section.splitlines() if line[:3] == "| `"]
    names = [(re.findall("`([a-z_]+)`", row[0]), bool(row[1].strip())) for row in cells]
    return {name: has_default for found, has_default in names for name in found}


def _members(kind: type[msgspec.Struct], without: tuple[str, ...] = ()) -> dict[str, bool]:
    fields = msgspec.structs.fields(kind)
    return {field.name: not field.required for field in fields if field.name not in without}


def _example(section: str) -> bytes:
    (block,) = [block for block in blocks_of(section) if block.language == "json"]
    return block.text.encode()


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_kind_has_its_members_and_an_example(kind: type[msgspec.Struct]) -> None:
    section = _section(f"{kind.__name__}: `{kind.__struct_config__.tag}`")
    assert _rows(section) == _members(kind, FRAME)
    assert type(decode_document(_example(section))) is kind


def test_the_frame_is_what_every_kind_has() -> None:
    head = PAGE.partition("\n## ")[0]
    frame = {name: has_default for name, has_default in _rows(head).items() if name != "kind"}
    assert frame == {name: name == "after_us" for name in FRAME}
    assert all(set(FRAME) <= set(_members(kind)) for kind in KINDS)


def test_requests_and_schedules_have_theirs() -> None:
    request = _section("Request to pay")
    assert _rows(request) == _members(Request)
    assert decode_request(_example(request))
    fees, rule = _section("Fee schedule").split("\nOf a rule:\n")
    assert _rows(fees) == _members(FeeSchedule)
    assert _rows(rule) == _members(FeeRule)
    assert read_schedule(_example(rule))


def test_the_page_knows_no_other_kinds() -> None:
    titles = re.findall(r"^## \w+: `([a-z-]+)`$", PAGE, re.MULTILINE)
    assert titles == [kind.__struct_config__.tag for kind in KINDS]
    assert Pay in KINDS
