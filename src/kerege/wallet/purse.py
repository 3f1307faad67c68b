# SPDX-License-Identifier: Apache-2.0
"""The purse: a person's folder of wallets, with their keys, orders, receipts and sessions."""

import time
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Final

from kerege.keys import Algorithm, SigningKey
from kerege.payments import WalletId, format_wallet_id, parse_wallet_id
from kerege.runtime.clock import Clock, SystemClock
from kerege.runtime.ids import IdMaker
from kerege.runtime.randomness import Randomness, SystemRandomness
from kerege.wallet.keyring import KeyFolder, Keyring
from kerege.wallet.line import BankLine
from kerege.wallet.sending import Sender
from kerege.wallet.store import KnownWallet, WalletFileError, WalletStore
from kerege.wallet.wallet import Wallet
from kerege.wallet.wire import Answer, Notice

__all__ = ["Purse"]

_FILE: Final = "wallet.db"
_KEYS: Final = "keys"


class Purse:
    """Opens and makes wallets in one folder; close it when done.

    `line_to(bank)` gives the line to the bank at that address.
    """

    def __init__(
        self,
        folder: Path,
        line_to: Callable[[str], BankLine],
        *,
        keyring: Keyring | None = None,
        clock: Clock | None = None,
        randomness: Randomness | None = None,
        sleep: Callable[[float], None] = time.sleep,
        patience_s: float = 30.0,
    ) -> None:
        """Open `folder`, made if it is not there. Raises `WalletFileError`."""
        # Before the keys' folder, which would make this one for everybody to look into.
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._keyring = keyring or KeyFolder(folder / _KEYS)
        self._line_to = line_to
        self._clock = clock or SystemClock()
        self._randomness = randomness or SystemRandomness()
        self._ids = IdMaker(self._clock, self._randomness)
        self._sleep = sleep
        self._patience_s = patience_s
        self.store = WalletStore(folder / _FILE)

    def close(self) -> None:
        """Let go of the file."""
        self.store.close()

    def __enter__(self) -> "Purse":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def create(
        self,
        name: str,
        *,
        bank: str,
        algorithm: Algorithm = Algorithm.ED25519,
        passphrase: str | None = None,
    ) -> Wallet:
        """Make a wallet's id and key; `Wallet.open` then has the bank at address `bank` open it.

        Raises `WalletFileError` if `name` is taken.
        """
        wallet = format_wallet_id(self._randomness.draw(16))
        known = KnownWallet(
            id=wallet, name=name, bank=bank, sealed=passphrase is not None, opened=False
        )
        self._keyring.make(wallet, algorithm, passphrase=passphrase)
        self.store.add_wallet(known)
        return self._assemble(known, passphrase)

    def names(self) -> list[KnownWallet]:
        """All wallets in this purse, oldest first."""
        return self.store.wallets()

    def find(self, name: str = "") -> KnownWallet:
        """A wallet by name or id; without one, the only wallet. Raises `WalletFileError`."""
        known = self.store.wallets()
        matching = [each for each in known if not name or name in (each.name, each.id)]
        if len(matching) == 1:
            return matching[0]
        if not matching:
            raise WalletFileError(
                f"there is no wallet {name!r} here" if name else "there is no wallet here yet",
                remedy="see `kerege wallet list`, or make one with `kerege wallet create`",
            )
        raise WalletFileError(
            "there are several wallets here",
            remedy=f"say which: {', '.join(each.name for each in known)}",
        )

    def open(self, name: str = "", *, passphrase: str | None = None) -> Wallet:
        """The wallet called `name` with its key. Raises `WalletFileError`, `KeyFileError`."""
        known = self.find(name)
        if known.sealed and passphrase is None:
            raise WalletFileError(
                f"the key of {known.name!r} is sealed", remedy="give its passphrase"
            )
        return self._assemble(known, passphrase if known.sealed else None)

    def recover(
        self,
        name: str,
        *,
        wallet: str,
        bank: str,
        recovery: SigningKey,
        algorithm: Algorithm = Algorithm.ED25519,
        passphrase: str | None = None,
    ) -> Answer:
        """Give `wallet`, whose key is lost, a new key that this purse keeps under `name`.

        Signed with the recovery key that the wallet was opened with, which stays good. Raises
        `WalletFileError` if `name` is taken, `MalformedName`, or as `Wallet.send`; then
        `Wallet.resume` goes on with it.
        """
        known = KnownWallet(
            id=parse_wallet_id(wallet),
            name=name,
            bank=bank,
            sealed=passphrase is not None,
            opened=True,
        )
        self.store.add_wallet(known)
        self._keyring.make(known.id, algorithm, passphrase=passphrase)
        return self._assemble(known, passphrase).take_over(recovery)

    def moved(self, name: str, bank: str) -> None:
        """Note that the bank at address `bank` keeps a wallet now. Raises `WalletFileError`."""
        self.store.move_wallet(self.find(name).id, bank.rstrip("/"))

    def watch(self, bank: str, *, wait_s: float = 60.0) -> Generator[Notice, None, None]:
        """What happened since last time, then what happens, until `wait_s` passed in silence.

        Each notice is marked as read when the next one is asked for: one that was not looked at
        to the end comes again.
        """
        after = self.store.read_until(bank)
        for notice in self._line_to(bank).notices(after=after, wait_s=wait_s):
            yield notice
            self.store.save_read_until(bank, notice.id)

    def _assemble(self, known: KnownWallet, passphrase: str | None) -> Wallet:
        line = self._line_to(known.bank)
        return Wallet(
            known,
            self._keyring.find(WalletId(known.id), passphrase=passphrase),
            line=line,
            store=self.store,
            sender=Sender(
                self.store,
                line,
                self._clock,
                sleep=self._sleep,
                name=known.name,
                patience_s=self._patience_s,
            ),
            clock=self._clock,
            ids=self._ids,
        )
