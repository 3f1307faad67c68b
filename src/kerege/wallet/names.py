# SPDX-License-Identifier: Apache-2.0
"""One's aliases at a bank: claim, list, give up, and what payers see of one's name."""

from typing import Literal

from kerege.wallet.http_bank import HttpBank
from kerege.wallet.wire import AliasList, AliasView

__all__ = ["Names"]


class Names:
    """Aliases over the line `bank`. Every call raises `BankUnreachable` or `BankRefused`."""

    def __init__(self, bank: HttpBank) -> None:
        self._bank = bank

    def claim(self, alias: str, wallet: str) -> AliasView:
        """Let an alias lead to a wallet; again changes nothing."""
        body = {"alias": alias, "wallet": wallet}
        return self._bank.ask("POST", "/v1/aliases", AliasView, body=body)

    def release(self, alias: str) -> None:
        """Give up an alias."""
        self._bank.tell("POST", "/v1/aliases/release", body={"alias": alias})

    def listed(self) -> list[AliasView]:
        """All one's aliases."""
        return self._bank.ask("GET", "/v1/aliases", AliasList).aliases

    def show(self, what: Literal["masked", "nothing"]) -> None:
        """Choose what payers see of one's name: initials, or nothing."""
        self._bank.tell("PUT", "/v1/aliases/name", body={"shows": what})
