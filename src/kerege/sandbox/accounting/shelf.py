# SPDX-License-Identifier: Apache-2.0
"""Sets of books over one ledger, each with firms, a tax authority and a day of its own."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final, Self

from kerege.ledger import (
    AccountId,
    DeclareAsset,
    Ledger,
    Mark,
    OpenAccount,
    Order,
    OrderId,
    Role,
    Transfer,
)
from kerege.payments.ids import ParticipantId, WalletId, format_wallet_id
from kerege.payments.memory_scene import MemoryScene
from kerege.payments.scene import ALLOWANCE_ASSET, WalletFacts
from kerege.programmes import ActiveProgramme
from kerege.programmes.rulebook import Rulebook
from kerege.sandbox.accounting.books import AUTHORITY, Books
from kerege.sandbox.accounting.contracts import PROCUREMENT, TREASURY
from kerege.sandbox.accounting.unfit import UnfitRequest
from kerege.sandbox.accounting.wire import BooksRequest
from kerege.sandbox.shipped_programmes import shipped_programme

__all__ = ["ASSET", "MAX_BOOKS", "Shelf"]

MAX_BOOKS: Final = 1_000
"""Sets of books of one shelf: each case has its own, and a developer runs them often."""

ASSET: Final = "KZT"
"""What is paid with here; no country is meant by it."""

_MARK: Final = Mark(1)
_OTHER_MARK: Final = Mark(2)
_BANK: Final = ParticipantId("any-bank")
_FAR_US: Final = 2**52
_MONEY: Final = 10**15
_NOON_S: Final = 12 * 3600


class Shelf:
    """Makes sets of books and finds them again. Safe among threads."""

    def __init__(
        self, ledger: Ledger, *, make_id: Callable[[], bytes], books: type[Books] = Books
    ) -> None:
        """`ledger` is new, and nobody else's. `books` is what a set of books is."""
        self._ledger = ledger
        self._make_id = make_id
        self._kind = books
        self._books: dict[str, Books] = {}
        self._lock = threading.RLock()
        opened = self._open(
            DeclareAsset(ASSET, 2),
            DeclareAsset(ALLOWANCE_ASSET, 0),
            OpenAccount(ASSET, Role.ISSUER, "issuer", floor=None),
            OpenAccount(ALLOWANCE_ASSET, Role.COLLECTOR, "used-up"),
        )
        self._issuer, self._sink = AccountId(opened[2]), AccountId(opened[3])

    def create(self, request: BooksRequest) -> Books:
        """A new set of books; raises `UnfitRequest`."""
        names = [firm.name for firm in request.firms]
        if len(set(names)) < len(names) or not {AUTHORITY, TREASURY}.isdisjoint(names):
            raise UnfitRequest("each firm has a name of its own", place="$.firms")
        now_us = _noon_us(request.today)
        with self._lock:
            if len(self._books) >= MAX_BOOKS:
                raise UnfitRequest(f"there are {MAX_BOOKS} sets of books", place="$")
            scene = self._scene(now_us)
            wallets = {
                name: self._wallet(scene, vat=vat, kind=kind, money=money)
                for name, vat, kind, money in (
                    (AUTHORITY, True, "agency", _MONEY),
                    (TREASURY, False, "agency", _MONEY),
                    *((one.name, one.vat, "firm", one.money) for one in request.firms),
                )
            }
            self._found_programme(scene, "digital-vat", _MARK, wallets[AUTHORITY])
            self._found_programme(scene, PROCUREMENT, _OTHER_MARK, wallets[TREASURY])
            name = f"books_{self._make_id().hex()}"
            books = self._kind(
                name, request.today, scene, wallets, _MARK, self._make_id, self._balance
            )
            self._books[name] = books
            return books

    def find(self, name: str) -> Books | None:
        """Books by their id."""
        return self._books.get(name)

    def close(self) -> None:
        """Close the ledger."""
        self._ledger.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _open(self, *steps: DeclareAsset | OpenAccount | Transfer) -> tuple[int, ...]:
        (outcome,) = self._ledger.post([Order(OrderId(self._make_id()), steps)])
        if not outcome.accepted:
            raise UnfitRequest(f"the ledger refused: {outcome.refusal}", place="$")
        return outcome.results

    def _scene(self, now_us: int) -> MemoryScene:
        scene = MemoryScene(
            post=lambda order: self._ledger.post([order])[0],
            spendable=self._ledger.spendable,
            now_us=lambda: now_us,
            allowance_sink=self._sink,
            purse=self._purse,
        )
        converter = OpenAccount(ASSET, Role.CONVERTER, "converter")
        scene.converters[ASSET] = AccountId(self._open(converter)[0])
        return scene

    def _purse(self, account: AccountId) -> dict[Mark, int]:
        cells = self._ledger.marked([account])
        return {mark: cell.available for (_, mark), cell in cells.items() if cell.available > 0}

    def _balance(self, account: AccountId, mark: Mark) -> int:
        cell = self._ledger.cells(account).get(mark)
        return 0 if cell is None else cell.balance

    def _wallet(self, scene: MemoryScene, *, vat: bool, kind: str, money: int) -> str:
        wallet_id = format_wallet_id(self._make_id())
        owner = OpenAccount(ASSET, Role.HOLDER, wallet_id)
        account = AccountId(self._open(owner)[0])
        if money:
            self._open(Transfer(self._issuer, account, money))
        scene.wallets[wallet_id] = WalletFacts(
            id=WalletId(wallet_id),
            bank=_BANK,
            owner_kind=kind,
            tier="full",
            accounts={ASSET: account},
            vat=vat,
        )
        return wallet_id

    def _found_programme(self, scene: MemoryScene, name: str, mark: Mark, funder: str) -> None:
        terms = shipped_programme(name, asset=ASSET, funder=funder, starts_us=0, ends_us=_FAR_US)
        budget = OpenAccount(ALLOWANCE_ASSET, Role.HOLDER, f"{name}-budget", floor=-terms.budget)
        scene.programmes[mark] = ActiveProgramme(
            mark=mark,
            terms=terms,
            rules=Rulebook(terms),
            budget=AccountId(self._open(budget)[0]),
        )


def _noon_us(today: str) -> int:
    try:
        day = datetime.fromisoformat(today).replace(tzinfo=UTC)
    except ValueError:
        raise UnfitRequest(f"there is no {today}", place="$.today") from None
    return (int(day.timestamp()) + _NOON_S) * 1_000_000
