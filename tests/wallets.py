# SPDX-License-Identifier: Apache-2.0
"""A purse and a bank in memory, for tests of the wallet."""

from pathlib import Path

from kerege.runtime import ManualClock, SeededRandomness
from kerege.wallet import MemoryBank, MemoryKeys, Purse, Wallet

__all__ = ["ADDRESS", "START_US", "Pocket"]

ADDRESS = "http://bank.example"
START_US = 1_800_000_000_000_000


class Pocket:
    """`purse` in `folder`, `bank`, and what was waited for (`waits`) without waiting."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.bank = MemoryBank("altyn-bank")
        self.clock = ManualClock(START_US)
        self.randomness = SeededRandomness(7)
        self.keys = MemoryKeys()
        self.waits: list[float] = []
        self.purse = self.reopened()

    def reopened(self) -> Purse:
        """The purse as the next run of the program opens it."""
        return Purse(
            self.folder,
            lambda _: self.bank.line("aru"),
            keyring=self.keys,
            clock=self.clock,
            randomness=self.randomness,
            sleep=self._wait,
        )

    def wallet(self, name: str = "tea", *, money: int = 1_000_00) -> Wallet:
        """An open wallet with money in it."""
        wallet = self.purse.create(name, bank=ADDRESS)
        answer = wallet.open(bank="altyn-bank", assets=["KZT"], owner_kind="person", tier="basic")
        assert answer.verdict.accepted
        self.bank.give(wallet.id, money)
        return wallet

    def _wait(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.clock.advance_us(int(seconds * 1_000_000))
