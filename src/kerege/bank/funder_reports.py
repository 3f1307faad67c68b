# SPDX-License-Identifier: Apache-2.0
"""What became of a programme's money, for the customer who funds it and whom its terms name.

The core tells this bank, which keeps the funder's wallet; the bank tells the wallet's owner. For
anybody else there is nothing of this name, as for a programme there is none of. A report costs the
core seconds, so that they are counted.
"""

from collections.abc import Callable
from typing import Final, TypeVar

from kerege.bank.core_line import CoreLine
from kerege.bank.customer import CustomerId
from kerege.bank.ownership import NothingHere, Ownership
from kerege.bank.programmes import Programmes
from kerege.bank.throttle import AskedTooOften, Rule, Throttle
from kerege.payments.vat_claims import OpenClaims
from kerege.programmes.contract_tree import ContractTree
from kerege.programmes.report import ProgrammeReport
from kerege.programmes.vat_graph import VatGraph

__all__ = ["ASKED_PER_MINUTE", "AskedTooOften", "FunderReports"]

ASKED_PER_MINUTE: Final = Rule("reports of programmes", 30, 60)
"""For each customer, all nodes together: pages of a year's report, and a look at each figure."""

_T = TypeVar("_T")


class FunderReports:
    """Passes reports on to customers of one bank. Safe among threads; blocks for long."""

    def __init__(
        self, core: CoreLine, programmes: Programmes, ownership: Ownership, throttle: Throttle
    ) -> None:
        self._core = core
        self._programmes = programmes
        self._ownership = ownership
        self._throttle = throttle

    def report(
        self, actor: CustomerId, programme: str, *, from_us: int, until_us: int
    ) -> ProgrammeReport | AskedTooOften:
        """A period (µs, the end not in it), or as far as one report reads.

        Raises `NothingHere`, `CoreUnreachable`, as all that follow.
        """
        return self._told(
            actor,
            programme,
            lambda: self._core.programme_report(programme, from_us=from_us, until_us=until_us),
        )

    def tree(self, actor: CustomerId, programme: str) -> ContractTree | AskedTooOften:
        """Contracts, and where the money is among them."""
        return self._told(actor, programme, lambda: self._core.contract_tree(programme))

    def vat_graph(self, actor: CustomerId, programme: str) -> VatGraph | AskedTooOften:
        """Who invoices whom, and what to look at."""
        return self._told(actor, programme, lambda: self._core.vat_graph(programme))

    def vat_claims(self, actor: CustomerId, programme: str) -> OpenClaims | AskedTooOften:
        """Claims that wait, with suggested answers."""
        return self._told(actor, programme, lambda: self._core.vat_claims(programme))

    def _told(
        self, actor: CustomerId, programme: str, ask: Callable[[], _T | None]
    ) -> _T | AskedTooOften:
        self._require(actor, programme)
        if wait_s := self._throttle.wait_s(actor.encode(), (ASKED_PER_MINUTE,)):
            return AskedTooOften(wait_s)
        found = ask()
        if found is None:
            raise NothingHere("programme")
        return found

    def _require(self, actor: CustomerId, programme: str) -> None:
        """Raises `NothingHere` unless a wallet of `actor`'s is named by the newest terms."""
        page = self._programmes.page(programme)
        mine = self._ownership.wallets(actor)
        if page is None or page.document.readers.isdisjoint(mine):
            raise NothingHere("programme")
