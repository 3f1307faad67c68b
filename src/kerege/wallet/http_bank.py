# SPDX-License-Identifier: Apache-2.0
"""The line to a real bank over HTTP: `BankLine`, and what else a customer asks of a bank.

An answer that leaves open what became of a request is `BankUnreachable`; everything here may be
sent again. The bank's words come in the customer's language.
"""

from collections.abc import Generator, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final, Protocol, TypeVar
from urllib.parse import quote

import httpx
import msgspec
from msgspec import Struct

from kerege.payments.vat_claims import OpenClaims
from kerege.programmes.contract_tree import ContractTree
from kerege.programmes.published import ProgrammeList, ProgrammePage
from kerege.programmes.report import ProgrammeReport
from kerege.programmes.vat_graph import VatGraph
from kerege.wallet.http_exchange import (
    TIMEOUT_S,
    Exchange,
    decode,
    read_whole,
    refused,
    unreachable,
)
from kerege.wallet.line import BankRefused, BankUnreachable, SessionEnded
from kerege.wallet.sse import read_events
from kerege.wallet.wire import (
    Answer,
    CardList,
    CardView,
    ChildMoney,
    Departure,
    DepositList,
    Me,
    Notice,
    Payee,
    PayoutPlan,
    StandingRequest,
    Statement,
    WalletState,
)

__all__ = ["HttpBank", "Tokens"]

_SENT: Final = "sent"
_FAILED: Final = 400
_NOT_FOUND: Final = 404
_ANSWER_S: Final = 2.0
"""Before what happened already is told: nobody who asks for that alone may leave earlier."""

_T = TypeVar("_T")


class Tokens(Protocol):
    """Brings the access token of a session."""

    def access_token(self) -> str:
        """A token that is still good. Raises `SessionEnded`, `BankUnreachable`."""

    def renew(self) -> str:
        """Another token: the bank no longer takes the last one. Raises as `access_token`."""


class _Wallets(Struct):
    wallets: tuple[WalletState, ...]


class _Requests(Struct):
    requests: tuple[StandingRequest, ...]


class HttpBank:
    """A customer's line to the bank at `url`; `language` is kk, ru or en. For one thread."""

    def __init__(
        self, url: str, tokens: Tokens, *, language: str = "en", timeout_s: float = TIMEOUT_S
    ) -> None:
        self.url = url.rstrip("/")
        self._tokens = tokens
        self._timeout_s = timeout_s
        self._exchange = Exchange(self.url, language=language, timeout_s=timeout_s)

    def close(self) -> None:
        """Close the connection."""
        self._exchange.close()

    # What `BankLine` asks

    def submit(self, order: bytes) -> Answer:
        """As `BankLine.submit`."""
        answer = self.ask("POST", "/v1/payments", Answer, body={"order": order.decode()})
        if answer.verdict.code == _SENT:
            raise BankUnreachable("the bank has not heard from the central bank yet", wait_s=0.5)
        return answer

    def try_out(self, order: bytes) -> Answer:
        """As `BankLine.try_out`."""
        return self.ask("POST", "/v1/payments/try", Answer, body={"order": order.decode()})

    def answer(self, order_id: str) -> Answer | None:
        """As `BankLine.answer`."""
        try:
            answer = self.ask("GET", f"/v1/payments/{quote(order_id)}", Answer)
        except BankRefused as fault:
            if fault.status == _NOT_FOUND:
                return None
            raise
        return None if answer.verdict.code == _SENT else answer

    def receipt(self, order_id: str) -> bytes:
        """As `BankLine.receipt`."""
        return self._fetch("GET", f"/v1/payments/{quote(order_id)}/receipt")

    def open_wallet(self, opening: bytes, *, name: str) -> Answer:
        """As `BankLine.open_wallet`."""
        body = {"opening": opening.decode(), "name": name}
        return self.ask("POST", "/v1/wallets", Answer, body=body)

    def wallet(self, wallet_id: str) -> WalletState:
        """As `BankLine.wallet`."""
        return self.ask("GET", f"/v1/wallets/{quote(wallet_id)}", WalletState)

    def statement(self, wallet_id: str, *, asset: str, before: int, limit: int) -> Statement:
        """As `BankLine.statement`."""
        query = {"before": str(before), "limit": str(limit), **({"asset": asset} if asset else {})}
        path = f"/v1/wallets/{quote(wallet_id)}/statement"
        return self.ask("GET", path, Statement, query=query)

    def resolve(self, to: str) -> Payee:
        """As `BankLine.resolve`."""
        return self.ask("POST", "/v1/resolve", Payee, body={"to": to})

    def post_request(self, request: bytes, *, note: str) -> StandingRequest:
        """As `BankLine.post_request`."""
        body = {"request": request.decode(), "note": note}
        return self.ask("POST", "/v1/requests", StandingRequest, body=body)

    def requests(self, wallet_id: str) -> tuple[StandingRequest, ...]:
        """As `BankLine.requests`."""
        found = self.ask("GET", "/v1/requests", _Requests).requests
        return tuple(each for each in found if each.wallet == wallet_id)

    def notices(self, *, after: int, wait_s: float) -> Generator[Notice, None, None]:
        """As `BankLine.notices`: one stream, until it breaks or is silent for `wait_s`."""
        try:
            yield from self._stream(self._tokens.access_token(), after=after, wait_s=wait_s)
        except SessionEnded:
            # Said before the first event, so none comes twice.
            yield from self._stream(self._tokens.renew(), after=after, wait_s=wait_s)

    def _stream(self, token: str, *, after: int, wait_s: float) -> Iterator[Notice]:
        silent_s = max(wait_s, _ANSWER_S)
        timeout = httpx.Timeout(self._timeout_s, read=silent_s)
        headers = {
            **_bearer(token),
            "accept": "text/event-stream",
            "last-event-id": str(after),
        }
        try:
            with self._exchange.client.stream(
                "GET", "/v1/events/stream", headers=headers, timeout=timeout
            ) as response:
                if response.status_code >= _FAILED:
                    raise refused(response.status_code, read_whole(response), response.headers)
                for event in read_events(response.iter_raw(), silent_s=silent_s):
                    yield msgspec.json.decode(event.data, type=Notice)
        except httpx.ReadTimeout:
            return
        except httpx.TransportError as fault:
            raise unreachable(fault) from fault
        except (ValueError, RecursionError) as fault:
            raise BankUnreachable(f"not a stream of events: {str(fault)[:100]}") from None

    # What else a customer asks

    def me(self) -> Me:
        """Who one is at this bank."""
        return self.ask("GET", "/v1/me", Me)

    def wallets(self) -> tuple[WalletState, ...]:
        """All one's wallets."""
        return self.ask("GET", "/v1/wallets", _Wallets).wallets

    def deposits(self) -> DepositList:
        """What is on one's deposits."""
        return self.ask("GET", "/v1/deposit", DepositList)

    def programmes(self, *, after: str = "") -> ProgrammeList:
        """Programmes that money may belong to, by id from behind `after`."""
        return self.ask(
            "GET", "/v1/programmes", ProgrammeList, query={"after": after} if after else {}
        )

    def programme(self, programme: str, *, version: int = 0) -> ProgrammePage:
        """One programme with the terms of a version (0: the newest), as they were signed."""
        query = {"version": str(version)}
        return self.ask("GET", f"/v1/programmes/{quote(programme)}", ProgrammePage, query=query)

    def programme_report(self, programme: str, *, from_us: int, until_us: int) -> ProgrammeReport:
        """What became of the money of a programme one funds, or whose terms name one, in a period
        (µs)."""
        query = {"from_us": str(from_us), "until_us": str(until_us)}
        return self.ask("GET", _about(programme, "report"), ProgrammeReport, query=query)

    def contract_tree(self, programme: str) -> ContractTree:
        """The contracts of such a programme, and where its money is among them."""
        return self.ask("GET", _about(programme, "tree"), ContractTree)

    def vat_graph(self, programme: str) -> VatGraph:
        """For the tax authority: who invoices whom, and what to look at."""
        return self.ask("GET", _about(programme, "vat/graph"), VatGraph)

    def vat_claims(self, programme: str) -> OpenClaims:
        """For the tax authority: claims that wait, with suggested answers."""
        return self.ask("GET", _about(programme, "vat/claims"), OpenClaims)

    def bring_wallet(self, rehome: bytes) -> Answer:
        """Have this bank keep a wallet that another kept: what `Wallet.move_to` signed."""
        return self.ask("POST", "/v1/wallets/arrivals", Answer, body={"rehome": rehome.decode()})

    def departure(self, wallet_id: str) -> Departure:
        """What this bank knows of a wallet that is to leave."""
        return self.ask("GET", f"/v1/wallets/{quote(wallet_id)}/departure", Departure)

    def left(self, wallet_id: str) -> None:
        """Say that a wallet has left this bank."""
        self.tell("POST", f"/v1/wallets/{quote(wallet_id)}/departure")

    def fund(self, wallet_id: str, amount: int, *, asset: str, key: str) -> Answer:
        """Turn deposit money into digital money; once under one `key` (16 to 64 characters)."""
        body = {"wallet": wallet_id, "asset": asset, "amount": amount}
        headers = {"idempotency-key": key}
        return self.ask("POST", "/v1/funding", Answer, body=body, headers=headers)

    def open_in_custody(
        self,
        assets: Sequence[str],
        *,
        key: str,
        name: str = "",
        owner: str = "",
        region: str = "",
    ) -> Answer:
        """Open a wallet whose key the bank keeps, for oneself or the child `owner`; once under one
        `key` (16 to 64 characters). Its id is the answer's `wallet`."""
        body = {
            "custody": True,
            "assets": list(assets),
            "name": name,
            "owner": owner,
            "region": region,
        }
        headers = {"idempotency-key": key}
        return self.ask("POST", "/v1/wallets", Answer, body=body, headers=headers)

    def pay_from_custody(
        self, wallet_id: str, to: str, amount: int, *, asset: str, key: str, request: str = ""
    ) -> Answer:
        """Have the bank sign and send a payment to the wallet `to`; once under one `key`."""
        body = {"to": to, "asset": asset, "amount": amount, "request": request}
        path, headers = f"/v1/wallets/{quote(wallet_id)}/payments", {"idempotency-key": key}
        return self.ask("POST", path, Answer, body=body, headers=headers)

    def child_money(
        self, wallet_id: str, *, asset: str = "", before: int = 0, limit: int = 50
    ) -> ChildMoney:
        """What the wallet of a child one answers for has, did and was refused; one page."""
        query = {"before": str(before), "limit": str(limit), **({"asset": asset} if asset else {})}
        path = f"/v1/wallets/{quote(wallet_id)}/allowance"
        return self.ask("GET", path, ChildMoney, query=query)

    def bind_card(self, token: str, wallet_id: str) -> CardView:
        """Let a card pay from a wallet in custody."""
        body = {"token": token, "wallet": wallet_id}
        return self.ask("POST", "/v1/cards", CardView, body=body)

    def cards(self) -> tuple[CardView, ...]:
        """One's cards and those of children one answers for."""
        return self.ask("GET", "/v1/cards", CardList).cards

    def set_card(self, card: str, *, blocked: bool) -> CardView:
        """Block a card, or let it pay again."""
        body = {"state": "blocked" if blocked else "active"}
        return self.ask("PUT", f"/v1/cards/{quote(card)}", CardView, body=body)

    def drop_card(self, card: str) -> None:
        """Give up a card."""
        self.tell("DELETE", f"/v1/cards/{quote(card)}")

    def charge_card(self, token: str, request: bytes) -> Answer:
        """Be paid by a card that is shown: `request` is what `Wallet.sign_request` signed, ending
        within ten minutes. The same again gets the first answer."""
        body = {"token": token, "request": request.decode()}
        return self.ask("POST", "/v1/card-payments", Answer, body=body)

    def plan_payout(self, text: str, *, asset: str) -> PayoutPlan:
        """Whom each line of a payout file pays; nothing is paid."""
        body = {"text": text, "asset": asset}
        return self.ask("POST", "/v1/payouts", PayoutPlan, body=body)

    def ask(self, method: str, path: str, answer: type[_T], **rest: Any) -> _T:
        """One request and its answer, decoded; `rest` as `Exchange.fetch` takes it.

        Raises `BankUnreachable`, `BankRefused`, `SessionEnded`.
        """
        return decode(self._fetch(method, path, **rest), answer, place=path)

    def tell(self, method: str, path: str, **rest: Any) -> None:
        """One request whose answer says no more than that it was taken. Raises as `ask`."""
        self._fetch(method, path, **rest)

    # How

    def _fetch(
        self,
        method: str,
        path: str,
        *,
        headers: Mapping[str, str] = MappingProxyType({}),
        **rest: Any,
    ) -> bytes:
        """The body of a good answer; a token that is no longer taken is renewed once."""
        try:
            sent = {**headers, **_bearer(self._tokens.access_token())}
            return self._exchange.fetch(method, path, headers=sent, **rest)
        except SessionEnded:
            sent = {**headers, **_bearer(self._tokens.renew())}
            return self._exchange.fetch(method, path, headers=sent, **rest)


def _bearer(token: str) -> dict[str, str]:
    return {"authorization": f"Bearer {token}"}


def _about(programme: str, what: str) -> str:
    return f"/v1/programmes/{quote(programme, safe='')}/{what}"
