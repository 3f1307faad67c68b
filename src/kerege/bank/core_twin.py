# SPDX-License-Identifier: Apache-2.0
"""The core in one process: real orders, real planning, a real ledger, and no network.

For tests of a bank, for simulation, and for whoever connects a core-banking system and wants the
core's answers at hand. Quotas, dual control and the log are not here: wallets and keys are kept in
memory, and money comes from `issue`.
"""

from collections.abc import Mapping, Sequence

from kerege.bank.core_line import MAX_EVENTS, MAX_LINES, MAX_SUBMITTED, Resolved
from kerege.bank.core_twin_moves import event_of
from kerege.bank.core_twin_register import TwinRegister
from kerege.centralbank.acceptance import Acceptance
from kerege.errors import KeregeError
from kerege.keys import parse_compact
from kerege.ledger import (
    UNMARKED,
    AccountId,
    DeclareAsset,
    Ledger,
    OpenAccount,
    Order,
    OrderId,
    Outcome,
    Role,
    Step,
    Transfer,
    format_order_id,
    parse_order_id,
)
from kerege.ledger.stores.interface import Store
from kerege.payments.documents import Open, decode_document
from kerege.payments.events import Event, Page
from kerege.payments.holdings import Balance, Line, WalletView
from kerege.payments.ids import ParticipantId, WalletId
from kerege.payments.scene import ALLOWANCE_ASSET
from kerege.payments.verdict import Verdict
from kerege.runtime import Clock

__all__ = ["CoreTwin"]


class CoreTwin:
    """One country's core on `store`. `ceilings` is the holding limit by tier, in minor units."""

    def __init__(
        self, store: Store, clock: Clock, *, asset: str = "KZT", ceilings: Mapping[str, int]
    ) -> None:
        self.asset = asset
        self.ledger = Ledger(store, clock.now_us)
        self._store = store
        self._aliases: dict[str, str] = {}
        self._next_own = 0
        declared = self._own(DeclareAsset(asset, 2), DeclareAsset(ALLOWANCE_ASSET, 0))
        if declared.refusal is not None:
            raise KeregeError("the twin needs an empty ledger", remedy="give it a new file")
        opened = self._own(
            OpenAccount(asset, Role.ISSUER, "central-bank", floor=None),
            OpenAccount(ALLOWANCE_ASSET, Role.COLLECTOR, "allowance-sink"),
        )
        self._issuer, sink = (AccountId(account) for account in opened.results)
        self.register = TwinRegister(self.ledger, clock, sink=sink, ceilings=ceilings)
        self._acceptance = Acceptance(self.ledger, self.register, clock, threads=1)

    def open_bank(self, opening: bytes) -> None:
        """Take an institution in by its own wallet's signed `Open`."""
        document = decode_document(parse_compact(opening).payload)
        if not isinstance(document, Open):
            raise KeregeError("an institution comes in by the Open of its wallet")
        bank = ParticipantId(document.bank)
        (verdict,) = self.submit(bank, [opening])
        if not verdict.accepted:
            raise KeregeError(f"the institution's wallet was refused: {verdict.code}")
        self.register.add_overflow(bank, WalletId(document.wallet), self.asset)

    def issue(self, wallet: str, amount: int) -> None:
        """Put new money into a bank's wallet."""
        account = self.register.wallets[WalletId(wallet)].accounts[self.asset]
        outcome = self._own(Transfer(self._issuer, account, amount))
        if outcome.refusal is not None:
            raise KeregeError(f"nothing was issued: {outcome.refusal.name}")

    def close(self) -> None:
        """Decide what waits and close the ledger."""
        self._acceptance.close()
        self.ledger.close()

    # -- orders --

    def submit(self, bank: ParticipantId, texts: Sequence[bytes]) -> list[Verdict]:
        """Decide signed orders; see `CoreLine.submit`."""
        if len(texts) > MAX_SUBMITTED:
            raise KeregeError(f"at most {MAX_SUBMITTED} orders at once, not {len(texts)}")
        return self._acceptance.submit_all(bank, texts).result() if texts else []

    def try_out(self, bank: ParticipantId, text: bytes) -> Verdict:
        """See `CoreLine.try_out`."""
        return self._acceptance.try_out(bank, text)

    def _own(self, *steps: Step) -> Outcome:
        """Post an order of the core's own."""
        self._next_own += 1
        order_id = OrderId(b"kerege-twin" + self._next_own.to_bytes(5, "big"))
        (outcome,) = self.ledger.post([Order(order_id, steps)])
        return outcome

    # -- questions --

    def verdict(self, order_id: str) -> Verdict | None:
        """See `CoreLine.verdict`."""
        changed = self.register.change_of(order_id)
        return changed or self._acceptance.verdict(parse_order_id(order_id))

    def events(self, bank: ParticipantId, after: int, limit: int) -> Page:
        """See `CoreLine.events`."""
        events: list[Event] = []
        cursor = after
        for batch in self._store.batches(first_leaf=after + 1, limit=min(limit, MAX_EVENTS)):
            for leaf, stored in enumerate(batch.orders, start=batch.first_leaf):
                if leaf <= after or leaf > after + limit:
                    continue
                cursor = leaf
                event = event_of(
                    stored, cursor=leaf, at_us=batch.at_us, register=self.register, bank=bank
                )
                events += [event] if event else []
        return Page(tuple(events), cursor)

    def balances(self, bank: ParticipantId, wallet: str) -> list[Balance]:
        """See `CoreLine.balances`."""
        facts = self.register.wallets.get(WalletId(wallet))
        if facts is None or facts.bank != bank:
            return []
        return [
            Balance(
                asset=asset,
                balance=cell.balance,
                held=cell.debits_pending,
                coming=cell.credits_pending,
                mark=mark,
                ceiling=self.ledger.account(account).account.ceiling,
            )
            for asset, account in facts.accounts.items()
            for mark, cell in self.ledger.cells(account).items()
        ]

    def statement(
        self, bank: ParticipantId, wallet: str, *, asset: str, before: int | None, limit: int
    ) -> list[Line]:
        """See `CoreLine.statement`; unmarked money only."""
        facts = self.register.wallets.get(WalletId(wallet))
        if facts is None or facts.bank != bank or asset not in facts.accounts:
            return []
        account = facts.accounts[asset]
        found = self.ledger.statement(
            (account, UNMARKED), before_seq=before, limit=min(limit, MAX_LINES)
        )
        return [
            Line(
                seq=movement.seq,
                order=format_order_id(movement.order_id),
                at_us=movement.at_us,
                asset=asset,
                change=movement.change,
                balance=movement.after.balance,
                held=movement.held,
                counterparty=self.register.owners.get(movement.counterparty, ""),
                purpose=movement.code,
            )
            for movement in found
        ]

    def view(self, bank: ParticipantId, wallet: str) -> WalletView | None:
        """See `CoreLine.wallet`."""
        facts = self.register.wallets.get(WalletId(wallet))
        if facts is None:
            return None
        assets = tuple(facts.accounts)
        if facts.bank != bank:
            return WalletView(facts.id, facts.bank, facts.owner_kind, assets)
        return WalletView(
            id=facts.id,
            bank=facts.bank,
            owner_kind=facts.owner_kind,
            assets=assets,
            tier=facts.tier,
            category=facts.category,
            vat=facts.vat,
            region=facts.region,
            overflow=bool(facts.overflow),
            suspended=facts.suspended,
            keys=self.register.keys_of(facts.id),
        )

    def put_alias(self, tag: str, wallet: str) -> None:
        """See `CoreLine.put_alias`."""
        self._aliases[tag] = wallet

    def drop_alias(self, tag: str) -> None:
        """See `CoreLine.drop_alias`."""
        self._aliases.pop(tag, None)

    def resolve(self, tag: str) -> Resolved | None:
        """See `CoreLine.resolve`."""
        wallet = self._aliases.get(tag)
        if wallet is None:
            return None
        return Resolved(wallet, self.register.wallets[WalletId(wallet)].bank)
