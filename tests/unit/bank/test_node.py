# SPDX-License-Identifier: Apache-2.0
"""A node is opened from its files and answers."""

from pathlib import Path

import httpx
import pytest

from kerege.bank.node import open_node
from kerege.bank.settings import read_settings
from kerege.keys import (
    Algorithm,
    KeyFileError,
    PrivateKey,
    RootSecret,
    save_private_key,
    save_root_secret,
)
from kerege.service import Server, listen_on, serving
from tests.banks import PROFILE
from tests.unit.bank.test_settings import TEXT


def test_a_node_is_opened_from_files(tmp_path: Path) -> None:
    listener = listen_on("127.0.0.1:0")
    url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    (tmp_path / "bank.toml").write_text(TEXT.replace("http://127.0.0.1:7410", url))
    (tmp_path / "profile.toml").write_text(PROFILE)
    with pytest.raises(KeyFileError):
        open_node(read_settings(tmp_path / "bank.toml"))
    keys = tmp_path / "keys"
    keys.mkdir(mode=0o700)
    for name in ("requests", "wallet"):
        save_private_key(keys / f"{name}.pem", PrivateKey.generate(Algorithm.ED25519))
    save_private_key(keys / "tokens.pem", PrivateKey.generate(Algorithm.ES256))
    for name in ("master", "index", "directory"):
        save_root_secret(keys / f"{name}.secret", RootSecret.generate())
    node = open_node(read_settings(tmp_path / "bank.toml"))
    node.start()
    try:
        with serving(Server(node.app, listener)):
            assert httpx.get(f"{url}/health/live", trust_env=False).status_code == 200
            assert httpx.get(f"{url}/oauth/jwks", trust_env=False).json()["keys"]
    finally:
        node.close()
