# SPDX-License-Identifier: Apache-2.0
"""A core node on this machine for one test, with banks, people and money at it.

with Core(tmp_path) as core, core.client("altyn-bank") as altyn:
    aru = core.open("altyn-bank")
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Self

from kerege.centralbank.core_settings import CoreSettings, read_core_settings
from kerege.centralbank.node import CoreNode
from kerege.centralbank.register_parameters import encode_parameters
from kerege.centralbank.register_participants import Licence, Participant, Quota, Role
from kerege.centralbank.stores import participants
from kerege.centralbank.stores.changes import Change, note_changes
from kerege.keys import (
    Algorithm,
    NamedPrivateKey,
    PrivateKey,
    SignatureType,
    format_jwk,
    save_note_key,
    save_salt_key,
    sign_compact,
)
from kerege.ledger import AccountId, Order, OrderId, Transfer
from kerege.payments import (
    ORDER_TYP,
    Document,
    Leg,
    Open,
    ParticipantId,
    Pay,
    Verdict,
    WalletId,
    encode_document,
)
from kerege.runtime import SystemClock, SystemRandomness
from kerege.service import NodeClient, Server, listen_on, serving
from tests.registers import HOUR_US, PARAMETERS, Wallet, key_of, kid_of

__all__ = ["ORIGIN", "Core", "write_settings"]

ORIGIN = "core.test/ledger"


def write_settings(
    folder: Path,
    *,
    ledger: str = "",
    register: str = "",
    listen: str = "127.0.0.1:0",
    more: str = "",
) -> Path:
    """A core's folder: keys, parameters, `core.toml`. Keys are found again; returns the file."""
    keys = folder / "keys"
    if not keys.exists():
        keys.mkdir(parents=True)
        private = PrivateKey.generate(Algorithm.ED25519)
        save_note_key(keys / "log", NamedPrivateKey(ORIGIN, SignatureType.ED25519, private))
        save_salt_key(keys / "salt", bytes(range(32)))
        (folder / "parameters.json").write_bytes(encode_parameters(PARAMETERS))
    staff = "\n".join(f"{name} = '{_jwk(name)}'" for name in ("staff-aru", "staff-bek"))
    path = folder / "core.toml"
    path.write_text(
        f"""
        listen = "{listen}"
        ledger = "{ledger or "sqlite:///ledger.db"}"
        register = "{register or "sqlite:///register.db"}"
        {more}
        [log]
        origin = "{ORIGIN}"
        [founding]
        parameters = "parameters.json"
        operator = '{_jwk("operator")}'
        [founding.staff]
        {staff}
        """,
        "utf-8",
    )
    return path


def _jwk(name: str) -> str:
    return format_jwk(key_of(name).public_key).decode()


class Core:
    """A core in `folder`, served in this process. Use as a context."""

    def __init__(self, folder: Path, *, settings: CoreSettings | None = None) -> None:
        self.clock = SystemClock()
        self.settings = settings or read_core_settings(write_settings(folder))
        self._stack = ExitStack()
        self._listener = listen_on(self.settings.listen, shared=self.settings.shared)
        try:
            self.node = CoreNode(
                self.settings,
                clock=self.clock,
                randomness=SystemRandomness(),
                authority=lambda: self.settings.authority(self.server.authority),
            )
        except BaseException:
            self._listener.close()
            raise
        self.server = Server(self.node.app, self._listener, on_stopping=self.node.stop_streams)
        self.url = self.server.url
        self._ids = iter(range(1, 10**9))

    def __enter__(self) -> Self:
        self._stack.callback(self.node.close)
        self.node.start()
        self._stack.enter_context(serving(self.server))
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    @contextmanager
    def client(self, name: str, *, url: str = "") -> Iterator[NodeClient]:
        """A client that signs with the key of this name; unsigned if it is empty."""
        key = key_of(name) if name else None
        client = NodeClient(
            url or self.url,
            clock=self.clock,
            randomness=SystemRandomness(),
            key=key,
            keyid=kid_of(key) if key else "",
        )
        try:
            yield client
        finally:
            client.close()

    def admit(
        self, name: str, *roles: str, quota: Quota | None = None, suspended: bool = False
    ) -> None:
        """Admit a participant with the key of its name, an intermediary unless told otherwise."""
        key = key_of(name)
        tables = self.node.register._tables
        with tables.begin() as connection:
            participants.insert_participant(
                connection,
                Participant(
                    id=ParticipantId(name),
                    roles=frozenset(roles or {Role.INTERMEDIARY}),
                    keys={kid_of(key): key.public_key},
                    licence=Licence(name={"en": name.title()}),
                    quota=quota or Quota(),
                ),
            )
            if suspended:
                participants.set_suspended(connection, ParticipantId(name), True)
            note_changes(connection, [Change("participant", name)])
        self.node.register._facts.look()

    def bank(self, name: str, **more: object) -> Wallet:
        """Admit an intermediary and open its own wallet."""
        self.admit(name, **more)  # type: ignore[arg-type]
        return self.open(name, owner_kind="bank", tier="")

    def open(self, bank: str, **more: object) -> Wallet:
        """Open a wallet at a bank; it must be accepted."""
        number = self.number()
        key = key_of(f"wallet {bank} {number}")
        values: dict[str, object] = {
            "id": f"ord_{number:032x}",
            "wallet": f"wal_{number:032x}",
            "until_us": self.clock.now_us() + HOUR_US,
            "bank": bank,
            "key": format_jwk(key.public_key).decode(),
            "assets": ("KZT",),
            "owner_kind": "person",
            "tier": "full",
        }
        document = Open(**(values | more))  # type: ignore[arg-type]
        verdict = self.node.register.open_wallet(
            document, self.sign(document, key), ParticipantId(bank)
        )
        assert verdict.accepted, verdict
        return Wallet(WalletId(document.wallet), key)

    def number(self) -> int:
        """A number nobody had, also in later runs on the same folder."""
        return self.clock.now_us() << 20 | next(self._ids)

    def sign(self, document: Document, key: PrivateKey) -> bytes:
        """A document as a wallet sends it."""
        return sign_compact(encode_document(document), key, kid=kid_of(key), typ=ORDER_TYP)

    def account(self, wallet: Wallet) -> AccountId:
        """A wallet's account of tenge."""
        facts = self.node.register.wallet(wallet.id)
        assert facts is not None
        return facts.accounts["KZT"]

    def give(self, wallet: Wallet, amount: int) -> None:
        """Put new money into a wallet."""
        issuer = AccountId(self.node.register.accounts().issuers["KZT"])
        order_id = OrderId(self.number().to_bytes(16, "big"))
        order = Order(order_id, (Transfer(issuer, self.account(wallet), amount),))
        assert self.node.ledger.post([order])[0].accepted

    def pay(self, payer: Wallet, payee: Wallet, amount: int, **more: object) -> str:
        """A signed payment, as text."""
        values: dict[str, object] = {
            "id": f"ord_{self.number():032x}",
            "wallet": payer.id,
            "until_us": self.clock.now_us() + HOUR_US,
            "asset": "KZT",
            "legs": (Leg(to=payee.id, amount=amount),),
        }
        return self.sign(Pay(**(values | more)), payer.key).decode()  # type: ignore[arg-type]


def must(verdict: Verdict) -> Verdict:
    """The verdict, which has to be an acceptance."""
    assert verdict.accepted, verdict
    return verdict
