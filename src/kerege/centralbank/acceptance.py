# SPDX-License-Identifier: Apache-2.0
"""The one door for orders: signed texts come in from institutions, verdicts go out.

Texts from all submitters are gathered and go through together: keys are found, signatures
verified on all cores, documents planned (`kerege.payments`), the ledger decides, one commit makes
them durable, everyone is answered.
"""

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from concurrent.futures import Future
from typing import Final, Self

from msgspec.structs import replace

from kerege.centralbank.admission import Admitted, Submission, admit
from kerege.centralbank.denials import denial, refusal_of
from kerege.centralbank.ledger_scene import LedgerScene, RehearsalScene
from kerege.centralbank.register import Register
from kerege.centralbank.register_memory import Remembered
from kerege.centralbank.register_preparing import WalletDocument
from kerege.errors import InvariantViolation
from kerege.keys import BatchVerifier, Verifier
from kerege.ledger import AccountId, Ledger, Order, OrderId, Outcome
from kerege.ledger.gathering import Gathering
from kerege.ledger.ledger import Posting
from kerege.ledger.refusal import Refusal as LedgerRefusal
from kerege.payments import Hold, ParticipantId, Pay, Refusal, Verdict
from kerege.payments.planning import plan
from kerege.payments.scene import Plan, Refused
from kerege.payments.verdict import refused_verdict, verdict_of
from kerege.runtime import Clock

__all__ = ["Acceptance", "first_verdict"]

_VERIFYING_THREADS: Final = 2
_WORKERS: Final = 2
"""One batch is verified and decided while another waits for the disk."""

_MAX_TRIES: Final = 3
"""How often a plan is chosen by balances before it is asked for whatever they are."""

_REMEMBERED_ALLOWANCES: Final = 100_000
"""Accounts of limits in use: about 20 MB."""

_NO_PLAN: Final = Plan((), ())


class Acceptance:
    """Decides signed orders. Safe to use from any thread; close it, or use it as a context."""

    def __init__(
        self,
        ledger: Ledger,
        register: Register,
        clock: Clock,
        *,
        verifier: Verifier | None = None,
        workers: int = _WORKERS,
    ) -> None:
        """`workers` decide batches (PostgreSQL likes more). `verifier` is closed with the rest; by
        default two threads verify."""
        self._ledger = ledger
        self._register = register
        self._clock = clock
        self._verifier = verifier or BatchVerifier(threads=_VERIFYING_THREADS)
        self._allowances = Remembered[OrderId, AccountId](_REMEMBERED_ALLOWANCES)
        self._gathering = Gathering[Submission, Verdict](
            self._begin, workers=workers, in_order=False
        )

    def submit(self, bank: ParticipantId, text: bytes) -> Future[Verdict]:
        """The verdict to come on one signed order; it raises `StoreFailed` if the database did not
        confirm: submit the same text again. Raises `Overloaded`."""
        return self._gathering.submit((bank, text))

    def submit_here(self, bank: ParticipantId, text: bytes) -> asyncio.Future[Verdict]:
        """`submit` in an event loop."""
        return self._gathering.submit_here((bank, text))

    def submit_all_here(
        self, bank: ParticipantId, texts: Sequence[bytes]
    ) -> asyncio.Future[list[Verdict]]:
        """`submit_all` in an event loop."""
        return self._gathering.submit_all_here([(bank, text) for text in texts])

    def submit_all(self, bank: ParticipantId, texts: Sequence[bytes]) -> Future[list[Verdict]]:
        """The verdicts to come on many, in their order; as `submit`."""
        return self._gathering.submit_all([(bank, text) for text in texts])

    def verdict(self, order_id: OrderId) -> Verdict | None:
        """What became of an order; None if it was never decided."""
        outcome = self._ledger.outcome(order_id)
        return None if outcome is None else first_verdict(outcome)

    def try_out(self, bank: ParticipantId, text: bytes) -> Verdict:
        """What `submit` would answer now; changes nothing. Registrations
        cannot be tried."""
        self._register.refresh()
        scene = RehearsalScene(self._ledger, self._register, self._clock.now_us())
        (found,) = admit([(bank, text)], self._register, self._verifier, now_us=scene.now_us)
        if isinstance(found, Verdict):
            return found
        if isinstance(found.document, WalletDocument):
            return Verdict(found.document.id, Refusal.NOT_ALLOWED_FOR_KIND)
        planned = plan(found.document, scene)
        if isinstance(planned, Refused):
            return refused_verdict(found.order_id, planned)
        outcome = self._ledger.rehearse([*scene.openings, _order(found, planned)])[-1]
        return verdict_of(outcome, planned)

    def close(self) -> None:
        """Decide what waits, then end the threads. Ledger and register stay open."""
        self._gathering.close()
        self._verifier.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _begin(self, items: list[Submission]) -> Callable[[], list[Verdict]]:
        """Decide a batch; what is returned waits for the disk and gives the verdicts."""
        self._register.refresh()
        scene = LedgerScene(self._ledger, self._register, self._clock.now_us(), self._allowances)
        admitted = admit(items, self._register, self._verifier, now_us=scene.now_us)
        verdicts = {n: found for n, found in enumerate(admitted) if isinstance(found, Verdict)}
        verdicts |= self._register_all(admitted)
        undecided = {
            place: found
            for place, found in enumerate(admitted)
            if isinstance(found, Admitted) and place not in verdicts
        }
        rounds = self._decide(undecided, scene)

        def wait() -> list[Verdict]:
            for planned, posting in rounds:
                for (place, what), outcome in zip(planned.items(), posting.outcomes(), strict=True):
                    verdicts[place] = self._answer(outcome, undecided[place], what)
            answers = [verdicts[place] for place in range(len(items))]
            self._register.refusals.note(answers, now_us=scene.now_us)
            return answers

        return wait

    def _decide(
        self, undecided: Mapping[int, Admitted], scene: LedgerScene
    ) -> list[tuple[dict[int, Plan | Refused], Posting]]:
        """Plan and ask the ledger. A plan that was chosen by what balances were is tried: refused
        because another order came first, it is chosen again, in another round; what it is chosen to
        be twice is asked for firmly."""
        scene.look_anew(_payers(undecided.values(), scene))
        planned = _plan_all(undecided, scene)
        rounds: list[tuple[dict[int, Plan | Refused], Posting]] = []
        firm: Set[int] = frozenset()
        while True:
            tried = _chosen(planned) - firm if len(rounds) < _MAX_TRIES else frozenset()
            orders = [self._asked(scene, undecided[n], what) for n, what in planned.items()]
            attempts = {place for place, n in enumerate(planned) if n in tried}
            posting = self._ledger.begin(orders, attempts=attempts)
            rounds.append((planned, posting))
            again = _missed(planned, posting, tried)
            if not again:
                return rounds
            scene.look_anew(_payers([undecided[n] for n in again], scene))
            anew = _plan_all({n: undecided[n] for n in again}, scene)
            firm = {n for n in again if anew[n] == planned[n]}
            planned = anew

    def _register_all(self, admitted: Sequence[Admitted | Verdict]) -> dict[int, Verdict]:
        """Carry out openings, amendments and moves of wallets: the register's own business."""
        by_bank: dict[ParticipantId, list[tuple[int, WalletDocument, bytes]]] = {}
        for place, found in enumerate(admitted):
            if isinstance(found, Admitted) and isinstance(found.document, WalletDocument):
                change = (place, found.document, found.text)
                by_bank.setdefault(found.bank, []).append(change)
        answers: dict[int, Verdict] = {}
        for bank, changes in by_bank.items():
            asked = [(document, text) for _, document, text in changes]
            verdicts = self._register.change_wallets(asked, bank)
            answers.update(zip((place for place, *_ in changes), verdicts, strict=True))
        return answers

    def _asked(self, scene: LedgerScene, found: Admitted, planned: Plan | Refused) -> Order:
        if isinstance(planned, Plan):
            return _order(found, planned)
        return denial(found.order_id, planned.refusal, found.text, scene.allowance_sink)

    def _answer(self, outcome: Outcome, found: Admitted, planned: Plan | Refused) -> Verdict:
        if outcome.refusal is LedgerRefusal.ID_HAS_OTHER_CONTENT:
            return self._repeated(outcome, found)
        if isinstance(planned, Plan):
            return verdict_of(outcome, planned)
        verdict = refused_verdict(found.order_id, planned)
        return replace(verdict, replayed=outcome.replayed)

    def _repeated(self, outcome: Outcome, found: Admitted) -> Verdict:
        """The first answer, if it was given to this very order: what the order does to the ledger
        may look different by now, and so may its signature."""
        first = self._ledger.outcome(outcome.order_id)
        if first is None:
            raise InvariantViolation(f"{found.document.id} is known and was never decided")
        accepted = self._ledger.accepted(outcome.order_id)
        if accepted is not None and _signed(accepted.order.evidence) != _signed(found.text):
            return verdict_of(outcome, _NO_PLAN)
        return replace(first_verdict(first), replayed=True)


def first_verdict(outcome: Outcome) -> Verdict:
    """The verdict that an outcome was, as far as the ledger alone remembers it."""
    denied = refusal_of(outcome)
    if denied is not None:
        return refused_verdict(outcome.order_id, Refused(denied))
    return verdict_of(outcome, _NO_PLAN)


def _plan_all(undecided: Mapping[int, Admitted], scene: LedgerScene) -> dict[int, Plan | Refused]:
    """A plan for each, in order. Those that asked for an allowance are made twice: all that were
    asked for are opened in between."""
    planned: dict[int, Plan | Refused] = {}
    again = []
    for place, found in undecided.items():
        scene.has_blank = False
        planned[place] = plan(found.document, scene)
        if scene.has_blank:
            again.append(place)
    if again:
        scene.open_asked()
        planned |= {place: plan(undecided[place].document, scene) for place in again}
    return planned


def _payers(admitted: Iterable[Admitted], scene: LedgerScene) -> list[AccountId]:
    """Accounts that payments leave from: what marked money is in them is asked for together."""
    payers = [
        (scene.wallet(one.document.wallet), one.document.asset)
        for one in admitted
        if isinstance(one.document, Pay | Hold)
    ]
    return [
        wallet.accounts[asset] for wallet, asset in payers if wallet and asset in wallet.accounts
    ]


def _chosen(planned: Mapping[int, Plan | Refused]) -> Set[int]:
    return {n for n, what in planned.items() if what.chosen}


def _missed(planned: Mapping[int, Plan | Refused], posting: Posting, tried: Set[int]) -> list[int]:
    """Which of those tried were refused; none needs waiting for the disk to know."""
    if not tried:
        return []
    decided = zip(planned, posting.decided(), strict=True)
    return [
        n for n, outcome in decided if n in tried and not outcome.accepted and not outcome.replayed
    ]


def _order(found: Admitted, planned: Plan) -> Order:
    return Order(found.order_id, planned.steps, planned.terms(found.document), found.text)


def _signed(text: bytes) -> bytes:
    """What of a compact JWS is signed: signatures may differ where this does not."""
    return text.rpartition(b".")[0]
