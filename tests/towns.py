# SPDX-License-Identifier: Apache-2.0
"""A small town for payments' tests: wallets, a real ledger, documents in one line.

town = Town(tmp_path / "ledger")
aru, shop = town.wallet(500), town.wallet()
assert town.submit(town.pay(aru, shop, 200)).accepted
assert town.balance(shop) == 200
"""

import hashlib
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from kerege.keys import encode_base64url
from kerege.ledger.account import Role, Status
from kerege.ledger.ids import UNMARKED, AccountId, Mark, format_order_id
from kerege.ledger.order import DeclareAsset, Order
from kerege.ledger.outcome import Outcome
from kerege.payments.contract_documents import Attest, Contract
from kerege.payments.documents import (
    CancelMandate,
    Capture,
    Document,
    Fund,
    Hold,
    Leg,
    Mandate,
    Pay,
    Pull,
    Refund,
    Release,
    Request,
    Unfund,
)
from kerege.payments.ids import ParticipantId, format_request_id, format_wallet_id
from kerege.payments.memory_scene import MemoryScene
from kerege.payments.scene import ALLOWANCE_ASSET, WalletFacts
from kerege.payments.verdict import Verdict
from kerege.programmes import ActiveProgramme, Route
from kerege.programmes.rulebook import Rulebook
from tests.ledgers import ASSET, START_US, World, move
from tests.programmes import programme

__all__ = ["DAY_S", "HOUR_S", "LATER_US", "Town", "lock_of"]

HOUR_S = 3600
DAY_S = 24 * HOUR_S
LATER_US = START_US + 23 * HOUR_S * 1_000_000
"""Until when documents are valid unless told otherwise."""


def lock_of(preimage: bytes) -> str:
    """The lock a preimage opens."""
    return encode_base64url(hashlib.sha256(preimage).digest())


class Town:
    """Wallets kept by banks, all in KZT."""

    def __init__(self, path: Path) -> None:
        self.world = World(path)
        self.world.must(DeclareAsset(ALLOWANCE_ASSET, 0))
        self.scene = MemoryScene(
            post=self._post,
            spendable=self._spendable,
            now_us=self.world.clock.now_us,
            allowance_sink=self.world.open(Role.COLLECTOR, asset=ALLOWANCE_ASSET),
            purse=self._purse,
        )
        self.scene.converters[ASSET] = self.world.open(Role.CONVERTER)
        self._numbers = 0

    def _post(self, order: Order) -> Outcome:
        (outcome,) = self.world.ledger.post([order])
        return outcome

    def _purse(self, account: AccountId) -> dict[Mark, int]:
        cells = self.world.ledger.marked([account])
        return {mark: cell.available for (_, mark), cell in cells.items() if cell.available > 0}

    def _spendable(self, account: AccountId) -> int:
        info = self.world.ledger.account(account).account
        available = self.world.cell(account).available - (info.floor or 0)
        return 0 if info.status & Status.DEBITS_FROZEN else available

    def wallet(
        self,
        amount: int = 0,
        *,
        ceiling: int | None = None,
        bank: str = "altyn-bank",
        owner_kind: str = "person",
        waterfall: bool = False,
        **facts: Any,
    ) -> str:
        """A wallet with `amount` in it; with `waterfall` what exceeds `ceiling` flows over."""
        self._numbers += 1
        wallet_id = format_wallet_id(self._numbers.to_bytes(16, "big"))
        account = self.world.holder(amount, ceiling=ceiling)
        overflow = {ASSET: self.world.collector()} if waterfall else {}
        self.scene.wallets[wallet_id] = WalletFacts(
            id=wallet_id,
            bank=ParticipantId(bank),
            owner_kind=owner_kind,
            tier="full",
            accounts={ASSET: account},
            overflow=overflow,
            **facts,
        )
        return wallet_id

    def change(self, wallet: str, **facts: Any) -> None:
        """Replace what is known of a wallet."""
        self.scene.wallets[wallet] = replace(self.scene.wallets[wallet], **facts)

    def account(self, wallet: str) -> AccountId:
        """Where a wallet's money is."""
        return self.scene.wallets[wallet].accounts[ASSET]

    def overflow(self, wallet: str) -> AccountId:
        """Where a wallet's money flows over to."""
        return self.scene.wallets[wallet].overflow[ASSET]

    def balance(self, wallet: str, mark: int = UNMARKED) -> int:
        """Posted minor units of a wallet."""
        return self.world.balance(self.account(wallet), mark)

    def held(self, wallet: str) -> int:
        """Minor units a wallet has reserved for others."""
        return self.world.cell(self.account(wallet)).debits_pending

    def give(self, wallet: str, amount: int, mark: int) -> None:
        """Issue marked money to a wallet."""
        self.world.must(move(1, self.account(wallet), amount, Mark(mark)))

    def pass_s(self, seconds: int) -> None:
        """Let time go by, and with it what is reserved."""
        self.world.clock.advance_us(seconds * 1_000_000)
        self.world.ledger.expire()

    def submit(self, document: Document) -> Verdict:
        """What becomes of a document."""
        return self.scene.submit(document)

    def must(self, document: Document) -> Verdict:
        """Submit what has to be accepted."""
        verdict = self.submit(document)
        if not verdict.accepted:
            raise AssertionError(f"{verdict.code}: {document}")
        return verdict

    def code(self, document: Document) -> str:
        """The code of what becomes of a document."""
        return self.submit(document).code

    def next_id(self) -> str:
        """A fresh order id."""
        return format_order_id(self.world.next_id())

    def _frame(self, wallet: str) -> dict[str, Any]:
        until = max(LATER_US, self.scene.now_us + HOUR_S * 1_000_000)
        return {"id": self.next_id(), "wallet": wallet, "until_us": until}

    def pay(self, payer: str, payee: str, amount: int, **more: Any) -> Pay:
        """A payment of one leg."""
        legs = (Leg(payee, amount, more.pop("purpose", 0)),)
        return Pay(**{**self._frame(payer), "asset": ASSET, "legs": legs, **more})

    def pay_all(self, payer: str, *legs: tuple[str, int]) -> Pay:
        """A payment of several legs."""
        return Pay(**self._frame(payer), asset=ASSET, legs=tuple(Leg(*leg) for leg in legs))

    def programme(
        self, *routes: Route, budget: int = 1_000, funder: str = "", **members: Any
    ) -> ActiveProgramme:
        """A programme in force, funded by an agency with 10 000 unless `funder` is named."""
        funder = funder or self.wallet(10_000, owner_kind="agency")
        times = {"starts_us": 0, "ends_us": START_US + 30 * DAY_S * 1_000_000}
        given = {"id": "meals", "budget": budget, "funder": funder, **times, **members}
        terms = programme(*routes, **given)
        mark = Mark(len(self.scene.programmes) + 1)
        found = ActiveProgramme(
            mark=mark,
            terms=terms,
            rules=Rulebook(terms),
            budget=self.world.open(Role.HOLDER, asset=ALLOWANCE_ASSET, floor=-budget),
        )
        self.scene.programmes[mark] = found
        return found

    def change_programme(self, mark: Mark, **state: Any) -> None:
        """Suspend a programme, close it..."""
        self.scene.programmes[mark] = replace(self.scene.programmes[mark], **state)

    def fund(self, programme: ActiveProgramme, amount: int) -> Fund:
        """The funder marks money."""
        terms = programme.terms
        return Fund(**self._frame(terms.funder), programme=terms.id, amount=amount)

    def unfund(self, programme: ActiveProgramme, amount: int) -> Unfund:
        """The funder takes a mark off."""
        terms = programme.terms
        return Unfund(**self._frame(terms.funder), programme=terms.id, amount=amount)

    def grant(self, programme: ActiveProgramme, wallet: str, amount: int) -> None:
        """Marked money from the funder to a wallet, as its first route allows."""
        self.must(self.fund(programme, amount))
        terms = programme.terms
        self.must(self.pay(terms.funder, wallet, amount, spend=terms.id))

    def contract(
        self, programme: ActiveProgramme, supplier: str, cap: int, *, buyer: str = "", **more: Any
    ) -> Contract:
        """A contract of the programme's funder, or of the `buyer` named, for a week."""
        terms = programme.terms
        ends_us = self.scene.now_us + 7 * DAY_S * 1_000_000
        given = {"asset": ASSET, "ends_us": ends_us, "programme": terms.id, **more}
        return Contract(
            **{**self._frame(buyer or terms.funder), **given}, supplier=supplier, cap=cap
        )

    def attest(self, signer: str, contract: Document, obligation: str, *, met: bool) -> Attest:
        """Whether an obligation is met."""
        frame = self._frame(signer)
        return Attest(**frame, contract=contract.id, obligation=obligation, met=met)

    def hold(self, payer: str, payee: str, amount: int, **more: Any) -> Hold:
        """A hold, for an hour unless told otherwise."""
        frame = self._frame(payer)
        given = {"asset": ASSET, "to": payee, "amount": amount, "seconds": HOUR_S, **more}
        return Hold(**frame, **given)

    def capture(self, signer: str, amount: int, *holds: Document, **more: Any) -> Capture:
        """A capture of parts of a hold."""
        ids = tuple(hold.id for hold in holds)
        return Capture(**self._frame(signer), holds=ids, amount=amount, **more)

    def release(self, signer: str, *holds: Document) -> Release:
        """A release of parts of a hold."""
        return Release(**self._frame(signer), holds=tuple(hold.id for hold in holds))

    def refund(self, signer: str, order: Document, amount: int, leg: int = 0) -> Refund:
        """A refund of one leg."""
        return Refund(**self._frame(signer), order=order.id, leg=leg, amount=amount)

    def mandate(self, payer: str, payee: str, **more: Any) -> Mandate:
        """A mandate of 100 each and 300 in all."""
        given = {"asset": ASSET, "to": payee, "each": 100, "total": 300, **more}
        return Mandate(**self._frame(payer), **given)

    def pull(self, signer: str, mandate: Document, amount: int, **more: Any) -> Pull:
        """A pull under a mandate."""
        return Pull(**self._frame(signer), mandate=mandate.id, amount=amount, **more)

    def cancel(self, signer: str, mandate: Document) -> CancelMandate:
        """The end of a mandate."""
        return CancelMandate(**self._frame(signer), mandate=mandate.id)

    def request(self, payee: str, amount: int, **more: Any) -> Request:
        """A request to pay."""
        self._numbers += 1
        request_id = format_request_id(self._numbers.to_bytes(16, "big"))
        given = {"id": request_id, "until_us": LATER_US, "asset": ASSET, **more}
        return Request(wallet=payee, amount=amount, **given)
