# SPDX-License-Identifier: Apache-2.0
"""Opening wallets and changing them: first noted, then in the ledger, then in the register.

1. One SQL transaction notes the document as an intent, which holds the wallet (it has at most
   one), and claims the keys it brings.
2. One ledger order under the document's own id.
3. One SQL transaction removes the intent and makes its effect visible, both or neither; of several
   nodes that finish the same intent, the one that removes it does.

After a crash anywhere, the same document again or `finish_begun` completes it. An intent that could
be noted anew although the ledger has accepted its order was finished before: that is a repeat.
"""

from collections.abc import Sequence
from typing import Final

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import Connection

from kerege.centralbank.register_effects import apply_effects
from kerege.centralbank.register_facts import Facts
from kerege.centralbank.register_preparing import Asked, Unfit, prepare, subject_of
from kerege.centralbank.stores import wallets
from kerege.centralbank.stores.departures import note_departures
from kerege.centralbank.stores.intents import Intent, begin_intents, end_intents, read_intents
from kerege.centralbank.stores.wallets import KeyClaim, WalletRow
from kerege.errors import InvariantViolation, KeregeError
from kerege.keys import parse_compact
from kerege.ledger import (
    Account,
    AccountId,
    Ledger,
    Order,
    Outcome,
    Terms,
    format_order_id,
    parse_order_id,
)
from kerege.ledger import Refusal as LedgerRefusal
from kerege.payments import ACCEPTED, Amend, Open, Refusal, Rehome, Rekey, Verdict, decode_document
from kerege.runtime.tables import Tables

__all__ = ["MAX_AT_ONCE", "WalletBusy", "WalletChanges", "verdict_of"]

MAX_AT_ONCE: Final = 512
"""Documents whose rows one transaction writes."""

_MOST_ROUNDS: Final = 8
"""How often one waits for another change of the same wallet."""


class WalletBusy(KeregeError):
    """Other changes of the wallet keep coming first; send the document again."""


class Begun(Struct, frozen=True):
    """A change that is noted, and the wallet as it stood."""

    asked: Asked
    order: Order
    row: WalletRow | None


class WalletChanges:
    """Carries out `Open`, `Amend`, `Rehome` and `Rekey`. Safe among threads and nodes."""

    def __init__(self, tables: Tables, ledger: Ledger, facts: Facts) -> None:
        self._tables = tables
        self._ledger = ledger
        self._facts = facts

    def carry_out(self, asked: Sequence[Asked]) -> list[Verdict]:
        """One verdict a document, in their order, once their effects are durable.

        Raises `WalletBusy`, `StoreFailed` or `DatabaseUnavailable`: send the same again.
        """
        verdicts: dict[int, Verdict] = {}
        for _ in range(_MOST_ROUNDS + len(asked)):
            places = _next_round(asked, verdicts)
            if not places:
                return [verdicts[place] for place in range(len(asked))]
            answers = self._round([asked[place] for place in places])
            for place in places:
                if answer := answers.get(asked[place].document.id):
                    verdicts[place] = answer
        raise WalletBusy("other changes of the wallet come first", remedy="send it again")

    def finish_begun(self) -> int:
        """Finish what a crash left half done; returns how many. Harmless at any time."""
        with self._tables.read() as connection:
            intents = read_intents(connection)
        for intent in intents:
            self._finish(intent)
        return len(intents)

    # -- one round: at most one document a wallet --

    def _round(self, asked: Sequence[Asked]) -> dict[str, Verdict]:
        """Verdicts by document; none for one that has to wait for another of its wallet."""
        answers, begun, others = self._begin(asked)
        outcomes = self._ledger.post([change.order for change in begun])
        self._conclude([(b.asked, b.row, o) for b, o in zip(begun, outcomes, strict=True)])
        for change, outcome in zip(begun, outcomes, strict=True):
            answers[change.asked.document.id] = verdict_of(outcome)
        for intent in others:
            answers.setdefault(intent.order_id, self._finish(intent))
        return answers

    def _begin(
        self, asked: Sequence[Asked]
    ) -> tuple[dict[str, Verdict], list[Begun], list[Intent]]:
        """What is refused, what was noted, and which intents of others come first."""
        answers: dict[str, Verdict] = {}
        begun: list[Begun] = []
        claims: list[KeyClaim] = []
        with self._tables.begin() as connection:
            intents = {each.document.id: _intent_of(each) for each in asked}
            mine = begin_intents(connection, intents.values())
            taken = [intent for name, intent in intents.items() if name not in mine]
            others = _others(connection, taken, answers)
            rows = wallets.read_wallets(connection, [subject_of(a.document) for a in asked])
            for each in asked:
                if each.document.id not in mine:
                    continue
                ready = self._prepare(each, rows.get(subject_of(each.document)))
                if isinstance(ready, Verdict):
                    answers[each.document.id] = ready
                else:
                    begun.append(ready[0])
                    claims += ready[1]
            note_departures(connection, _left(begun))
            losers = _claim(connection, claims)
            answers |= {order_id: Verdict(order_id, Refusal.KEY_IN_USE) for order_id in losers}
            end_intents(connection, mine.intersection(answers))
        return answers, [b for b in begun if b.asked.document.id not in losers], others

    def _prepare(
        self, asked: Asked, row: WalletRow | None
    ) -> Verdict | tuple[Begun, tuple[KeyClaim, ...]]:
        """What to post, or the verdict: on a repeat the first one."""
        document = asked.document
        if isinstance(document, Open) and row is not None and row.opened_by != document.id:
            return Verdict(document.id, Refusal.WALLET_EXISTS)
        if not isinstance(document, Open) or row is not None:
            accepted = self._ledger.accepted(parse_order_id(document.id))
            if accepted is not None:
                known = self._known(asked)
                other = LedgerRefusal.ID_HAS_OTHER_CONTENT.name.lower()
                return Verdict(document.id, other) if known is None else verdict_of(known)
        ready = prepare(asked, row, parameters=self._facts.parameters(), account=self._account)
        if isinstance(ready, Unfit):
            return Verdict(document.id, ready.code, note=ready.note)
        terms = Terms(document.after_us, document.until_us)
        order = Order(parse_order_id(document.id), ready.steps, terms, asked.evidence)
        return Begun(asked, order, row), ready.claims

    def _account(self, account_id: AccountId) -> Account:
        return self._ledger.account(account_id).account

    def _known(self, asked: Asked) -> Outcome | None:
        """The outcome the ledger has of this very document, if it accepted it."""
        accepted = self._ledger.accepted(parse_order_id(asked.document.id))
        if accepted is None or not _same(accepted.order.evidence, asked.evidence):
            return None
        return replace(accepted.order.outcome(accepted.at_us), replayed=True)

    def _conclude(self, decided: Sequence[tuple[Asked, WalletRow | None, Outcome]]) -> None:
        """Make effects visible and end the intents."""
        if not decided:
            return
        with self._tables.begin() as connection:
            ids = [asked.document.id for asked, _, _ in decided]
            mine = end_intents(connection, ids)
            own = [each for each in decided if each[0].document.id in mine]
            changed = apply_effects(connection, own)
        if changed:
            self._facts.look()

    def _finish(self, intent: Intent) -> Verdict:
        """Carry an intent to its end, whoever began it."""
        asked = self._asked_of(intent)
        with self._tables.read() as connection:
            subject = subject_of(asked.document)
            row = wallets.read_wallets(connection, [subject]).get(subject)
        outcome = self._known(asked)
        if outcome is None:
            ready = prepare(asked, row, parameters=self._facts.parameters(), account=self._account)
            if isinstance(ready, Unfit):
                with self._tables.begin() as connection:
                    wallets.drop_claims(connection, end_intents(connection, [intent.order_id]))
                return Verdict(intent.order_id, ready.code, note=ready.note)
            terms = Terms(asked.document.after_us, asked.document.until_us)
            order = Order(parse_order_id(intent.order_id), ready.steps, terms, asked.evidence)
            (outcome,) = self._ledger.post([order])
            # Another node may have finished it meanwhile, when the wallet looked otherwise.
            if outcome.refusal is LedgerRefusal.ID_HAS_OTHER_CONTENT:
                outcome = self._known(asked) or outcome
        self._conclude([(asked, row, outcome)])
        return verdict_of(outcome)

    def _asked_of(self, intent: Intent) -> Asked:
        document = decode_document(parse_compact(intent.evidence).payload)
        bank = self._facts.participant(intent.bank)
        if bank is None or not isinstance(document, Open | Amend | Rehome | Rekey):
            raise InvariantViolation(f"{intent.order_id}: an intent that is no change of a wallet")
        return Asked(document, intent.evidence, bank)


def verdict_of(outcome: Outcome) -> Verdict:
    """The ledger's answer as a bank gets it."""
    return Verdict(
        order=format_order_id(outcome.order_id),
        code=ACCEPTED if outcome.refusal is None else outcome.refusal.name.lower(),
        at_us=outcome.at_us,
        number=outcome.number,
        amounts=outcome.results,
        step=outcome.step,
        found=outcome.found,
        limit=outcome.limit,
        replayed=outcome.replayed,
    )


def _next_round(asked: Sequence[Asked], verdicts: dict[int, Verdict]) -> list[int]:
    """Places of documents to try now: of each wallet, and each id, the first that waits."""
    places: list[int] = []
    busy: set[str] = set()
    for place, each in enumerate(asked):
        names = {each.document.id, subject_of(each.document)}
        if place not in verdicts and busy.isdisjoint(names):
            places.append(place)
        if place not in verdicts:
            busy |= names
        if len(places) == MAX_AT_ONCE:
            break
    return places


def _left(begun: Sequence[Begun]) -> dict[str, str]:
    """The institutions that wallets leave, by order."""
    return {
        change.asked.document.id: change.row.bank
        for change in begun
        if isinstance(change.asked.document, Rehome) and change.row is not None
    }


def _intent_of(asked: Asked) -> Intent:
    return Intent(
        order_id=asked.document.id,
        wallet=subject_of(asked.document),
        bank=asked.bank.id,
        evidence=asked.evidence,
    )


def _others(
    connection: Connection, taken: Sequence[Intent], answers: dict[str, Verdict]
) -> list[Intent]:
    """Intents under way that `taken` could not be noted for; adds refusals to `answers`."""
    there = (
        read_intents(
            connection,
            order_ids=[intent.order_id for intent in taken],
            wallets=[intent.wallet for intent in taken],
            limit=2 * MAX_AT_ONCE,
        )
        if taken
        else []
    )
    by_id = {intent.order_id: intent for intent in there}
    for intent in taken:
        under_way = by_id.get(intent.order_id)
        if under_way is not None and not _same(under_way.evidence, intent.evidence):
            other = LedgerRefusal.ID_HAS_OTHER_CONTENT.name.lower()
            answers[intent.order_id] = Verdict(intent.order_id, other)
    return there


def _same(evidence: bytes, other: bytes) -> bool:
    """Whether two signed texts say the same: a signature may have a second valid writing."""
    return evidence.rpartition(b".")[0] == other.rpartition(b".")[0]


def _claim(connection: Connection, claims: Sequence[KeyClaim]) -> set[str]:
    """Claim keys; returns the orders that did not get all of theirs, and then have none."""
    first: dict[str, KeyClaim] = {}
    for claim in claims:
        first.setdefault(claim.kid, claim)
    free = wallets.claim_keys(connection, [first[kid] for kid in sorted(first)])
    losers = {c.order_id for c in claims if c.kid not in free or first[c.kid] is not c}
    if losers:
        wallets.drop_claims(connection, losers)
    return losers
