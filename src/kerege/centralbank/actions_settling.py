# SPDX-License-Identifier: Apache-2.0
"""Settling an approved proposal: one ledger order, its effect, how it ended. See `actions_desk`."""

from collections.abc import Sequence
from typing import Final

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import Connection

from kerege.centralbank.actions import (
    COURT_ACTIONS,
    Action,
    ActivateProgramme,
    Admit,
    IdentifiedRekey,
    Redeem,
)
from kerege.centralbank.actions_effects import Done, apply_action, claim_of
from kerege.centralbank.actions_facts import LiveScene
from kerege.centralbank.actions_planning import plan_action
from kerege.centralbank.actions_proposals import decode_proposal
from kerege.centralbank.actions_scene import Planned, Unable
from kerege.centralbank.programme_terms import parse_terms
from kerege.centralbank.register_facts import Facts
from kerege.centralbank.register_participants import Role
from kerege.centralbank.register_wallets import WalletChanges
from kerege.centralbank.stores import proposals, wallets
from kerege.centralbank.stores.changes import Change, note_changes
from kerege.centralbank.stores.intents import Intent, begin_intents, end_intents
from kerege.centralbank.stores.proposals import ProposalRow
from kerege.keys import parse_compact
from kerege.ledger import Ledger, Order, OrderId, Outcome, Step, format_order_id
from kerege.ledger.encoding import decode_order
from kerege.ledger.explanations import explain
from kerege.payments.derived import derived_order_id
from kerege.runtime.tables import Tables

__all__ = ["EXECUTED", "Settler"]

EXECUTED: Final = "executed"

_MOST_TRIES: Final = 8
"""How often one waits for another change of the same wallet; then the next `run_due` goes on."""

_KEY_REVOKED: Final = Unable(
    "key_revoked", "a key that proposed or approved this is not in force any more"
)
_REDEEMED: Final = Unable("payment_already_redeemed", "another proposal redeemed this payment")
_TAKEN: Final = {
    "activate-programme": Unable(
        "programme_version_taken", "another proposal put this version of the programme in force"
    ),
    "admit": Unable("participant_exists", "another proposal admitted a participant of this name"),
}
"""What another proposal did first, by kind of action; the order's id is of what it does."""

_LOOKED_AT: Final = 1_000
"""Approved proposals of which a crash may have left one half done: more than are ever open."""


class _Posted(Struct, frozen=True):
    """An order the ledger accepted for a proposal."""

    steps: Sequence[Step]
    results: Sequence[int]


class Settler:
    """Carries out approved proposals. Safe among threads and nodes."""

    def __init__(
        self, tables: Tables, ledger: Ledger, facts: Facts, changes: WalletChanges
    ) -> None:
        self._tables = tables
        self._ledger = ledger
        self._facts = facts
        self._changes = changes

    def settle(self, proposal: str, *, now_us: int) -> bool:
        """Carry out `proposal` if it is approved and due; returns whether it is settled now.

        Raises `StoreFailed` or `DatabaseUnavailable`: then do it again.
        """
        for _ in range(_MOST_TRIES):
            with self._tables.begin() as connection:
                proposals.lock_actions(connection)
                row = _due(connection, proposal, now_us)
                if row is None:
                    return False
                _claim_key(connection, row)
            with self._tables.begin() as connection:
                proposals.lock_actions(connection)
                row = _due(connection, proposal, now_us)
                if row is None:
                    return True
                begun = self._begun(connection, row, now_us)
                # Nothing else settles now, and what others settled is committed.
                self._facts.look()
                settled = not begun and self._settle(connection, row, now_us)
            if settled:
                self._facts.look()
                return True
            for other in begun:
                self.settle(other, now_us=now_us)
            # Or somebody is changing the wallet: let that end first.
            self._changes.finish_begun()
        return False

    def _begun(self, connection: Connection, row: ProposalRow, now_us: int) -> list[str]:
        """Other proposals whose order is in the ledger and which a crash kept from the register:
        what they do has happened, so nothing is planned until the register knows it."""
        if self._ledger.accepted(_order_of(row)) is not None:
            return []
        others = proposals.due(connection, now_us=now_us, limit=_LOOKED_AT)
        found = [proposals.read_proposal(connection, other) for other in others if other != row.id]
        return [one.id for one in found if one is not None and self._is_begun(one)]

    def _is_begun(self, row: ProposalRow) -> bool:
        earlier = self._ledger.accepted(_order_of(row))
        return earlier is not None and earlier.order.evidence == _evidence(row)

    def _settle(self, connection: Connection, row: ProposalRow, now_us: int) -> bool:
        action = decode_proposal(parse_compact(row.proposal).payload).action
        order_id = _order_id(row.id, action)
        row = replace(row, settled_at_us=now_us)
        if isinstance(action, IdentifiedRekey) and not _hold(connection, row, action, order_id):
            return False
        order = format_order_id(order_id)
        scene = LiveScene(self._facts, self._ledger, connection, order=order, now_us=now_us)
        planned = plan_action(action, scene)
        posted = self._post(row, order_id, planned)
        changes: list[Change] = []
        if isinstance(posted, Unable):
            row = replace(
                row, state="refused", code=posted.code, explanation=posted.explanation[:500]
            )
        else:
            done = Done(row.id, order, action, posted.steps, posted.results, now_us)
            institution = planned.institution if isinstance(planned, Planned) else ""
            row = replace(
                row, state="executed", code=EXECUTED, order_id=order, institution=institution
            )
            changes = apply_action(connection, done)
        is_access = row.state == "executed" and isinstance(action, COURT_ACTIONS)
        proposals.settle(connection, row, is_access=is_access)
        wallets.drop_claims(connection, [order])
        end_intents(connection, [order])
        note_changes(connection, changes)
        return True

    def _post(
        self, row: ProposalRow, order_id: OrderId, planned: Planned | Unable
    ) -> _Posted | Unable:
        """Have the order in the ledger, unless it is there from before a crash."""
        evidence = _evidence(row)
        earlier = self._ledger.accepted(order_id)
        if earlier is not None:
            stored = earlier.order
            if stored.evidence != evidence:
                return _TAKEN.get(row.kind, _REDEEMED)
            return _Posted(decode_order(stored.body, evidence).steps, stored.results)
        if not self._signers_in_force(row):
            return _KEY_REVOKED
        if isinstance(planned, Unable):
            return planned
        order = Order(order_id, planned.steps, evidence=evidence)
        if row.kind in _TAKEN:
            # What is refused may be put right: the id of a name or version is not used up by that.
            (outcome,) = self._ledger.begin([order], attempts={0}).outcomes()
        else:
            (outcome,) = self._ledger.post([order])
        if outcome.refusal is not None:
            return _refused(outcome, planned)
        return _Posted(planned.steps, outcome.results)

    def _signers_in_force(self, row: ProposalRow) -> bool:
        """Whether both may still act, with the keys they signed with."""
        for text, name in ((row.proposal, row.proposer), (row.approval, row.approver)):
            found = self._facts.participant_of_key(parse_compact(text).header.kid or "")
            if found is None or found[0].id != name or found[0].suspended:
                return False
            if Role.STAFF not in found[0].roles:
                return False
        return True


def _order_id(proposal: str, action: Action) -> OrderId:
    """Of a redemption it follows from the payment, so that a payment is redeemed once; of an
    activation from the version, of an admission from the name: of two proposals for one only one
    is ever carried out, even if the first is in the ledger and the register does not know."""
    if isinstance(action, Redeem):
        return derived_order_id("redeem", action.payment)
    if isinstance(action, ActivateProgramme):
        terms = parse_terms(action.terms.encode()).programme
        return derived_order_id("programme", terms.id, str(terms.version))
    if isinstance(action, Admit):
        return derived_order_id("admit", action.participant)
    return derived_order_id("action", proposal)


def _order_of(row: ProposalRow) -> OrderId:
    return _order_id(row.id, decode_proposal(parse_compact(row.proposal).payload).action)


def _evidence(row: ProposalRow) -> bytes:
    """What two people signed."""
    return row.proposal + b"\n" + row.approval


def _due(connection: Connection, proposal: str, now_us: int) -> ProposalRow | None:
    row = proposals.read_proposal(connection, proposal)
    if row is None or row.state != "approved" or row.due_at_us > now_us:
        return None
    return row


def _claim_key(connection: Connection, row: ProposalRow) -> None:
    """Keep the key of an identified owner from every other wallet, before the order is posted."""
    action = decode_proposal(parse_compact(row.proposal).payload).action
    if isinstance(action, IdentifiedRekey):
        claim = claim_of(action, format_order_id(_order_id(row.id, action)))
        if claim is not None:
            wallets.claim_keys(connection, [claim])


def _hold(
    connection: Connection, row: ProposalRow, action: IdentifiedRekey, order_id: OrderId
) -> bool:
    """Keep other changes of the wallet out until this transaction ends."""
    order = format_order_id(order_id)
    intent = Intent(order_id=order, wallet=action.wallet, bank="", evidence=row.proposal)
    return order in begin_intents(connection, [intent])


def _refused(outcome: Outcome, planned: Planned) -> Unable:
    if outcome.refusal is not None:
        renamed = planned.renamed.get((outcome.step, outcome.refusal))
        if renamed is not None:
            return renamed
    said = explain(outcome, "en", format_amount=str)
    return Unable(said.code, f"{said.text} {said.remedy}")
