# SPDX-License-Identifier: Apache-2.0
"""A core (the twin), banks with wallets of their own, and people who sign: for tests of a bank.

country = Country(tmp_path)
bank = country.bank("altyn-bank", issued=1_000_00)
aru = country.person(bank)
verdict = country.send(aru.pay(shop.wallet, 500))
"""

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from kerege.bank.answer import Answer
from kerege.bank.core_line import CoreLine
from kerege.bank.core_twin import CoreTwin
from kerege.bank.core_twin_line import TwinLine
from kerege.bank.deposits import Deposit
from kerege.bank.desk import Desk
from kerege.bank.money_store import open_money_tables
from kerege.bank.notices import Notice
from kerege.bank.own_wallet import OwnWallet
from kerege.bank.terms import Terms
from kerege.centralbank.register_parameters import MoneyAsset, Parameters, TierCeiling
from kerege.keys import Algorithm, PrivateKey, format_jwk, key_thumbprint, sign_compact
from kerege.ledger import Ledger, OrderId, format_order_id
from kerege.ledger.stores.sqlite import SqliteStore
from kerege.payments.documents import ORDER_TYP, Document, Leg, Open, Pay, encode_document
from kerege.payments.ids import format_wallet_id
from kerege.payments.verdict import Verdict
from kerege.runtime import IdMaker, ManualClock, SeededRandomness
from kerege.runtime.tables import Tables

__all__ = [
    "ASSET",
    "CEILINGS",
    "MINUTE_US",
    "START_US",
    "Books",
    "Branch",
    "Country",
    "Heard",
    "Signer",
]

ASSET = "KZT"
START_US = 1_800_000_000_000_000
MINUTE_US = 60_000_000
CEILINGS = {"phone": 50_000, "full": 1_000_000}

TIERS = {"person": "full", "firm": "shop", "bank": ""}

PARAMETERS = Parameters(
    assets=(MoneyAsset(code=ASSET, reserve=f"{ASSET}-R"),),
    tiers=(
        *(
            TierCeiling(owner_kind="person", name=name, ceilings={ASSET: ceiling})
            for name, ceiling in CEILINGS.items()
        ),
        TierCeiling(owner_kind="firm", name="shop"),
        TierCeiling(owner_kind="firm", name="full"),
    ),
)


class Signer:
    """Whoever holds the key of a wallet."""

    def __init__(self, country: "Country", bank: str, wallet: str, key: PrivateKey) -> None:
        self.country, self.bank, self.wallet, self.key = country, bank, wallet, key

    def sign(self, document: Document) -> bytes:
        """The signed order."""
        kid = key_thumbprint(self.key.public_key)
        return sign_compact(encode_document(document), self.key, kid=kid, typ=ORDER_TYP)

    def pay(self, to: str, amount: int, **more: Any) -> bytes:
        """A signed payment that may be accepted within a minute."""
        document = Pay(
            id=more.pop("order", None) or self.country.order_id(),
            wallet=self.wallet,
            until_us=more.pop("until_us", self.country.clock.now_us() + MINUTE_US),
            asset=ASSET,
            legs=(Leg(to, amount),),
            **more,
        )
        return self.sign(document)

    def open(self, **more: Any) -> bytes:
        """The signed opening of this wallet."""
        document = Open(
            id=self.country.order_id(),
            wallet=self.wallet,
            until_us=self.country.clock.now_us() + MINUTE_US,
            bank=self.bank,
            key=format_jwk(self.key.public_key).decode(),
            assets=(ASSET,),
            **{"owner_kind": "person", "tier": TIERS[more.get("owner_kind", "person")], **more},
        )
        return self.sign(document)


class Country:
    """A core without a network, and everyone's keys."""

    def __init__(self, folder: Path, *, seed: int = 1, start_us: int = START_US) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.randomness = SeededRandomness(seed)
        self.clock = ManualClock(start_us)
        self.core = CoreTwin(folder, self.clock, PARAMETERS)

    def order_id(self) -> str:
        """A fresh order id."""
        return format_order_id(OrderId(self.randomness.draw(16)))

    def signer(self, bank: str) -> Signer:
        """A new wallet id and key, known to nobody yet."""
        key = PrivateKey.generate(Algorithm.ED25519, randomness=self.randomness.draw)
        return Signer(self, bank, format_wallet_id(self.randomness.draw(16)), key)

    def bank(self, name: str, *, issued: int = 0) -> Signer:
        """A bank with its own wallet and overflow account."""
        signer = self.signer(name)
        self.core.open_bank(signer.open(owner_kind="bank", tier=""))
        if issued:
            self.core.issue(name, signer.wallet, ASSET, issued)
        return signer

    def person(self, bank: str, **more: Any) -> Signer:
        """Someone with an empty wallet at `bank`."""
        signer = self.signer(bank)
        (verdict,) = self.line(bank).submit([signer.open(**more)])
        if not verdict.accepted:
            raise AssertionError(verdict)
        return signer

    def line(self, bank: str) -> TwinLine:
        """A bank's line to the core."""
        return TwinLine(self.core, bank)

    def send(self, signer: Signer, text: bytes) -> Verdict:
        """What becomes of a signed order."""
        (verdict,) = self.line(signer.bank).submit([text])
        return verdict

    def balance(self, signer: Signer) -> int:
        """Unmarked minor units in a wallet."""
        return sum(b.balance for b in self.line(signer.bank).balances(signer.wallet))

    def close(self) -> None:
        """Close the core's ledger."""
        self.core.close()


class Books:
    """Terms and owners of a bank's wallets, in memory."""

    def __init__(self) -> None:
        self.by_wallet: dict[str, Terms] = {}

    def terms(self, wallets: Collection[str]) -> Mapping[str, Terms]:
        """Terms by wallet."""
        return {wallet: self.by_wallet[wallet] for wallet in wallets if wallet in self.by_wallet}

    def owners(self, wallets: Sequence[str]) -> Mapping[str, str]:
        """Customers by wallet."""
        return {w: terms.customer for w, terms in self.terms(set(wallets)).items()}


class Heard:
    """A teller that keeps what it is told, as a set of keys would in a table."""

    def __init__(self) -> None:
        self.notices: list[Notice] = []

    def tell(self, connection: sa.Connection, notices: Sequence[Notice]) -> None:
        """Keep notices."""
        self.notices += notices


class Branch:
    """A bank with its own ledger and tables in `folder`; `line` is its line to the core."""

    def __init__(
        self,
        country: Country,
        signer: Signer,
        folder: Path,
        *,
        line: CoreLine | None = None,
        books: Books | None = None,
        ledger: Ledger | None = None,
        tables: Tables | None = None,
        **more: Any,
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.country, self.signer, self.folder = country, signer, folder
        self.books, self.heard = books or Books(), Heard()
        self.ledger = ledger or Ledger(SqliteStore(folder / "deposits.db"), country.clock.now_us)
        self.tables = tables or open_money_tables(f"sqlite:///{folder / 'bank.db'}")
        self.desk = Desk(
            ledger=self.ledger,
            tables=self.tables,
            core=line or country.line(signer.bank),
            own=OwnWallet(signer.bank, signer.wallet, signer.key),
            assets=[(ASSET, 2)],
            terms=self.books,
            owners=self.books,
            clock=country.clock,
            ids=IdMaker(country.clock, country.randomness),
            teller=self.heard,
            **more,
        )

    def customer(self, name: str, *, deposit: int = 0, opening: Any = None, **terms: Any) -> Signer:
        """Someone with a wallet here and perhaps money on deposit."""
        signer = self.country.person(self.signer.bank, **(opening or {}))
        self.books.by_wallet[signer.wallet] = Terms(customer=name, **terms)
        if deposit:
            paid_in = self.desk.deposits.pay_in(name, name, ASSET, deposit)
            if not paid_in.accepted:
                raise AssertionError(paid_in)
        return signer

    def submit(self, signer: Signer, text: bytes) -> Answer:
        """What a customer hears of an order."""
        customer = self.books.by_wallet[signer.wallet].customer
        return self.desk.outgoing.submit(text, customer=customer).result(10)

    def fund(self, signer: Signer, amount: int, *, key: str = "once") -> Answer:
        """From a customer's deposit into the wallet."""
        customer = self.books.by_wallet[signer.wallet].customer
        return self.desk.funding.fund(
            key=key, customer=customer, wallet=signer.wallet, asset=ASSET, amount=amount
        ).result(10)

    def deposit(self, name: str) -> Deposit:
        """A customer's deposit."""
        (found,) = self.desk.deposits.deposits_of(name)
        return found

    def read_events(self) -> None:
        """Take in every core event there is."""
        while self.desk.incoming.read():
            pass

    def position(self) -> int:
        """What stands against the bank's digital money."""
        return self.desk.deposits.balance_of(self.desk.deposits.position(ASSET))

    def close(self) -> None:
        """Close everything of the bank's."""
        self.desk.close()
        self.tables.close()
        self.ledger.close()
