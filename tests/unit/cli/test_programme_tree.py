# SPDX-License-Identifier: Apache-2.0
"""The treasury's tree in a terminal, of a core that runs."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from kerege.cli import main
from kerege.keys import save_private_key
from kerege.payments import Document, Leg, ParticipantId, Pay
from kerege.payments.contract_documents import Contract
from kerege.payments.documents import Fund
from kerege.sandbox.shipped_programmes import shipped_programme
from tests.cores import Core
from tests.funders import activate_at
from tests.registers import HOUR_US, Wallet, key_of


@pytest.fixture(scope="module")
def core(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Core]:
    with Core(tmp_path_factory.mktemp("core")) as core:
        core.bank("altyn-bank")
        yield core


class Treasury:
    """A treasury with 1 000.00 marked, a builder and a mason, at a core that runs."""

    def __init__(self, core: Core) -> None:
        self.core = core
        self.own = core.open("altyn-bank", owner_kind="agency", tier="agency")
        self.builder, self.mason = (
            core.open("altyn-bank", owner_kind="firm", tier="shop") for _ in range(2)
        )
        core.give(self.own, 1_000_00)
        now_us = core.clock.now_us()
        self.ends_us = now_us + 100 * HOUR_US
        terms = shipped_programme(
            "procurement",
            asset="KZT",
            funder=self.own.id,
            starts_us=now_us,
            ends_us=now_us + 500 * HOUR_US,
        )
        activate_at(core.node.register, terms, self.own.key, now_us=now_us)
        self.send(self.own, Fund(**self.frame(self.own), programme="procurement", amount=900_00))

    def frame(self, wallet: Wallet) -> Any:
        until_us = self.core.clock.now_us() + HOUR_US
        return {"id": f"ord_{self.core.number():032x}", "wallet": wallet.id, "until_us": until_us}

    def send(self, wallet: Wallet, document: Document) -> None:
        text = self.core.sign(document, wallet.key)
        verdict = self.core.node.acceptance.submit(ParticipantId("altyn-bank"), text).result(20)
        assert verdict.accepted, verdict

    def contract(self, buyer: Wallet, supplier: Wallet, cap: int, parent: str = "") -> str:
        terms: Any = {"programme": "procurement", "asset": "KZT", "cap": cap, "parent": parent}
        terms["ends_us"] = self.ends_us
        made = Contract(**self.frame(buyer), **terms, supplier=supplier.id)
        self.send(buyer, made)
        return made.id

    def pay(self, payer: Wallet, payee: Wallet, amount: int, about: str) -> None:
        legs = (Leg(payee.id, amount),)
        self.send(payer, Pay(**self.frame(payer), asset="KZT", legs=legs, about=about))


def _run(core: Core, folder: Path, *arguments: str) -> Result:
    if not (folder / "staff.pem").exists():
        save_private_key(folder / "staff.pem", key_of("staff-aru"))
    environment = {"KEREGE_CORE": core.url, "KEREGE_STAFF_KEY": str(folder / "staff.pem")}
    return CliRunner().invoke(main, ["programme", "tree", *arguments], env=environment)


def test_the_tree_is_drawn_and_told(core: Core, tmp_path: Path) -> None:
    treasury = Treasury(core)
    road = treasury.contract(treasury.own, treasury.builder, 500_00)
    bridge = treasury.contract(treasury.builder, treasury.mason, 200_00, road)
    treasury.pay(treasury.own, treasury.builder, 300_00, road)
    treasury.pay(treasury.builder, treasury.mason, 120_00, bridge)
    drawn = _run(core, tmp_path, "procurement", "--svg", str(tmp_path / "tree.svg"))
    assert drawn.exit_code == 0, drawn.output
    lines = drawn.output.splitlines()
    assert lines[0] == f"procurement: KZT 600.00 with {treasury.own.id}"
    assert lines[1] == f"└── {treasury.builder.id}, up to KZT 500.00 ({road})"
    parts = [part.strip() for part in lines[2].strip("│ ").split(";")]
    assert parts == ["KZT 300.00 received", "KZT 120.00 passed on", "KZT 180.00 still there"]
    assert treasury.mason.id in lines[3]
    assert "KZT 300.00 of KZT 500.00" in (tmp_path / "tree.svg").read_text("utf-8")
    told = json.loads(_run(core, tmp_path, "procurement", "--json").output)
    (root,) = told["roots"]
    assert (root["contract"], root["left"]) == (road, 180_00)
    assert root["branches"][0]["received"] == 120_00


def test_there_is_no_tree_of_nothing(core: Core, tmp_path: Path) -> None:
    refused = _run(core, tmp_path, "nothing")
    assert refused.exit_code != 0
    assert "no such programme" in refused.output
