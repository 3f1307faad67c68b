# SPDX-License-Identifier: Apache-2.0
"""`python -m tests.simulation.kill_programmes --runs N`: SIGKILL a core under a load of programmes.

Each run starts `tests.simulation.loaded_programmes`, kills it at a random instant and opens what is
left. Then: no verdict that was told is lost or another; sent again, nothing happens twice; marked
money is what budgets say, caps, contracts, invoices and claims held; every proposal that was told
to be carried out is; and once all programmes are closed, every unit of their money is back.
"""

import random
import sys
import time
from collections import Counter
from itertools import count
from pathlib import Path

from kerege.centralbank.acceptance import Acceptance
from kerege.centralbank.actions import CloseProgramme
from kerege.centralbank.recalling import LOOK_AGAIN_US, Recalling
from kerege.centralbank.register_programmes import ProgrammeState
from kerege.keys import parse_compact
from kerege.ledger import UNMARKED, AccountId, Cell, Role, parse_order_id
from kerege.payments import Document, ParticipantId, decode_document
from kerege.payments.contract_documents import Contract
from kerege.payments.documents import Invoice, Pay, Refund, Reward
from tests.doors import ANSWER_S
from tests.funders import GROUND
from tests.registers import HOUR_US, Country
from tests.simulation.kill import Found, main, run_and_kill
from tests.simulation.loaded_programmes import PROGRAMMES, Report, Sent, read_report

__all__ = ["kill_once"]

LONGEST_S = 1.2
"""A run lives at most this long after it was set up: some hundred batches, twenty minutes there."""

BANK = ParticipantId("altyn-bank")


def kill_once(
    found: Found, folder: Path, seed: int, url: str = "", *, is_ours: bool = False
) -> None:
    """Start, kill, open, check. A server of ours is crashed as well now and then."""
    rng = random.Random(seed)
    crash_at_s = rng.uniform(0.0, LONGEST_S) if is_ours and rng.random() < 0.3 else None
    arguments = [str(folder), str(seed), url]
    after_s = rng.uniform(0.0, LONGEST_S)
    data, is_killed = run_and_kill("loaded_programmes", arguments, after_s, url, crash_at_s)
    report = read_report(data)
    found.runs += 1
    found.killed += is_killed
    found.crashed += crash_at_s is not None
    found.acknowledged += sum(bool(one.code) for one in report.sent.values())
    left = _Left(folder, url, report)
    try:
        left.check(found)
    finally:
        left.close()


class _Left:
    """What a killed core left, opened again."""

    def __init__(self, folder: Path, url: str, report: Report) -> None:
        self.report = report
        again_us = report.now_us + 1
        self.country = Country(folder, url=url, ledger_url=url, again_us=again_us)
        self.ledger, self.register = self.country.ledger, self.country.register
        self.acceptance = Acceptance(self.ledger, self.register, self.country.clock)
        self.documents = {order: _read(one) for order, one in report.sent.items()}

    def close(self) -> None:
        self.acceptance.close()
        self.country.close()

    def check(self, found: Found) -> None:
        """Everything of this module's docstring, in turn."""
        self._nothing_told_is_lost(found)
        self._nothing_happens_twice(found)
        self._figures_hold()
        self._caps_hold()
        self._staff_was_told_the_truth()
        self._all_comes_back()

    def _nothing_told_is_lost(self, found: Found) -> None:
        for order, sent in self.report.sent.items():
            kept = self.acceptance.verdict(parse_order_id(order))
            is_there = kept is not None and kept.accepted
            if not sent.code:
                found.unanswered += 1
                found.unanswered_but_there += is_there
                continue
            assert is_there == (sent.code == "accepted"), f"{order}: {sent.code}, now {kept}"
            assert not is_there or (kept and kept.number == sent.number), f"{order} is elsewhere"

    def _nothing_happens_twice(self, found: Found) -> None:
        before = {one: self.acceptance.verdict(parse_order_id(one)) for one in self.report.sent}
        texts = [one.text.encode() for one in self.report.sent.values()]
        for start in range(0, len(texts), 500):
            some = self.acceptance.submit_all(BANK, texts[start : start + 500])
            for verdict in some.result(ANSWER_S):
                first = before[verdict.order]
                if first is not None and first.accepted:
                    assert verdict.accepted, f"{verdict.order} was accepted, now {verdict.code}"
                    assert verdict.number == first.number, f"{verdict.order} happened twice"
                    found.accepted += 1
                elif first is not None:
                    assert not verdict.accepted, f"{verdict.order} was refused: {first.code}"

    def _figures_hold(self) -> None:
        """Debits equal credits, nobody owes, no more is marked than budgets count."""
        sums: Counter[tuple[str, int]] = Counter()
        for number in count(1):
            info = self.ledger._store.account(AccountId(number))
            if info is None:
                break
            account = info.account
            for mark, cell in self.ledger.cells(account.id).items():
                sums[account.asset, mark] += cell.balance
                # The converter owes in one mark what it has in others.
                if account.role not in (Role.ISSUER, Role.CONVERTER):
                    low = cell.available - (account.floor_of(mark) or 0)
                    assert low >= 0, f"account {number} is below its floor: {cell}"
        assert not any(sums.values()), f"debits equal credits: {sums}"
        for name, record in self.register.programme_records().items():
            used = -self.ledger.cells(record.budget).get(UNMARKED, Cell()).balance
            out = sum(self._outstanding(mark) for mark in record.marks)
            # What was spent and lost its mark is counted still, but for VAT, which never is spent.
            told = f"{name}: {out} are marked, {used} are counted of {record.newest.terms.budget}"
            assert out <= used <= record.newest.terms.budget, told
            assert used == out or name != "digital-vat", told

    def _outstanding(self, mark: int) -> int:
        converter = self.register.converter("KZT")
        held = self.ledger.holders(mark)  # type: ignore[arg-type]
        return sum(cell.balance for account, cell in held if account != converter)

    def _caps_hold(self) -> None:
        """By what was signed: no contract or invoice overpaid, no claim rewarded twice."""
        accepted = [
            document
            for order, document in self.documents.items()
            if (kept := self.acceptance.verdict(parse_order_id(order))) and kept.accepted
        ]
        paid: Counter[str] = Counter()
        pays = {one.id: one for one in accepted if isinstance(one, Pay)}
        for one in accepted:
            if isinstance(one, Pay) and one.about:
                paid[one.about] += one.legs[0].amount
            elif isinstance(one, Refund) and one.order in pays and pays[one.order].about:
                paid[pays[one.order].about] -= one.amount
        for one in accepted:
            if isinstance(one, Contract):
                assert paid[one.id] <= one.cap, f"{one.id} was overpaid"
            elif isinstance(one, Invoice):
                assert 0 <= paid[one.id] <= one.total, f"{one.id} was overpaid"
        claims = Counter(one.claim for one in accepted if isinstance(one, Reward))
        assert all(times == 1 for times in claims.values()), "a claim was rewarded twice"

    def _staff_was_told_the_truth(self) -> None:
        self.register.run_due()
        for proposal in self.report.executed:
            assert self.register.proposal(proposal).state == "executed", f"{proposal} is lost"
        assert self.register.run_due() == 0, "something waits for ever"

    def _all_comes_back(self) -> None:
        for name in PROGRAMMES:
            self.country.act(CloseProgramme(programme=name, ground=GROUND))
        self.country.clock.advance_us(3 * HOUR_US + 40 * 24 * HOUR_US + LOOK_AGAIN_US)
        self.ledger.expire()
        recalling = Recalling(self.ledger, self.register, self.country.clock)
        while any(one.orders for one in recalling.step()):
            recalling._rests.clear()
        for name, record in self.register.programme_records().items():
            assert not any(self.ledger.holders(mark) for mark in record.marks), f"{name}: is left"
            assert record.state is ProgrammeState.SETTLED, f"{name} is {record.state}"
        self._figures_hold()


def _read(sent: Sent) -> Document:
    return decode_document(parse_compact(sent.text.encode()).payload)


if __name__ == "__main__":
    started = time.monotonic()
    status = main(kill_once, __doc__)
    print(f"{time.monotonic() - started:.0f} s", file=sys.stderr)
    sys.exit(status)
