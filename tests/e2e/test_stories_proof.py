# SPDX-License-Identifier: Apache-2.0
"""What the stories left, proven by those who trust nobody: from public files and an export."""

from pathlib import Path

import pytest

from tests.e2e.cast import SECRETS, Cast
from tests.e2e.country import ASSET, CommandFailed, run_kerege
from tests.e2e.leaks import Leaks

pytestmark = pytest.mark.slow


def test_the_supply_is_proven_against_ledger_log_and_witnesses(cast: Cast) -> None:
    proven = cast.country.kerege("supply")
    money = proven["money"]
    assert money["issued"] - money["redeemed"] == money["circulating"] <= money["reserves"]
    assert (proven["witnesses"], money["asset"]) == (2, ASSET)
    assert proven["orders"] <= proven["leaves"] + 1_000


def test_anybody_can_recompute_the_public_log(cast: Cast, tmp_path: Path) -> None:
    (tmp_path / "policy.txt").write_bytes(cast.country.policy.read_bytes())
    log = f"{cast.country.url('core')}/log"
    copied = run_kerege(*("log", "mirror", log, "copy"), *("--policy", "policy.txt"), cwd=tmp_path)
    assert copied["ok"]
    whole = run_kerege("log", "fsck", "copy", "--policy", "policy.txt", cwd=tmp_path)
    assert whole["ok"]


def test_an_auditor_recomputes_every_balance_from_an_export(cast: Cast, tmp_path: Path) -> None:
    bank = cast.country.folder / "central-bank"
    checkpoint = cast.country.http.get(f"{cast.country.url('core')}/log/checkpoint")
    (tmp_path / "checkpoint").write_bytes(checkpoint.content)
    run_kerege(
        *("ledger", "export", f"sqlite:///{bank / 'ledger.db'}", "export.jsonl"),
        *("--salt-key", str(bank / "keys" / "salt")),
        cwd=tmp_path,
    )
    told = run_kerege(
        *("ledger", "audit", "export.jsonl", "--checkpoint", "checkpoint"),
        *("--policy", str(cast.country.policy)),
        cwd=tmp_path,
    )
    assert told["ok"], told
    whole = (tmp_path / "export.jsonl").read_bytes()
    assert not Leaks(SECRETS).found_in(whole)
    lines = whole.split(b"\n")
    (tmp_path / "altered.jsonl").write_bytes(b"\n".join(lines[:-2]) + b"\n")
    with pytest.raises(CommandFailed) as raised:
        run_kerege("ledger", "audit", "altered.jsonl", cwd=tmp_path)
    assert raised.value.told["ok"] is False
