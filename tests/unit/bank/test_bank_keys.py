# SPDX-License-Identifier: Apache-2.0
"""A bank's keys are read from its folder, or not at all."""

from pathlib import Path

import pytest

from kerege.bank.bank_keys import load_keys
from kerege.bank.settings import KEY_FILES, read_settings
from kerege.keys import KeyFileError, save_private_key, save_root_secret
from tests.banks import keys_of, running_bank


def test_every_file_is_needed(tmp_path: Path) -> None:
    with running_bank(tmp_path) as house:
        keys = keys_of(house.own)
    settings = read_settings(tmp_path / "bank.toml")
    settings.key_file("").mkdir()
    for name in KEY_FILES:
        with pytest.raises(KeyFileError):
            load_keys(settings)
        stem, _, kind = name.partition(".")
        save = save_private_key if kind == "pem" else save_root_secret
        save(settings.key_file(name), getattr(keys, stem))
    loaded = load_keys(settings)
    assert loaded.master.reveal() == keys.master.reveal()
    assert loaded.tokens.public_key == keys.tokens.public_key
