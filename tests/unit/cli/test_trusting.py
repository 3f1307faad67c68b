# SPDX-License-Identifier: Apache-2.0
"""Whom to trust, from the command line."""

from pathlib import Path

import click
import pytest

from kerege.cli.trusting import read_limited, read_trust
from kerege.errors import KeregeError
from tests.logs import VKEY, entries, grown_log


def test_a_key_as_text_or_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "key").write_text(VKEY + "\n")
    note = grown_log(entries(3)).read("checkpoint")
    for key in (VKEY, str(tmp_path / "key")):
        assert read_trust(None, key, (), None).open_checkpoint(note).size == 3


def test_a_policy_file(tmp_path: Path) -> None:
    policy = tmp_path / "policy"
    policy.write_text(f"log {VKEY}\nquorum none\n")
    note = grown_log(entries(3)).read("checkpoint")
    assert read_trust(policy, None, (), None).open_checkpoint(note).size == 3


def test_one_way_of_trusting_only(tmp_path: Path) -> None:
    for policy, key, witness in ((None, None, ()), (tmp_path, VKEY, ()), (tmp_path, None, (VKEY,))):
        with pytest.raises(click.UsageError):
            read_trust(policy, key, witness, None)


def test_files_that_are_missing_too_long_or_no_key(tmp_path: Path) -> None:
    with pytest.raises(KeregeError, match="cannot be read"):
        read_limited(tmp_path / "missing", 5)
    (tmp_path / "long").write_bytes(bytes(6))
    with pytest.raises(KeregeError, match="larger than 5"):
        read_limited(tmp_path / "long", 5)
    (tmp_path / "binary").write_bytes(b"\xff")
    with pytest.raises(KeregeError, match="verifier key"):
        read_trust(None, str(tmp_path / "binary"), (), None)
