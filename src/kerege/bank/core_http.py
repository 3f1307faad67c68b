# SPDX-License-Identifier: Apache-2.0
"""The bank's line to a real core, over HTTP: `CoreLine` by signed requests.

What the core does not answer in time, or answers with "later", is `CoreUnreachable`: the same is
sent again. What it refuses of a request as such (`Refused`) is a fault of this bank's set-up.
"""

from collections.abc import Sequence
from typing import Final, TypeVar
from urllib.parse import quote

import msgspec
from msgspec import Struct

from kerege.bank.core_line import CoreUnreachable, Resolved
from kerege.bank.directory import AliasTaken
from kerege.payments import Verdict
from kerege.payments.events import Page
from kerege.payments.holdings import Balance, Line, WalletView
from kerege.payments.vat_claims import OpenClaims
from kerege.programmes.contract_tree import ContractTree
from kerege.programmes.published import ProgrammeList, ProgrammePage
from kerege.programmes.report import ProgrammeReport
from kerege.programmes.vat_graph import VatGraph
from kerege.service import NodeClient, Refused, Unreachable

__all__ = ["HttpCore"]

_NOT_FOUND: Final = 404
_NOT_ALLOWED: Final = "not_allowed"
_TAKEN: Final = "alias_taken"
_T = TypeVar("_T")


class _Orders(Struct):
    orders: list[str]


class _Verdicts(Struct):
    verdicts: list[Verdict]


class _Order(Struct):
    order: str


class _Balances(Struct):
    balances: list[Balance]


class _Lines(Struct):
    lines: list[Line]


class _Alias(Struct):
    tag: str
    wallet: str


class _Tag(Struct):
    tag: str


class HttpCore:
    """`CoreLine` to the core at the other end of `client`. Safe to use from several threads."""

    def __init__(self, client: NodeClient) -> None:
        self._client = client

    def close(self) -> None:
        """Close its connections."""
        self._client.close()

    def submit(self, texts: Sequence[bytes]) -> list[Verdict]:
        """See `CoreLine.submit`."""
        body = _Orders([text.decode("ascii", "replace") for text in texts])
        return self._post("/v1/orders", body, _Verdicts).verdicts

    def try_out(self, text: bytes) -> Verdict:
        """See `CoreLine.try_out`."""
        return self._post("/v1/orders/try", _Order(text.decode("ascii", "replace")), Verdict)

    def verdict(self, order_id: str) -> Verdict | None:
        """See `CoreLine.verdict`."""
        return self._get(f"/v1/orders/{quote(order_id)}", Verdict)

    def receipt(self, order_id: str) -> str | None:
        """See `CoreLine.receipt`."""
        try:
            text = self._client.get_bytes(f"/v1/orders/{quote(order_id)}/receipt")
        except Unreachable as fault:
            raise _unreachable(fault) from fault
        except Refused as fault:
            if fault.status == _NOT_FOUND:
                return None
            raise
        # Lines of signatures in a checkpoint begin with an em dash.
        return text.decode("utf-8", "replace")

    def wallet(self, wallet: str) -> WalletView | None:
        """See `CoreLine.wallet`."""
        return self._get(f"/v1/wallets/{quote(wallet)}", WalletView)

    def balances(self, wallet: str) -> list[Balance]:
        """See `CoreLine.balances`; none of a wallet kept elsewhere."""
        found = self._get(f"/v1/wallets/{quote(wallet)}/balances", _Balances)
        return [] if found is None else found.balances

    def statement(
        self, wallet: str, *, asset: str, before: int | None = None, limit: int = 100
    ) -> list[Line]:
        """See `CoreLine.statement`."""
        query: dict[str, str | int] = {"asset": asset, "limit": limit}
        if before is not None:
            query["before"] = before
        found = self._get(f"/v1/wallets/{quote(wallet)}/statement", _Lines, query)
        return [] if found is None else found.lines

    def events(self, after: int, *, limit: int, wait_s: int = 0) -> Page:
        """See `CoreLine.events`."""
        query: dict[str, str | int] = {"after": after, "limit": limit, "wait_s": wait_s}
        try:
            return self._client.get("/v1/events", Page, query=query, wait_s=wait_s)
        except Unreachable as fault:
            raise _unreachable(fault) from fault

    def programmes(self, *, after: str = "") -> ProgrammeList:
        """See `CoreLine.programmes`."""
        found = self._get("/v1/programmes", ProgrammeList, {"after": after} if after else None)
        return ProgrammeList(()) if found is None else found

    def programme(self, programme: str, *, version: int = 0) -> ProgrammePage | None:
        """See `CoreLine.programme`."""
        query: dict[str, str | int] = {"version": version}
        return self._get(f"/v1/programmes/{quote(programme)}", ProgrammePage, query)

    def programme_report(
        self, programme: str, *, from_us: int, until_us: int
    ) -> ProgrammeReport | None:
        """See `CoreLine.programme_report`."""
        query: dict[str, str | int] = {"from_us": from_us, "until_us": until_us}
        return self._get_ours(_about(programme, "report"), ProgrammeReport, query)

    def contract_tree(self, programme: str) -> ContractTree | None:
        """See `CoreLine.contract_tree`."""
        return self._get_ours(_about(programme, "tree"), ContractTree)

    def vat_graph(self, programme: str) -> VatGraph | None:
        """See `CoreLine.vat_graph`."""
        return self._get_ours(_about(programme, "vat/graph"), VatGraph)

    def vat_claims(self, programme: str) -> OpenClaims | None:
        """See `CoreLine.vat_claims`."""
        return self._get_ours(_about(programme, "vat/claims"), OpenClaims)

    def put_alias(self, tag: str, wallet: str) -> None:
        """See `CoreLine.put_alias`."""
        try:
            self._post("/v1/aliases", _Alias(tag, wallet), msgspec.Raw)
        except Refused as fault:
            if fault.code == _TAKEN:
                raise AliasTaken(fault.message) from fault
            raise

    def drop_alias(self, tag: str) -> None:
        """See `CoreLine.drop_alias`."""
        try:
            self._client.delete(f"/v1/aliases/{quote(tag, safe='')}")
        except Unreachable as fault:
            raise _unreachable(fault) from fault
        except Refused as fault:
            if fault.status != _NOT_FOUND:
                raise

    def resolve(self, tag: str) -> Resolved | None:
        """See `CoreLine.resolve`."""
        try:
            return self._post("/v1/aliases/resolve", _Tag(tag), Resolved)
        except Refused as fault:
            if fault.status == _NOT_FOUND:
                return None
            raise

    def _post(self, path: str, body: Struct, answer: type[_T]) -> _T:
        try:
            return self._client.post(path, body, answer)
        except Unreachable as fault:
            raise _unreachable(fault) from fault

    def _get_ours(
        self, path: str, answer: type[_T], query: dict[str, str | int] | None = None
    ) -> _T | None:
        """As `_get`, and None for what the core says is not for this bank's customers."""
        try:
            return self._get(path, answer, query)
        except Refused as fault:
            if fault.code == _NOT_ALLOWED:
                return None
            raise

    def _get(
        self, path: str, answer: type[_T], query: dict[str, str | int] | None = None
    ) -> _T | None:
        try:
            return self._client.get(path, answer, query=query or {})
        except Unreachable as fault:
            raise _unreachable(fault) from fault
        except Refused as fault:
            if fault.status == _NOT_FOUND:
                return None
            raise


def _unreachable(fault: Unreachable) -> CoreUnreachable:
    return CoreUnreachable(fault.message, place=fault.place, remedy="send the same again")


def _about(programme: str, what: str) -> str:
    return f"/v1/programmes/{quote(programme, safe='')}/{what}"
