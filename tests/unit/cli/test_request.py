# SPDX-License-Identifier: Apache-2.0
"""`kerege request`: a code that others can pay."""

from pathlib import Path
from xml.etree import ElementTree

import pytest

from kerege.qr import parse
from tests.terminals import Terminal


def test_a_code_to_show(aru: Terminal, tmp_path: Path) -> None:
    wallet, drawn = aru.create(), tmp_path / "code.svg"
    asked = aru.asked("request", "12.34", "--note", "bread", "--hours", "2", "--svg", str(drawn))
    assert (asked["wallet"], asked["amount"], asked["asset"]) == (wallet, 12_34, "KZT")
    hours = (asked["until_us"] - aru.house.country.clock.now_us()) / 3_600_000_000
    assert 1.9 < hours < 2.1
    parse(asked["qr"])
    assert ElementTree.fromstring(drawn.read_text("utf-8")).tag.endswith("svg")


def test_a_person_reads_the_payload(aru: Terminal) -> None:
    aru.create()
    first, payload = aru.must("request", "5").splitlines()
    assert first.startswith("req_")
    assert first.endswith("asks for KZT 5.00:")
    parse(payload)


def test_several_may_pay_a_part(aru: Terminal, beket: Terminal) -> None:
    aru.create()
    beket.create(money=50_00)
    whole, parts = aru.asked("request", "30")["qr"], aru.asked("request", "30", "--parts")["qr"]
    assert beket.run("pay", "--qr", whole, "10").exit_code == 1
    beket.must("pay", "--qr", parts, "10")
    beket.must("pay", "--qr", parts, "20")
    assert beket.run("pay", "--qr", parts, "1").exit_code == 1
    assert aru.balance() == 30_00


@pytest.mark.parametrize(
    ("arguments", "code"),
    [(("0",), 1), (("5", "--asset", "ZZZ"), 1), (("5", "--hours", "0"), 2), (("5.001",), 1)],
)
def test_what_cannot_be_asked_for(aru: Terminal, arguments: tuple[str, ...], code: int) -> None:
    aru.create()
    assert aru.run("request", *arguments).exit_code == code
