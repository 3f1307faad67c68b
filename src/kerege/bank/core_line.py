# SPDX-License-Identifier: Apache-2.0
"""What a bank needs of the core, and the one way its answer may fail to come.

Three things can happen to whatever is sent: an answer, a refusal by the core as a client (an
error of `KeregeError`'s family that says what to put right), or `CoreUnreachable`: then nothing is
known, and the same must be sent again. Everything here may be repeated without harm.
"""

from collections.abc import Sequence
from typing import Final, Protocol

from msgspec import Struct

from kerege.errors import KeregeError
from kerege.payments.events import Page
from kerege.payments.holdings import Balance, Line, WalletView
from kerege.payments.vat_claims import OpenClaims
from kerege.payments.verdict import Verdict
from kerege.programmes.contract_tree import ContractTree
from kerege.programmes.published import ProgrammeList, ProgrammePage
from kerege.programmes.report import ProgrammeReport
from kerege.programmes.vat_graph import VatGraph

__all__ = [
    "MAX_EVENTS",
    "MAX_LINES",
    "MAX_SUBMITTED",
    "MAX_SUBMITTED_BYTES",
    "CoreLine",
    "CoreUnreachable",
    "Resolved",
]

MAX_SUBMITTED: Final = 4_096
"""Orders in one submission, as the core's API takes them."""

MAX_SUBMITTED_BYTES: Final = 8 * 1024 * 1024
"""Bytes of one submission, likewise."""

MAX_EVENTS: Final = 1_000
"""Events in one page."""

MAX_LINES: Final = 1_000
"""Lines of a statement in one page."""


class CoreUnreachable(KeregeError):
    """No answer, or none that can be trusted: whether it took effect is not known."""


class Resolved(Struct, frozen=True):
    """Where an alias leads: a wallet, and the institution that keeps it."""

    wallet: str
    bank: str


class CoreLine(Protocol):
    """One institution's line to the core. Safe to use from several threads.

    Every call raises `CoreUnreachable` where no answer came.
    """

    def submit(self, texts: Sequence[bytes]) -> list[Verdict]:
        """Send signed orders, at most `MAX_SUBMITTED` and `MAX_SUBMITTED_BYTES`; one verdict
        each, in their order. The first answer stands however often the same text is sent."""

    def try_out(self, text: bytes) -> Verdict:
        """What would become of a signed order now; changes nothing."""

    def verdict(self, order_id: str) -> Verdict | None:
        """What became of an order; None if the core never decided one of that id."""

    def receipt(self, order_id: str) -> str | None:
        """An accepted order's receipt (C2SP tlog-proof text), None until it has one."""

    def wallet(self, wallet: str) -> WalletView | None:
        """Facts of a wallet, None if there is none."""

    def balances(self, wallet: str) -> list[Balance]:
        """Balances of a wallet this institution keeps, one per asset and mark."""

    def statement(
        self, wallet: str, *, asset: str, before: int | None = None, limit: int = 100
    ) -> list[Line]:
        """Movements of a wallet this institution keeps, newest first."""

    def events(self, after: int, *, limit: int, wait_s: int = 0) -> Page:
        """Events behind the cursor `after` (-1: from the beginning), at most `limit`; waits up to
        `wait_s` seconds for the first."""

    def programmes(self, *, after: str = "") -> ProgrammeList:
        """A page of published programmes, by id from behind `after`."""

    def programme(self, programme: str, *, version: int = 0) -> ProgrammePage | None:
        """One programme with the terms of a version (0: the newest); None if there is none."""

    def programme_report(
        self, programme: str, *, from_us: int, until_us: int
    ) -> ProgrammeReport | None:
        """What became of a programme's money in a period (µs); None unless this institution keeps
        the wallet of one whom its terms let read. So for the three that follow, which are also None
        for a programme of another kind."""

    def contract_tree(self, programme: str) -> ContractTree | None:
        """A programme's contracts, and where its money is among them."""

    def vat_graph(self, programme: str) -> VatGraph | None:
        """Who invoices whom, and patterns to look at."""

    def vat_claims(self, programme: str) -> OpenClaims | None:
        """Claims of value-added tax that wait, with suggested answers."""

    def put_alias(self, tag: str, wallet: str) -> None:
        """Let a blinded alias lead to a wallet this institution keeps."""

    def drop_alias(self, tag: str) -> None:
        """Take a blinded alias out of the directory."""

    def resolve(self, tag: str) -> Resolved | None:
        """Where a blinded alias leads; None if unknown or unlisted."""
