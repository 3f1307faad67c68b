# SPDX-License-Identifier: Apache-2.0
"""A whole bank node on this machine, over a twin of the core: for tests of a bank's HTTP.

with running_bank(tmp_path) as house:
    aru = house.person(tmp_path / "aru")
    wallet = aru.wallet(money=300_00)
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from kerege.bank.bank_keys import BankKeys
from kerege.bank.core_twin_line import TwinLine
from kerege.bank.identity.codes import KeptCodes
from kerege.bank.node import BankNode
from kerege.bank.parts import Parts
from kerege.bank.peers import Peer
from kerege.bank.settings import read_settings
from kerege.keys import Algorithm, PrivateKey, RootSecret
from kerege.runtime import SeededRandomness, SystemRandomness
from kerege.service import NodeClient, Server, listen_on, serving
from kerege.wallet import HttpBank, Joining, Purse, Session, SignIn, TerminalSignIn, Wallet
from tests.two_tiers import START_US, Country, Signer

__all__ = ["BANK", "PROFILE", "House", "Person", "acquaint", "keys_of", "running_bank"]

BANK = "altyn-bank"

PROFILE = """
phone = { prefix = "+7", digits = 10 }
tax_number = { digits = 12 }

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
assets = [{ code = "KZT", scale = 2 }]
sandbox = true
[rates]
strangers_burst = 100000
burst = {burst}
[core]
url = "http://127.0.0.1:1"
keyid = "altyn-bank"
[wallet]
id = "{wallet}"
[[clients]]
id = "tests"
name = "Tests"
redirect_uris = ["http://127.0.0.1/callback"]
[[clients]]
id = "kerege-cli"
name = "Kerege"
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
        self._people = 0
        self._open: list[Person] = []
        self.url = node.parts.settings.url
        self.http = httpx.Client(base_url=self.url, trust_env=False, timeout=20)

    def person(
        self, folder: Path, *, name: str = "Айгерім Нұрланова", tier: str = "phone"
    ) -> "Person":
        """A new customer, signed in, with a purse in `folder`."""
        self._people += 1
        found = Person(self, folder, f"+7701555{self._people:04}", name=name, tier=tier)
        self._open.append(found)
        return found

    def close(self) -> None:
        """Close what its people opened."""
        for person in self._open:
            person.close()
        self.http.close()

    def read_core(self) -> None:
        """Take in what happened at the core now, without waiting for the bank to look."""
        while self.parts.desk.incoming.read():
            pass

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
    folder: Path,
    *,
    database: str = "sqlite:///bank.db",
    more: str = "",
    burst: int = 100_000,
    start_us: int = START_US,
    neighbour: "House | None" = None,
    name: str = BANK,
) -> Iterator[House]:
    """A bank node in `folder`; `more` is added to its settings. With a `neighbour` it is a bank
    `name` of the same country."""
    country = neighbour.country if neighbour else Country(folder / "core", start_us=start_us)
    own = country.bank(name, issued=1_000_000_00)
    listener = listen_on("127.0.0.1:0")
    url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    (folder / "profile.toml").write_text(PROFILE)
    text = _SETTINGS.replace(BANK, name).replace("{url}", url).replace("{database}", database)
    text = text.replace("{wallet}", own.wallet).replace("{more}", more)
    text = text.replace("{burst}", str(burst))
    (folder / "bank.toml").write_text(text)
    codes = KeptCodes()
    parts = Parts(
        read_settings(folder / "bank.toml"),
        keys_of(own),
        TwinLine(country.core, name),
        clock=country.clock,
        randomness=SystemRandomness(),
        sender=codes,
    )
    node = BankNode(parts)
    node.start()
    try:
        with serving(Server(node.app, listener)):
            house = House(node, country, own, codes)
            try:
                yield house
            finally:
                house.close()
    finally:
        node.close()
        if neighbour is None:
            country.close()


def acquaint(*houses: House) -> None:
    """Let running banks of one country know each other's addresses and keys, as the core's register
    would have them."""
    for house in houses:
        parts = house.parts
        for other in houses:
            name, key = other.parts.settings.bank, keys_of(other.own).requests
            parts.peers._holders[name] = (Peer(name), key.public_key)
            parts.neighbours._lines[name] = NodeClient(
                other.url,
                clock=parts.clock,
                randomness=SystemRandomness(),
                key=keys_of(house.own).requests,
                keyid=parts.settings.bank,
            )


class Person:
    """A customer of a running bank with a purse of wallets, signed in over HTTP."""

    def __init__(self, house: House, folder: Path, phone: str, *, name: str, tier: str) -> None:
        self.house = house
        self.phone = phone
        self.clock = house.country.clock
        joining = Joining(house.url)
        code_id = joining.send_code(phone)
        self.view = joining.join(
            phone,
            name,
            tier=tier,
            language="kk",
            code_id=code_id,
            code=house.codes.latest(phone) or "",
        )
        joining.close()
        self.purse = Purse(folder, lambda url: self.bank, clock=self.clock)
        self.session = Session(
            self.purse.store,
            house.url,
            clock=self.clock,
            lock=folder / "session.lock",
            client_id="tests",
        )
        self.sign_in()
        self.bank = HttpBank(house.url, self.session)

    def sign_in(self) -> None:
        """Sign in by a code sent to the telephone."""
        sign_in = SignIn(
            self.house.url,
            clock=self.clock,
            randomness=SystemRandomness(),
            client_id="tests",
        )
        TerminalSignIn(sign_in, lambda _: self.house.codes.latest(self.phone) or "").run(
            self.phone, self.purse.store
        )
        sign_in.close()

    @property
    def headers(self) -> dict[str, str]:
        """What a request of this person carries."""
        return {"authorization": f"Bearer {self.session.access_token()}"}

    def wallet(self, name: str = "tea", *, money: int = 0, overflow: bool = False) -> Wallet:
        """An open wallet, with money from the bank's own."""
        made = self.purse.create(name, bank=self.house.url)
        answer = made.open(
            bank=BANK,
            assets=["KZT"],
            owner_kind="person",
            tier=self.view.tier,
            overflow=overflow,
        )
        assert answer.verdict.accepted, answer
        if money:
            own, country = self.house.own, self.house.country
            assert country.send(own, own.pay(made.id, money)).accepted
        return made

    def close(self) -> None:
        """Let go of file and connections."""
        self.bank.close()
        self.purse.close()
