# SPDX-License-Identifier: Apache-2.0
"""docs/formats/programme.md tells every member, name, rule and finding; its examples are read."""

import re

import msgspec
import pytest

from kerege.programmes import (
    Calendar,
    Cap,
    Condition,
    Contracted,
    Party,
    Programme,
    Route,
    VatTerms,
)
from kerege.programmes import cel_tokens as limits
from kerege.programmes.checking import check_programme
from kerege.programmes.context import CONTEXT
from kerege.programmes.findings import SEVERITIES, FindingCode
from kerege.programmes.outcome import OutcomeTerms, Source
from kerege.programmes.past_payment import PastPayment, read_past_payments
from kerege.programmes.reading import RESERVED_RULES, read_programme
from tests.documents.blocks import blocks_of
from tests.house.tree import ROOT

PAGE = (ROOT / "docs/formats/programme.md").read_text(encoding="utf-8")


def section(title: str) -> str:
    return PAGE.partition(f"\n## {title}\n")[2].partition("\n## ")[0]


def first_cells(title: str) -> list[str]:
    rows = [line.split("|")[1] for line in section(title).splitlines() if line.startswith("| `")]
    return [name for row in rows for name in re.findall("`([^`]+)`", row)]


def has_default(title: str) -> dict[str, bool]:
    rows = [line.split("|") for line in section(title).splitlines() if line.startswith("| `")]
    return {name: bool(row[2].strip()) for row in rows for name in re.findall("`(.+?)`", row[1])}


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("Programme", Programme),
        ("Calendar", Calendar),
        ("Route", Route),
        ("Condition", Condition),
        ("Cap", Cap),
        ("Outcome", OutcomeTerms),
        ("Source", Source),
        ("VAT", VatTerms),
        ("Past payments", PastPayment),
    ],
)
def test_every_member_is_told_and_whether_it_may_be_missing(
    title: str, kind: type[msgspec.Struct]
) -> None:
    members = {field.name: not field.required for field in msgspec.structs.fields(kind)}
    assert has_default(title) == members


@pytest.mark.parametrize("kind", [Party, Contracted])
def test_what_past_payments_say_of_parties_is_told(kind: type[msgspec.Struct]) -> None:
    told = re.findall("`([a-z_]+)`", section("Past payments"))
    assert {field.name for field in msgspec.structs.fields(kind)} <= set(told)


def test_every_name_is_told_with_its_type() -> None:
    assert first_cells("Conditions") == list(CONTEXT)
    for name, declared in CONTEXT.items():
        assert f"| `{name}` | " in PAGE
        assert f"| {declared.about} |" in PAGE


def test_every_rule_and_finding_is_told() -> None:
    assert sorted(first_cells("Rules every programme has")) == sorted(RESERVED_RULES)
    assert first_cells("What is found odd") == [code.value for code in FindingCode]
    for code, severity in SEVERITIES.items():
        assert f"| `{code.value}` | {severity} |" in PAGE


def test_limits_are_told() -> None:
    told = section("Conditions")
    assert f"{limits.MAX_TOKENS} names, figures and signs" in told
    assert f"{limits.MAX_NESTING} levels" in told
    assert all(f"`{loop}`" in told for loop in limits.LOOPS)


def test_the_example_is_sound() -> None:
    (block,) = [block for block in blocks_of(section("Example")) if block.language == "json"]
    assert check_programme(read_programme(block.text.encode())) == []


def test_the_past_payment_is_read() -> None:
    (block,) = [block for block in blocks_of(section("Past payments")) if block.language == "json"]
    (payment,) = read_past_payments(block.text.encode().splitlines())
    assert payment.amount == 900_00
