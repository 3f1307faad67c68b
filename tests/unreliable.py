# SPDX-License-Identifier: Apache-2.0
"""A line to the core that does what a test tells it to."""

from collections.abc import Sequence

from kerege.bank.core_line import CoreUnreachable
from kerege.bank.core_twin import CoreTwin
from kerege.bank.core_twin_line import TwinLine
from kerege.payments.holdings import Balance
from kerege.payments.verdict import Verdict

__all__ = ["Silent"]


class Silent(TwinLine):
    """Silent when told so: before the core heard (`is_silent`), or after (`is_deaf`)."""

    def __init__(self, core: CoreTwin, bank: str) -> None:
        super().__init__(core, bank)
        self.is_silent = False
        self.is_deaf = False
        self.heard: list[tuple[bytes, ...]] = []

    def submit(self, texts: Sequence[bytes]) -> list[Verdict]:
        """See `CoreLine.submit`."""
        self._speak()
        self.heard.append(tuple(texts))
        verdicts = super().submit(texts)
        if self.is_deaf:
            raise CoreUnreachable("the connection broke")
        return verdicts

    def verdict(self, order_id: str) -> Verdict | None:
        """See `CoreLine.verdict`."""
        self._speak()
        return super().verdict(order_id)

    def balances(self, wallet: str) -> list[Balance]:
        """See `CoreLine.balances`."""
        self._speak()
        return super().balances(wallet)

    def _speak(self) -> None:
        if self.is_silent:
            raise CoreUnreachable("no connection")
