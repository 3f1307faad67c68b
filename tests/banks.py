# SPDX-License-Identifier: Apache-2.0
"""A whole bank node on this machine, over a twin of the core: for tests of a bank's HTTP.

with running_bank(tmp_path) as house:
    aru = house.customer("+77015550001")
    wallet = house.wallet_of(aru)
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from kerege.bank.core_twin_line import TwinLine
from kerege.bank.identity.codes import KeptCodes
from kerege.bank.node import BankNode
from kerege.bank.parts import BankKeys, Parts
from kerege.bank.settings import read_settings
from kerege.keys import Algorithm, PrivateKey, RootSecret
from kerege.runtime import SeededRandomness, SystemRandomness
from kerege.service import Server, listen_on, serving
from tests.two_tiers import Country, Signer

__all__ = ["BANK", "House", "running_bank"]

BANK = "altyn-bank"

_PROFILE = """
[[tiers]]
name = "phone"
owner_kind = "person"
requires = ["phone", "name"]
limits.KZT = { holding = 50_000, payment = 40_000, day = 60_000, month = 100_000 }

[[tiers]]
name = "full"
owner_kind = "person"
requires = ["phone", "name", "tax_number", "birth_date"]

[[tiers]]
name = "full"
owner_kind = "firm"
requires = ["name", "tax_number"]
"""

_SETTINGS = """
bank = "altyn-bank"
listen = "127.0.0.1:0"
url = "{url}"
database = "{database}"
ledger = "sqlite:///ledger.db"
profile = "profile.toml"
country = "KZ"
[core]
url = "http://127.0.0.1:1"
keyid = "altyn-bank"
[wallet]
id = "{wallet}"
[[clients]]
id = "tests"
name = "Tests"
redirect_uris = ["http://127.0.0.1/callback"]
{more}
"""


class House:
    """A running bank: `url`, its parts, the core's twin (`country`), codes that were sent."""

    def __init__(self, node: BankNode, country: Country, own: Signer, codes: KeptCodes) -> None:
        self.node = node
        self.parts = node.parts
        self.country = country
        self.own = own
        self.codes = codes
        self.url = node.parts.settings.url
        self.http = httpx.Client(base_url=self.url, trust_env=False, timeout=20)

    def get(self, path: str, **headers: str) -> httpx.Response:
        """GET as a stranger."""
        return self.http.get(path, headers=headers)

    def post(self, path: str, body: Any) -> httpx.Response:
        """POST as a stranger."""
        return self.http.post(path, json=body)


def keys_of(own: Signer, seed: int = 5) -> BankKeys:
    """The keys of a bank of tests: the same each time."""
    draw = SeededRandomness(seed).draw
    return BankKeys(
        requests=PrivateKey.generate(Algorithm.ED25519, randomness=draw),
        wallet=own.key,
        tokens=PrivateKey.generate(Algorithm.ES256, randomness=draw),
        master=RootSecret.generate(randomness=draw),
        index=RootSecret.generate(randomness=draw),
        directory=RootSecret.generate(randomness=draw),
    )


@contextmanager
def running_bank(
    folder: Path, *, database: str = "sqlite:///bank.db", more: str = ""
) -> Iterator[House]:
    """A bank node in `folder`; `more` is added to its settings."""
    country = Country(folder / "core")
    own = country.bank(BANK, issued=1_000_000_00)
    listener = listen_on("127.0.0.1:0")
    url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    (folder / "profile.toml").write_text(_PROFILE)
    text = _SETTINGS.replace("{url}", url).replace("{database}", database)
    text = text.replace("{wallet}", own.wallet).replace("{more}", more)
    (folder / "bank.toml").write_text(text)
    codes = KeptCodes()
    parts = Parts(
        read_settings(folder / "bank.toml"),
        keys_of(own),
        TwinLine(country.core, BANK),
        clock=country.clock,
        randomness=SystemRandomness(),
        sender=codes,
    )
    node = BankNode(parts)
    node.start()
    try:
        with serving(Server(node.app, listener)):
            yield House(node, country, own, codes)
    finally:
        node.close()
        country.close()
