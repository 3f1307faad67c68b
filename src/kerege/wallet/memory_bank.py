# SPDX-License-Identifier: Apache-2.0
"""A bank in memory: the twin of `HttpBank` for tests, with the same promises and no network.

Of order documents it does `open` and `pay`, in one asset, and refuses others by name. It verifies
signatures, gives a repeated order its first verdict, and can be told to lose requests or answers.
"""

from collections.abc import Iterator
from typing import Final

from kerege.keys import (
    InvalidSignatureError,
    PublicKey,
    key_thumbprint,
    parse_compact,
    parse_jwk,
    verify_compact,
)
from kerege.payments import (
    ACCEPTED,
    ORDER_TYP,
    REQUEST_TYP,
    Document,
    Open,
    Pay,
    Refusal,
    Rekey,
    Request,
    Verdict,
    decode_document,
    decode_request,
    format_wallet_id,
)
from kerege.payments.holdings import Balance, Line
from kerege.wallet.line import BankRefused, BankUnreachable
from kerege.wallet.wire import Answer, Notice, Payee, StandingRequest, Statement, WalletState

__all__ = ["MemoryBank", "MemoryLine"]

_ASSET: Final = "KZT"


class MemoryBank:
    """Wallets, balances and decided orders, all in dictionaries.

    `lose_requests` and `lose_answers` count how many of the next calls fail before, and after,
    they took effect.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.lose_requests = 0
        self.lose_answers = 0
        self.decided: dict[str, tuple[bytes, Verdict]] = {}
        self._keys: dict[str, PublicKey] = {}
        self._recovery: dict[str, PublicKey] = {}
        self._money: dict[str, int] = {}
        self._aliases: dict[str, str] = {}
        self._requests: dict[str, StandingRequest] = {}
        self._lines: dict[str, list[Line]] = {}
        self._notices: list[Notice] = []

    def line(self, customer: str) -> "MemoryLine":
        """A customer's line to this bank."""
        return MemoryLine(self, customer)

    def make_wallet(self, *, alias: str = "") -> str:
        """A wallet without a key, which can be paid; returns its id."""
        wallet = format_wallet_id((len(self._money) + 1).to_bytes(16))
        self._money[wallet] = 0
        if alias:
            self._aliases[alias] = wallet
        return wallet

    def give(self, wallet: str, amount: int) -> None:
        """Put money there, from nowhere."""
        self._money[wallet] += amount

    def balance(self, wallet: str) -> int:
        """Minor units in a wallet."""
        return self._money[wallet]

    def decide(self, text: bytes) -> Verdict:
        """Decide a signed order, or repeat what was decided."""
        document = decode_document(parse_compact(text).payload)
        if document.id in self.decided:
            first_text, first = self.decided[document.id]
            return (
                first if first_text == text else Verdict(document.id, "exists_with_other_content")
            )
        refusal = self._refusal(document, text)
        number = len(self.decided) + 1
        verdict = Verdict(
            document.id,
            refusal or ACCEPTED,
            at_us=number,
            number=number,
            step=self._step_at_fault(document, refusal),
        )
        if refusal is None:
            self._do(document, number)
            self.decided[document.id] = (text, verdict)
        return verdict

    def try_out(self, text: bytes) -> Verdict:
        """What `decide` would answer now."""
        document = decode_document(parse_compact(text).payload)
        return Verdict(document.id, self._refusal(document, text) or ACCEPTED)

    def knows(self, wallet: str) -> bool:
        """Whether there is such a wallet."""
        return wallet in self._money

    def lines(self, wallet: str) -> list[Line]:
        """What happened to a wallet, oldest first."""
        return self._lines.get(wallet, [])

    def wallet_of_alias(self, alias: str) -> str:
        """The wallet of an alias, empty if unknown."""
        return self._aliases.get(alias, "")

    def keep_request(self, text: bytes, note: str) -> StandingRequest:
        """Keep a request to pay, after checking its payee's signature."""
        jws = parse_compact(text)
        request = decode_request(jws.payload)
        self._verify(text, request, typ=REQUEST_TYP)
        kept = StandingRequest(
            id=request.id,
            wallet=request.wallet,
            asset=request.asset,
            amount=request.amount,
            until_us=request.until_us,
            request=text.decode(),
            qr=request.id,
            note=note,
        )
        self._requests[request.id] = kept
        return kept

    def requests(self) -> dict[str, StandingRequest]:
        """Requests by id."""
        return self._requests

    def notices(self, after: int) -> list[Notice]:
        """What happened behind `after`."""
        return self._notices[after:]

    def _refusal(self, document: Document, text: bytes) -> str | None:
        if isinstance(document, Open):
            exists = document.wallet in self._money
            return Refusal.WALLET_EXISTS if exists else None
        try:
            self._verify(text, document, typ=ORDER_TYP)
        except InvalidSignatureError:
            return Refusal.SIGNATURE_INVALID
        if isinstance(document, Rekey):
            return None
        if not isinstance(document, Pay):
            return Refusal.NOT_ALLOWED_FOR_KIND
        if any(leg.to not in self._money for leg in document.legs):
            return Refusal.PAYEE_UNKNOWN
        needed = sum(leg.amount for leg in document.legs)
        return "exceeds_balance" if needed > self._money[document.wallet] else None

    def _step_at_fault(self, document: Document, refusal: str | None) -> int:
        if refusal != Refusal.PAYEE_UNKNOWN or not isinstance(document, Pay):
            return -1
        return next(place for place, leg in enumerate(document.legs) if leg.to not in self._money)

    def _verify(self, text: bytes, document: Document | Request, *, typ: str) -> None:
        jws, key = parse_compact(text), self._keys[document.wallet]
        spare = self._recovery.get(document.wallet)
        if isinstance(document, Rekey) and spare and jws.header.kid == key_thumbprint(spare):
            key = spare
        verify_compact(jws, key, kid=key_thumbprint(key), typ=typ)

    def _do(self, document: Document, number: int) -> None:
        if isinstance(document, Open):
            self._take_keys(document)
            self._money[document.wallet] = 0
        elif isinstance(document, Rekey):
            self._take_keys(document)
        elif isinstance(document, Pay):
            for leg in document.legs:
                self._move(document, document.wallet, leg.to, -leg.amount, number)
                self._move(document, leg.to, document.wallet, leg.amount, number)

    def _take_keys(self, document: Open | Rekey) -> None:
        self._keys[document.wallet] = parse_jwk(document.key.encode()).public_key
        if document.recovery:
            spare = parse_jwk(document.recovery.encode()).public_key
            self._recovery[document.wallet] = spare

    def _move(self, pay: Pay, wallet: str, other: str, change: int, number: int) -> None:
        self._money[wallet] += change
        line = Line(
            seq=number,
            order=pay.id,
            at_us=number,
            asset=pay.asset,
            change=change,
            balance=self._money[wallet],
            counterparty=other,
        )
        self._lines.setdefault(wallet, []).append(line)
        data = {
            "order": pay.id,
            "asset": pay.asset,
            "change": change,
            "counterparty": other,
            "document": "pay",
        }
        number = len(self._notices) + 1
        self._notices.append(
            Notice(id=number, at_us=line.at_us, kind="moved", wallet=wallet, data=data)
        )


class MemoryLine:
    """A `BankLine` to a `MemoryBank`."""

    def __init__(self, bank: MemoryBank, customer: str) -> None:
        self.bank = bank
        self.customer = customer

    def submit(self, order: bytes) -> Answer:
        """As `BankLine.submit`."""
        self._maybe_lose_request()
        answer = Answer(verdict=self.bank.decide(order))
        if self.bank.lose_answers:
            self.bank.lose_answers -= 1
            raise BankUnreachable("the answer was lost")
        return answer

    def try_out(self, order: bytes) -> Answer:
        """As `BankLine.try_out`."""
        return Answer(verdict=self.bank.try_out(order))

    def answer(self, order_id: str) -> Answer | None:
        """As `BankLine.answer`."""
        self._maybe_lose_request()
        found = self.bank.decided.get(order_id)
        return None if found is None else Answer(verdict=found[1])

    def receipt(self, order_id: str) -> bytes:
        """As `BankLine.receipt`: this bank keeps no log."""
        raise BankRefused("this bank keeps no log", code="not_found", status=404)

    def open_wallet(self, opening: bytes, *, name: str) -> Answer:
        """As `BankLine.open_wallet`."""
        return self.submit(opening)

    def wallet(self, wallet_id: str) -> WalletState:
        """As `BankLine.wallet`."""
        if not self.bank.knows(wallet_id):
            raise BankRefused("no such wallet", code="not_found", status=404)
        balance = Balance(_ASSET, self.bank.balance(wallet_id))
        return WalletState(wallet=wallet_id, bank=self.bank.name, balances=(balance,))

    def statement(self, wallet_id: str, *, asset: str, before: int, limit: int) -> Statement:
        """As `BankLine.statement`."""
        lines = [line for line in self.bank.lines(wallet_id) if not before or line.seq < before]
        page = tuple(reversed(lines[-limit:]))
        return Statement(lines=page, next=page[-1].seq if len(lines) > limit else 0)

    def resolve(self, to: str) -> Payee:
        """As `BankLine.resolve`; a request's id stands for its QR code."""
        request = self.bank.requests().get(to)
        if request is not None:
            return Payee(
                wallet=request.wallet,
                bank=self.bank.name,
                asset=request.asset,
                amount=request.amount,
                request=request.request,
                expires_us=request.until_us,
            )
        wallet = to if self.bank.knows(to) else self.bank.wallet_of_alias(to)
        return Payee(wallet=wallet, bank=self.bank.name if wallet else "")

    def post_request(self, request: bytes, *, note: str) -> StandingRequest:
        """As `BankLine.post_request`."""
        return self.bank.keep_request(request, note)

    def requests(self, wallet_id: str) -> tuple[StandingRequest, ...]:
        """As `BankLine.requests`."""
        return tuple(each for each in self.bank.requests().values() if each.wallet == wallet_id)

    def notices(self, *, after: int, wait_s: float) -> Iterator[Notice]:
        """As `BankLine.notices`; nothing more happens while it waits."""
        yield from self.bank.notices(after)

    def _maybe_lose_request(self) -> None:
        if self.bank.lose_requests:
            self.bank.lose_requests -= 1
            raise BankUnreachable("the request was lost")
