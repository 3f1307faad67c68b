# SPDX-License-Identifier: Apache-2.0
"""The core in one process: real orders, real planning, a real ledger, and no network.

For tests of a bank, for simulation, and for whoever connects a core-banking system and wants the
core's answers at hand. Quotas, dual control and the log are not here: wallets and keys are kept in
memory, and money comes from `issue`.
"""

import threading
from collections.abc import Mapping, Sequence
from typing import Final

from kerege.bank.core_line import MAX_EVENTS, MAX_LINES, MAX_SUBMITTED, Resolved
from kerege.bank.core_twin_moves import event_of
from kerege.bank.core_twin_scene import TwinScene
from kerege.bank.core_twin_wallets import TwinWallets
from kerege.errors import KeregeError
from kerege.keys import (
    InvalidSignatureError,
    JwsEncodingError,
    KeyEncodingError,
    UnverifiedJws,
    key_thumbprint,
    parse_compact,
    parse_jwk,
    verify_compact,
)
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
    Terms,
    Transfer,
    format_order_id,
    parse_order_id,
)
from kerege.ledger.stores.interface import Store
from kerege.payments.documents import (
    ORDER_TYP,
    Amend,
    Document,
    MalformedDocument,
    Open,
    Rehome,
    Rekey,
    decode_document,
)
from kerege.payments.events import Event, Page
from kerege.payments.holdings import Balance, Line, WalletView
from kerege.payments.ids import ParticipantId, WalletId
from kerege.payments.planning import plan
from kerege.payments.refusal import Refusal
from kerege.payments.scene import ALLOWANCE_ASSET, Refused
from kerege.payments.verdict import ACCEPTED, Verdict
from kerege.runtime import Clock

__all__ = ["MAX_LIFE_US", "CoreTwin"]

MAX_LIFE_US: Final = 24 * 3600 * 1_000_000
"""How far ahead `until_us` may lie, as at the core."""

_Answer = Verdict | Order


class CoreTwin:
    """One country's core on `store`. `ceilings` is the holding limit by tier, in minor units."""

    def __init__(
        self, store: Store, clock: Clock, *, asset: str = "KZT", ceilings: Mapping[str, int]
    ) -> None:
        self.asset = asset
        self.clock = clock
        self.ledger = Ledger(store, clock.now_us)
        self.wallets = TwinWallets(ceilings)
        self._store = store
        self._lock = threading.RLock()
        self._aliases: dict[str, str] = {}
        self._next_own = 0
        self._changes: dict[str, tuple[bytes, Verdict]] = {}
        declared = self._own(DeclareAsset(asset, 2), DeclareAsset(ALLOWANCE_ASSET, 0))
        if declared.refusal is not None:
            raise KeregeError("the twin needs an empty ledger", remedy="give it a new file")
        opened = self._own(
            OpenAccount(asset, Role.ISSUER, "central-bank", floor=None),
            OpenAccount(ALLOWANCE_ASSET, Role.COLLECTOR, "allowance-sink"),
        )
        self._issuer, self._sink = (AccountId(account) for account in opened.results)

    def open_bank(self, opening: bytes) -> None:
        """Take an institution in by its own wallet's signed `Open`."""
        document = self._read(parse_compact(opening))
        if not isinstance(document, Open):
            raise KeregeError("an institution comes in by the Open of its wallet")
        (verdict,) = self.submit(ParticipantId(document.bank), [opening])
        if not verdict.accepted:
            raise KeregeError(f"the institution's wallet was refused: {verdict.code}")
        wallet = WalletId(document.wallet)
        account = OpenAccount(self.asset, Role.COLLECTOR, f"{wallet}-overflow")
        overflow = AccountId(self._own(account).results[0])
        self.wallets.overflows[ParticipantId(document.bank)] = {self.asset: overflow}
        self.wallets.owners[overflow] = wallet

    def issue(self, wallet: str, amount: int) -> None:
        """Put new money into a bank's wallet."""
        account = self.wallets.wallets[WalletId(wallet)].accounts[self.asset]
        outcome = self._own(Transfer(self._issuer, account, amount))
        if outcome.refusal is not None:
            raise KeregeError(f"nothing was issued: {outcome.refusal.name}")

    def close(self) -> None:
        """Close the ledger."""
        self.ledger.close()

    # -- orders --

    def submit(self, bank: ParticipantId, texts: Sequence[bytes]) -> list[Verdict]:
        """Decide signed orders; see `CoreLine.submit`."""
        if len(texts) > MAX_SUBMITTED:
            raise KeregeError(f"at most {MAX_SUBMITTED} orders at once, not {len(texts)}")
        with self._lock:
            answers: list[_Answer] = [self._prepare(bank, text) for text in texts]
            orders = [answer for answer in answers if isinstance(answer, Order)]
            outcomes = iter(self.ledger.post(orders))
            return [a if isinstance(a, Verdict) else _verdict(next(outcomes)) for a in answers]

    def _prepare(self, bank: ParticipantId, text: bytes) -> _Answer:
        """The order to post for `text`, or the answer already at hand."""
        try:
            jws = parse_compact(text)
            document = self._read(jws)
        except (JwsEncodingError, MalformedDocument) as fault:
            return Verdict(order="", code=Refusal.ORDER_TEXT_INVALID, note=str(fault))
        refusal = self._fault_of_sender(bank, jws, document)
        if refusal is not None:
            return Verdict(order=document.id, code=refusal)
        if isinstance(document, Open):
            return self._open(document, text)
        if isinstance(document, Amend | Rehome | Rekey):
            return self._change(document, jws)
        if document.until_us > self.clock.now_us() + MAX_LIFE_US:
            return Verdict(order=document.id, code=Refusal.TOO_LONG_VALID)
        return self._plan(document, text)

    def try_out(self, bank: ParticipantId, text: bytes) -> Verdict:
        """See `CoreLine.try_out`; only what planning refuses is seen, not the ledger's refusals.

        A register's change is never tried out.
        """
        with self._lock:
            document = self._read(parse_compact(text))
            if isinstance(document, Open | Amend | Rehome | Rekey):
                return Verdict(order=document.id, code=Refusal.NOT_ALLOWED_FOR_KIND)
            answer = self._prepare(bank, text)
        return answer if isinstance(answer, Verdict) else Verdict(document.id, ACCEPTED)

    def _plan(self, document: Document, text: bytes) -> _Answer:
        scene = TwinScene(self.clock.now_us(), self.ledger, self.wallets, self._sink)
        planned = plan(document, scene)
        if isinstance(planned, Refused):
            return Verdict(
                order=document.id,
                code=planned.refusal,
                step=planned.step,
                found=planned.found,
                limit=planned.limit,
            )
        terms = Terms(valid_from_us=document.after_us, valid_until_us=document.until_us)
        return Order(parse_order_id(document.id), planned.steps, terms, text)

    def _fault_of_sender(
        self, bank: ParticipantId, jws: UnverifiedJws, document: Document
    ) -> Refusal | None:
        if isinstance(document, Open):
            return _fault_of_first_signature(bank, jws, document)
        found = self.wallets.keys.get(jws.header.kid or "")
        if found is None:
            return Refusal.KEY_UNKNOWN
        if found.revoked or (found.recovers and not isinstance(document, Rekey)):
            return Refusal.KEY_REVOKED
        if found.wallet != document.wallet:
            return Refusal.SIGNER_IS_NOT_WALLET
        try:
            verify_compact(jws, found.key, kid=jws.header.kid, typ=ORDER_TYP)
        except InvalidSignatureError:
            return Refusal.SIGNATURE_INVALID
        # A move is submitted by the bank it leads to.
        home = self.wallets.wallets[found.wallet].bank
        keeper = document.bank if isinstance(document, Rehome) else home
        return None if keeper == bank else Refusal.WALLET_KEPT_ELSEWHERE

    def _open(self, document: Open, text: bytes) -> Verdict:
        refusal = self.wallets.fault_of_opening(document)
        order_id = parse_order_id(document.id)
        if refusal is not None and self.ledger.outcome(order_id) is None:
            return Verdict(order=document.id, code=refusal)
        steps: list[Step] = [
            self.wallets.account_to_open(document, asset) for asset in document.assets
        ]
        (outcome,) = self.ledger.post([Order(order_id, tuple(steps), evidence=text)])
        if outcome.accepted and not outcome.replayed:
            accounts = zip(document.assets, map(AccountId, outcome.results), strict=True)
            self.wallets.add(document, dict(accounts))
        return _verdict(outcome)

    def _change(self, document: Amend | Rehome | Rekey, jws: UnverifiedJws) -> Verdict:
        """Changes of the register move no money and are remembered here."""
        first = self._changes.get(document.id)
        if first is not None:
            same = first[0] == jws.signing_input
            return first[1] if same else Verdict(order=document.id, code="id_has_other_content")
        if self.clock.now_us() > document.until_us:
            return Verdict(order=document.id, code="expired")
        match document:
            case Amend():
                refusal = self.wallets.amend(document)
            case Rehome():
                refusal = self.wallets.rehome(document)
            case Rekey():
                refusal = self.wallets.rekey(document)
        code = ACCEPTED if refusal is None else refusal
        verdict = Verdict(order=document.id, code=code, at_us=self.clock.now_us())
        self._changes[document.id] = (jws.signing_input, verdict)
        return verdict

    def _read(self, jws: UnverifiedJws) -> Document:
        return decode_document(jws.payload)

    def _own(self, *steps: Step) -> Outcome:
        """Post an order of the core's own."""
        self._next_own += 1
        order_id = OrderId(b"kerege-twin" + self._next_own.to_bytes(5, "big"))
        (outcome,) = self.ledger.post([Order(order_id, steps)])
        return outcome

    # -- questions --

    def verdict(self, order_id: str) -> Verdict | None:
        """See `CoreLine.verdict`."""
        if order_id in self._changes:
            return self._changes[order_id][1]
        outcome = self.ledger.outcome(parse_order_id(order_id))
        return None if outcome is None else _verdict(outcome)

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
                    stored, cursor=leaf, at_us=batch.at_us, wallets=self.wallets, bank=bank
                )
                events += [event] if event else []
        return Page(tuple(events), cursor)

    def balances(self, bank: ParticipantId, wallet: str) -> list[Balance]:
        """See `CoreLine.balances`."""
        facts = self.wallets.wallets.get(WalletId(wallet))
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
        facts = self.wallets.wallets.get(WalletId(wallet))
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
                counterparty=self.wallets.owners.get(movement.counterparty, ""),
                purpose=movement.code,
            )
            for movement in found
        ]

    def view(self, bank: ParticipantId, wallet: str) -> WalletView | None:
        """See `CoreLine.wallet`."""
        facts = self.wallets.wallets.get(WalletId(wallet))
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
            keys=self.wallets.keys_of(facts.id),
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
        return Resolved(wallet, self.wallets.wallets[WalletId(wallet)].bank)


def _fault_of_first_signature(
    bank: ParticipantId, jws: UnverifiedJws, document: Open
) -> Refusal | None:
    """A wallet's first order is signed by the key it brings."""
    try:
        key = parse_jwk(document.key.encode()).public_key
        verify_compact(jws, key, kid=key_thumbprint(key), typ=ORDER_TYP)
    except (KeyEncodingError, UnicodeEncodeError):
        return Refusal.ORDER_TEXT_INVALID
    except InvalidSignatureError:
        return Refusal.SIGNATURE_INVALID
    return None if document.bank == bank else Refusal.WALLET_KEPT_ELSEWHERE


def _verdict(outcome: Outcome) -> Verdict:
    refusal = outcome.refusal
    return Verdict(
        order=format_order_id(outcome.order_id),
        code=ACCEPTED if refusal is None else refusal.name.lower(),
        at_us=outcome.at_us,
        number=outcome.number,
        amounts=outcome.results,
        step=outcome.step,
        found=outcome.found,
        limit=outcome.limit,
        replayed=outcome.replayed,
    )
