# SPDX-License-Identifier: Apache-2.0
"""A small currency, step by step: what `kerege demo` does and tells.

Every step is the real thing: a ledger in a file, a log in a folder any web server could
serve, witnesses in processes of their own. A step may be taken again, also by a later run
on the same folder: what was done before is found done.
"""

import hashlib
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Final

from kerege.centralbank import LedgerLeaves, ReceiptDesk
from kerege.centralbank.audit import FullReport, audit_export
from kerege.errors import KeregeError
from kerege.keys import (
    SALT_KEY_BYTES,
    NamedPrivateKey,
    PrivateKey,
    SignatureType,
    load_note_key,
    load_salt_key,
    save_note_key,
    save_salt_key,
)
from kerege.ledger.account import Cell, Role
from kerege.ledger.exporting import export_lines
from kerege.ledger.ids import UNMARKED, AccountId, OrderId
from kerege.ledger.ledger import Ledger
from kerege.ledger.order import DeclareAsset, OpenAccount, Order, Step
from kerege.ledger.outcome import Outcome
from kerege.ledger.stores.sqlite import SqliteStore
from kerege.runtime import Clock, IdMaker, SystemRandomness
from kerege.sandbox.witness_process import WitnessProcess
from kerege.translog.checkpoint import Checkpoint
from kerege.translog.files import DiskFiles
from kerege.translog.integrator import Integrator
from kerege.translog.integrator_record import SignedRecord
from kerege.translog.leaf import salt_for
from kerege.translog.log_files import LogStore
from kerege.translog.note import Ed25519NoteSigner
from kerege.translog.policy_text import parse_policy
from kerege.translog.receipt import format_receipt
from kerege.translog.trust import PolicyAt
from kerege.translog.witness import WitnessPanel

__all__ = ["ASSET", "PEOPLE", "SCALE", "Tour"]

ASSET: Final = "KZT"
SCALE: Final = 2
PEOPLE: Final = ("Steppe Bank", "Aigerim", "Daniyar's shop")
"""Account holders of the tour, made up; the ledger knows them as owner-0, owner-1, ..."""

_ORIGIN: Final = "demo.kerege.example/ledger"
_HOLDING_LIMIT: Final = 500_000_00
_US: Final = 1_000_000
_WITNESSES: Final = ("north", "south")


class Tour:
    """A currency in `folder`. Use as a context: witnesses run until it ends."""

    def __init__(self, folder: Path, clock: Clock) -> None:
        self._clock = clock
        self._ids = IdMaker(clock, SystemRandomness())
        self._stack = ExitStack()
        self.folder = folder
        _refuse_the_folder_of_others(folder)
        folder.mkdir(parents=True, exist_ok=True)
        self._store = SqliteStore(folder / "ledger.db")
        self.ledger = Ledger(self._store, clock.now_us)
        self._stack.callback(self.ledger.close)
        (folder / "keys").mkdir(exist_ok=True)
        self._salt_key = self._find_salt_key()
        self._log_key = self._find_log_key()
        self._log_files = DiskFiles(folder / "log")
        self._signed_files = DiskFiles(folder / "signed")
        self._stack.callback(self._log_files.unlock)
        self._stack.callback(self._signed_files.unlock)
        self._log = LogStore(self._log_files)
        self.accounts: dict[str, AccountId] = {}
        self.issuer = AccountId(0)

    def __enter__(self) -> "Tour":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stack.close()

    @property
    def log_vkey(self) -> str:
        """The log's public key, as anyone who verifies it has it."""
        return self._log_key.public.to_vkey()

    def open_accounts(self) -> Outcome:
        """Declare the asset and open the accounts, in one order that is the same every time."""
        issuer = OpenAccount(ASSET, Role.ISSUER, "issuer", floor=None)
        holders = (
            OpenAccount(ASSET, Role.HOLDER, f"owner-{n}", ceiling=_HOLDING_LIMIT if n else None)
            for n in range(len(PEOPLE))
        )
        steps: tuple[Step, ...] = (DeclareAsset(ASSET, SCALE), issuer, *holders)
        order_id = OrderId(hashlib.sha256(b"kerege demo: accounts").digest()[:16])
        outcome = self.ledger.post([Order(order_id, steps)])[0]
        self.issuer = AccountId(outcome.results[1])
        self.accounts = {
            name: AccountId(account)
            for name, account in zip(PEOPLE, outcome.results[2:], strict=True)
        }
        return outcome

    def order(self, *steps: Step) -> Order:
        """A new order of these steps."""
        return Order(OrderId(self._ids.make()), steps)

    def post(self, order: Order) -> Outcome:
        """Post one order."""
        return self.ledger.post([order])[0]

    def cell(self, name: str) -> Cell:
        """What a person of the tour has."""
        return self.ledger.cells(self.accounts[name])[UNMARKED]

    def in_circulation(self) -> int:
        """Minor units issued and not redeemed: the mirror of the issuer's balance."""
        return -self.ledger.cells(self.issuer)[UNMARKED].balance

    def start_witnesses(self) -> list[str]:
        """Start the witnesses; returns their public keys, and writes a policy that wants all."""
        endpoints, vkeys = [], []
        for name in _WITNESSES:
            folder = self.folder / "witnesses" / name
            witness = WitnessProcess(folder, name=f"{name}.witness.example")
            self._stack.enter_context(witness)
            endpoints.append(witness.start(self.log_vkey))
            vkeys.append(witness.vkey)
        self._integrator = Integrator(
            origin=_ORIGIN,
            signers=[Ed25519NoteSigner(self._log_key.name, self._log_key.private_key)],
            source=LedgerLeaves(self._store, self._salt_key),
            log=self._log,
            signed=SignedRecord(self._signed_files),
            cosign=WitnessPanel(endpoints, clock=self._clock),
        )
        self._write_policy(vkeys)
        return vkeys

    def publish(self) -> Checkpoint | None:
        """Put what was accepted into the log, have it cosigned, publish; None if nothing is new."""
        return self._integrator.run_once()

    def write_receipt(self, order_id: OrderId) -> Path:
        """The receipt of an accepted, published order, in a file."""
        desk = ReceiptDesk(self.ledger, self._log, self._salt_key)
        path = self.folder / "receipt.txt"
        path.write_bytes(format_receipt(desk.receipt(order_id)))
        return path

    def write_export(self) -> Path:
        """The whole ledger as text, for an auditor."""
        path = self.folder / "export.jsonl"
        with self._store.snapshot() as snapshot, path.open("wb") as file:
            file.writelines(
                export_lines(snapshot, salt_of=lambda order_id: salt_for(self._salt_key, order_id))
            )
        return path

    def audit(self) -> FullReport:
        """Recompute balances and log from the export alone, against the published checkpoint
        as the policy believes it."""
        return audit_export(self.folder / "export.jsonl", checkpoint=self._believed())

    def _believed(self) -> Checkpoint | None:
        note = self._log.read_checkpoint()
        if note is None:
            return None
        policy = parse_policy(self.policy.read_bytes())
        return PolicyAt(policy, now_s=self._clock.now_us() // _US).open_checkpoint(note)

    @property
    def policy(self) -> Path:
        """The public keys a receipt is verified with."""
        return self.folder / "policy.txt"

    def _write_policy(self, vkeys: list[str]) -> None:
        witnesses = [f"witness {n} {k}" for n, k in zip(_WITNESSES, vkeys, strict=True)]
        group = f"group all-of-them all {' '.join(_WITNESSES)}"
        lines = [f"log {self.log_vkey}", *witnesses, group, "quorum all-of-them"]
        self.policy.write_text("\n".join(lines) + "\n", "utf-8")

    def _find_salt_key(self) -> bytes:
        path = self.folder / "keys" / "salt"
        if not path.exists():
            save_salt_key(path, SystemRandomness().draw(SALT_KEY_BYTES))
        return load_salt_key(path)

    def _find_log_key(self) -> NamedPrivateKey:
        path = self.folder / "keys" / "log"
        if not path.exists():
            private = PrivateKey.generate(SignatureType.ED25519.algorithm)
            save_note_key(path, NamedPrivateKey(_ORIGIN, SignatureType.ED25519, private))
        return load_note_key(path)


def _refuse_the_folder_of_others(folder: Path) -> None:
    if folder.is_dir() and any(folder.iterdir()) and not (folder / "ledger.db").exists():
        raise KeregeError(
            "the folder holds other things, and no ledger of an earlier run",
            place=str(folder),
            remedy="name a new or empty folder",
        )
