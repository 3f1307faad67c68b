# SPDX-License-Identifier: Apache-2.0
"""One institution's line to the twin: `CoreLine` without a network."""

from collections.abc import Sequence

from kerege.bank.core_line import Resolved
from kerege.bank.core_twin import CoreTwin
from kerege.payments.events import Page
from kerege.payments.holdings import Balance, Line, WalletView
from kerege.payments.ids import ParticipantId
from kerege.payments.vat_claims import OpenClaims
from kerege.payments.verdict import Verdict
from kerege.programmes.contract_tree import ContractTree
from kerege.programmes.published import ProgrammeList, ProgrammePage
from kerege.programmes.report import ProgrammeReport
from kerege.programmes.vat_graph import VatGraph

__all__ = ["TwinLine"]


class TwinLine:
    """`CoreLine` of `bank`; it is always reached, so a wait for events ends at once."""

    def __init__(self, core: CoreTwin, bank: str) -> None:
        self._core = core
        self._bank = ParticipantId(bank)

    def submit(self, texts: Sequence[bytes]) -> list[Verdict]:
        """See `CoreLine.submit`."""
        return self._core.submit(self._bank, texts)

    def try_out(self, text: bytes) -> Verdict:
        """See `CoreLine.try_out`."""
        return self._core.try_out(self._bank, text)

    def verdict(self, order_id: str) -> Verdict | None:
        """See `CoreLine.verdict`."""
        return self._core.verdict(order_id)

    def receipt(self, order_id: str) -> str | None:
        """Always None: the twin keeps no log."""
        del order_id
        return None

    def wallet(self, wallet: str) -> WalletView | None:
        """See `CoreLine.wallet`."""
        return self._core.view(self._bank, wallet)

    def balances(self, wallet: str) -> list[Balance]:
        """See `CoreLine.balances`."""
        return self._core.balances(self._bank, wallet)

    def statement(
        self, wallet: str, *, asset: str, before: int | None = None, limit: int = 100
    ) -> list[Line]:
        """See `CoreLine.statement`."""
        return self._core.statement(self._bank, wallet, asset=asset, before=before, limit=limit)

    def events(self, after: int, *, limit: int, wait_s: int = 0) -> Page:
        """See `CoreLine.events`."""
        del wait_s
        return self._core.events(self._bank, after, limit)

    def programmes(self, *, after: str = "") -> ProgrammeList:
        """See `CoreLine.programmes`."""
        return self._core.programmes(after)

    def programme(self, programme: str, *, version: int = 0) -> ProgrammePage | None:
        """See `CoreLine.programme`."""
        return self._core.programme(programme, version)

    def programme_report(
        self, programme: str, *, from_us: int, until_us: int
    ) -> ProgrammeReport | None:
        """See `CoreLine.programme_report`."""
        reports = self._core.reports(self._bank, programme)
        return reports and reports.report.report(programme, from_us=from_us, until_us=until_us)

    def contract_tree(self, programme: str) -> ContractTree | None:
        """See `CoreLine.contract_tree`."""
        reports = self._core.reports(self._bank, programme)
        return reports and reports.trees.tree(programme)

    def vat_graph(self, programme: str) -> VatGraph | None:
        """See `CoreLine.vat_graph`."""
        reports = self._core.reports(self._bank, programme)
        return reports and reports.vat.graph(programme)

    def vat_claims(self, programme: str) -> OpenClaims | None:
        """See `CoreLine.vat_claims`."""
        reports = self._core.reports(self._bank, programme)
        return reports and reports.vat.claims(programme)

    def put_alias(self, tag: str, wallet: str) -> None:
        """See `CoreLine.put_alias`."""
        self._core.put_alias(tag, wallet)

    def drop_alias(self, tag: str) -> None:
        """See `CoreLine.drop_alias`."""
        self._core.drop_alias(tag)

    def resolve(self, tag: str) -> Resolved | None:
        """See `CoreLine.resolve`."""
        return self._core.resolve(tag)
