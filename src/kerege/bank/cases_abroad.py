# SPDX-License-Identifier: Apache-2.0
"""A dispute whose payee is at another bank: told there, heard here, answered through both.

The case is the payer's bank's. It tells the payee's bank of every change until that bank has heard;
the payee sees it at its own bank, and what the payee says travels back. Deadlines are the case's,
from its opening: a bank that cannot be reached for days costs its customer that time.
"""

import hashlib
from typing import Final

import msgspec

from kerege.bank import abroad_store as store
from kerege.bank.abroad_store import ForeignCase, Told
from kerege.bank.core_line import CoreLine, CoreUnreachable
from kerege.bank.customer import CustomerId
from kerege.bank.customers import Customers
from kerege.bank.disputes import Disputes, NotDisputable, case_id_of
from kerege.bank.outbox import News, Outbox
from kerege.bank.peer_cases import CaseAnswer, CaseEvidence, CaseRefused, PeerCases, ToldCase
from kerege.keys import encode_base64url
from kerege.payments import WalletId
from kerege.payments.disputes import Case
from kerege.runtime import Clock
from kerege.runtime.tables import Tables
from kerege.wallet.wire import CaseView, EvidenceView

__all__ = ["CaseTelling", "CasesAbroad", "case_view"]

DISPUTED: Final = "disputed"
"""The kind of the notice that a payee gets of a case, and of each of its changes."""

_AT_ONCE: Final = 100
_MAX_CASES: Final = 200
_FIRST_PAUSE_US: Final = 5_000_000
_MOST_DOUBLINGS: Final = 10
"""From five seconds to an hour and a half between two tries."""


def case_view(case: Case) -> CaseView:
    """A case as parties and banks see it."""
    paid = case.paid
    return CaseView(
        id=case.id,
        payment=paid.order,
        leg=paid.leg,
        asset=paid.asset,
        payer=paid.payer,
        payee=paid.payee,
        reason=case.reason.value,
        state=case.state.value,
        claimed=case.claimed,
        conceded=case.conceded,
        awarded=case.awarded,
        reserved=bool(case.hold),
        opened_us=case.opened_us,
        answer_by_us=case.answer_by_us,
        decide_by_us=case.decide_by_us,
        evidence=tuple(
            EvidenceView(one.wallet, one.at_us, encode_base64url(one.digest))
            for one in case.evidence
        ),
    )


class CaseTelling:
    """The payer's bank, named `bank`: tells payees of cases, here or through their banks."""

    def __init__(
        self,
        bank: str,
        tables: Tables,
        disputes: Disputes,
        core: CoreLine,
        peers: PeerCases,
        *,
        customers: Customers,
        outbox: Outbox,
        clock: Clock,
    ) -> None:
        self._bank = bank
        self._tables = tables
        self._disputes = disputes
        self._core = core
        self._peers = peers
        self._customers = customers
        self._outbox = outbox
        self._clock = clock

    def tend(self) -> int:
        """Tell of cases that have changed; returns how many were looked at. Call it again and
        again: what was not heard is told once more, later each time."""
        now_us = self._clock.now_us()
        with self._tables.read() as connection:
            changed = store.untold_cases(connection, now_us, limit=_AT_ONCE)
        for case, version in changed:
            self._tell(case, version, now_us)
        return len(changed)

    def require_payee(self, case_id: str, *, bank: str, wallet: str = "") -> Case:
        """A case whose payee `bank` keeps (and is `wallet`). Raises `NotDisputable` for any
        other."""
        case = self._disputes.get(case_id)
        view = self._core.wallet(case.paid.payee)
        if view is None or view.bank != bank or wallet not in ("", case.paid.payee):
            raise NotDisputable("there is no such case", place=case_id[:40])
        return case

    def _tell(self, case_id: str, version: int, now_us: int) -> None:
        view = case_view(self._disputes.get(case_id))
        digest = hashlib.sha256(msgspec.json.encode(view)).digest()
        with self._tables.read() as connection:
            before = store.find_told(connection, case_id)
        told = Told(case_id, version, digest, 0, 0)
        if before is None or before.digest != digest:
            try:
                self._deliver(view, digest)
            except (CoreUnreachable, CaseRefused):
                told = _later(case_id, before, now_us)
        with self._tables.begin() as connection:
            store.save_told(connection, told)

    def _deliver(self, view: CaseView, digest: bytes) -> None:
        payee = self._core.wallet(view.payee)
        if payee is None:
            return
        if payee.bank != self._bank:
            self._peers.tell(payee.bank, view)
            return
        owner = self._customers.customer_of_wallet(WalletId(view.payee))
        if owner is not None:
            self._outbox.tell_now(_news(view, owner, digest))


class CasesAbroad:
    """The payee's bank: cases that other banks told of, and their customers' words to them."""

    def __init__(
        self,
        tables: Tables,
        core: CoreLine,
        peers: PeerCases,
        *,
        customers: Customers,
        outbox: Outbox,
        clock: Clock,
    ) -> None:
        self._tables = tables
        self._core = core
        self._peers = peers
        self._customers = customers
        self._outbox = outbox
        self._clock = clock

    def hear(self, told: ToldCase, *, bank: str) -> None:
        """Take in what `bank` says of a case of its customer against one of ours.

        Raises `NotDisputable` unless the payment was made, from a wallet of that bank to one kept
        here: nobody is told of cases that are none.
        """
        owner = self._customers.customer_of_wallet(WalletId(told.payee))
        payer = self._core.wallet(told.payer)
        paid = self._core.verdict(told.payment)
        if (
            owner is None
            or payer is None
            or payer.bank != bank
            or paid is None
            or not paid.accepted
            or told.id != case_id_of(told.payment, told.leg)
        ):
            raise NotDisputable("there is no such payment between us", place="payment")
        view = msgspec.convert(msgspec.to_builtins(told), CaseView)
        self._keep(view, bank)
        digest = hashlib.sha256(msgspec.json.encode(view)).digest()
        self._outbox.tell_now(_news(view, owner, digest))

    def of(self, wallet: str) -> list[CaseView]:
        """Cases at other banks against a wallet, as they were told last."""
        with self._tables.read() as connection:
            found = store.foreign_of(connection, wallet, limit=_MAX_CASES)
        return [one.view for one in found]

    def find(self, case: str) -> ForeignCase | None:
        """A case at another bank."""
        with self._tables.read() as connection:
            return store.find_foreign(connection, case)

    def show(self, case: ForeignCase) -> CaseView:
        """A case as it stands there, or as it was told last if that bank does not answer."""
        try:
            return self._keep(self._peers.show(case.bank, case.view.id), case.bank)
        except CoreUnreachable:
            return case.view

    def answer(self, case: ForeignCase, *, conceded: int) -> CaseView:
        """The payee answers. Raises `CaseRefused`, `CoreUnreachable`."""
        answer = CaseAnswer(case.view.payee, conceded)
        return self._keep(self._peers.answer(case.bank, case.view.id, answer), case.bank)

    def give_evidence(self, case: ForeignCase, digest: str) -> CaseView:
        """The payee names a document. Raises `CaseRefused`, `CoreUnreachable`."""
        evidence = CaseEvidence(case.view.payee, digest)
        return self._keep(self._peers.give_evidence(case.bank, case.view.id, evidence), case.bank)

    def _keep(self, view: CaseView, bank: str) -> CaseView:
        kept = ForeignCase(bank, self._clock.now_us(), view)
        with self._tables.begin() as connection:
            store.save_foreign(connection, kept)
        return view


def _news(view: CaseView, owner: CustomerId, digest: bytes) -> News:
    return News(
        key=f"{DISPUTED}:{view.id}:{digest.hex()[:32]}",
        customer=owner,
        kind=DISPUTED,
        wallet=view.payee,
        data={
            "case": view.id,
            "order": view.payment,
            "state": view.state,
            "asset": view.asset,
            "claimed": view.claimed,
            "answer_by_us": view.answer_by_us,
        },
    )


def _later(case_id: str, before: Told | None, now_us: int) -> Told:
    """That a case is still to be told of: its version is left behind."""
    tries = 1 if before is None else before.tries + 1
    pause_us = _FIRST_PAUSE_US * 2 ** min(tries - 1, _MOST_DOUBLINGS)
    digest = b"" if before is None else before.digest
    return Told(case_id, -1, digest, tries, now_us + pause_us)
