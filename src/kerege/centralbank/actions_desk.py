# SPDX-License-Identifier: Apache-2.0
"""The desk where two people act for the central bank: one proposes, another approves.

An approved action is carried out at once or at its time, in one transaction that keeps all other
settling out: plan, post one ledger order under an id derived from the proposal, write the effect
and how it ended. After a crash between ledger and register the proposal is still approved: settling
it again finds its order in the ledger and does the rest. So an action takes effect exactly once.
"""

from typing import Final

from sqlalchemy import Connection

from kerege.centralbank.actions import COURT_ACTIONS, kind_of
from kerege.centralbank.actions_proposals import (
    APPROVAL_TYP,
    MAX_APPROVAL_BYTES,
    MAX_LIFE_US,
    MAX_PROPOSAL_BYTES,
    MAX_SCHEDULE_US,
    PROPOSAL_TYP,
    AccessEntry,
    Proposal,
    ProposalFault,
    ProposalRefused,
    ProposalText,
    check_sense,
    decode_approval,
    decode_proposal,
    digest_of,
)
from kerege.centralbank.actions_settling import Settler
from kerege.centralbank.register_facts import Facts
from kerege.centralbank.register_participants import Participant, Role
from kerege.centralbank.register_wallets import WalletChanges
from kerege.centralbank.stores import proposals
from kerege.centralbank.stores.proposals import ProposalRow
from kerege.errors import InvariantViolation
from kerege.keys import (
    InvalidSignatureError,
    JwsEncodingError,
    UnverifiedJws,
    parse_compact,
    verify_compact,
)
from kerege.ledger import Ledger
from kerege.runtime import Clock
from kerege.runtime.tables import Tables

__all__ = ["MAX_LISTED", "MAX_OPEN", "ActionDesk"]

MAX_OPEN: Final = 1_000
"""Proposals that may wait at once: more than a room full of people can read."""

MAX_LISTED: Final = 500
"""Proposals, or lines of the access log, in one answer."""

_DUE_AT_ONCE: Final = 100
_LAST: Final = 2**63 - 1


class ActionDesk:
    """Takes proposals and approvals and carries out what is due. Safe among threads and nodes."""

    def __init__(
        self, tables: Tables, ledger: Ledger, clock: Clock, facts: Facts, wallets: WalletChanges
    ) -> None:
        self._tables = tables
        self._clock = clock
        self._facts = facts
        self._settler = Settler(tables, ledger, facts, wallets)

    def propose(self, text: bytes) -> Proposal:
        """Take a signed proposal; the same again gets what became of it.

        Raises `ProposalRefused` or `DatabaseUnavailable`.
        """
        jws = _parse(text, most=MAX_PROPOSAL_BYTES)
        payload, proposer = self._verify(jws, PROPOSAL_TYP)
        proposal = decode_proposal(payload)
        check_sense(proposal.action)
        now_us = self._clock.now_us()
        with self._tables.begin() as connection:
            proposals.lock_actions(connection)
            known = proposals.read_proposal(connection, proposal.id)
            if known is not None:
                return self._same(known, jws)
            _check_times(proposal, now_us)
            if proposals.count_open(connection) >= MAX_OPEN:
                raise ProposalRefused(
                    ProposalFault.TOO_MANY_OPEN,
                    f"{MAX_OPEN} proposals wait already",
                    remedy="approve some, or let them expire",
                )
            row = _new_row(proposal, text, proposer, now_us)
            return _view(proposals.insert_proposal(connection, row), now_us)

    def approve(self, text: bytes) -> Proposal:
        """Take a signed approval, and carry the action out if it is due.

        Raises `ProposalRefused`, and `StoreFailed` or `DatabaseUnavailable` when it is not known
        whether it was carried out: approve again, or let `run_due` do it.
        """
        jws = _parse(text, most=MAX_APPROVAL_BYTES)
        payload, approver = self._verify(jws, APPROVAL_TYP)
        approval = decode_approval(payload)
        now_us = self._clock.now_us()
        with self._tables.begin() as connection:
            proposals.lock_actions(connection)
            row = _find(connection, approval.proposal)
            if row.approver != approver.id:
                _check_approval(row, approver, approval.sha256, now_us)
                proposals.approve(
                    connection,
                    row.id,
                    approver=approver.id,
                    approval=text,
                    due_at_us=max(row.due_at_us, now_us),
                )
        self._settler.settle(approval.proposal, now_us=now_us)
        return self.proposal(approval.proposal)

    def run_due(self) -> int:
        """Carry out what is due, end what nobody approved; returns how many proposals that was.

        Call it every second and when a node starts.
        """
        now_us = self._clock.now_us()
        with self._tables.read() as connection:
            waiting = proposals.due(connection, now_us=now_us, limit=_DUE_AT_ONCE)
        with self._tables.begin() as connection:
            expired = proposals.expire(connection, now_us=now_us)
        return expired + sum(self._settler.settle(each, now_us=now_us) for each in waiting)

    def proposal(self, proposal_id: str) -> Proposal:
        """One proposal; raises `ProposalRefused` if there is none."""
        with self._tables.read() as connection:
            return _view(_find(connection, proposal_id), self._clock.now_us())

    def proposals(self, *, before: int | None = None, limit: int = 100) -> list[Proposal]:
        """Proposals, newest first, from the newest or from before a number."""
        before = _LAST if before is None else min(before, _LAST)
        with self._tables.read() as connection:
            rows = proposals.list_proposals(
                connection, before=before, limit=min(max(limit, 0), MAX_LISTED)
            )
        return [_view(row, self._clock.now_us()) for row in rows]

    def access_log(self, *, after: int = 0, limit: int = 100) -> list[AccessEntry]:
        """Lawful access, oldest first, after a place in the log."""
        with self._tables.read() as connection:
            rows = proposals.access_rows(
                connection, after=min(max(after, 0), _LAST), limit=min(max(limit, 0), MAX_LISTED)
            )
        return [_entry(row) for row in rows]

    def _verify(self, jws: UnverifiedJws, typ: str) -> tuple[bytes, Participant]:
        """What a member of the staff signed, and who."""
        kid = jws.header.kid or ""
        self._facts.refresh()
        found = self._facts.participant_of_key(kid)
        if found is None or Role.STAFF not in found[0].roles or found[0].suspended:
            raise ProposalRefused(
                ProposalFault.KEY_UNKNOWN,
                "not a key in force of a member of the staff",
                place="kid",
                remedy="sign with your own key, or have it registered",
            )
        try:
            return verify_compact(jws, found[1], kid=kid, typ=typ), found[0]
        except InvalidSignatureError as fault:
            raise ProposalRefused(
                ProposalFault.SIGNATURE_INVALID,
                fault.message,
                place=fault.place,
                remedy=f"sign the text itself, as {typ}",
            ) from None

    def _same(self, known: ProposalRow, jws: UnverifiedJws) -> Proposal:
        if _digest(known.proposal) != digest_of(jws.signing_input):
            raise ProposalRefused(
                ProposalFault.ID_HAS_OTHER_CONTENT,
                f"{known.id} is another proposal",
                remedy="give yours an id of its own",
            )
        return _view(known, self._clock.now_us())


def _parse(text: bytes, *, most: int) -> UnverifiedJws:
    try:
        _check_size(text, most)
        return parse_compact(text)
    except JwsEncodingError as fault:
        raise ProposalRefused(
            ProposalFault.TEXT_INVALID,
            fault.message,
            place=fault.place,
            remedy="send a compact JWS",
        ) from None


def _check_size(text: bytes, most: int) -> None:
    if len(text) > most:
        raise JwsEncodingError(f"at most {most} bytes, not {len(text)}")


def _find(connection: Connection, proposal_id: str) -> ProposalRow:
    row = proposals.read_proposal(connection, proposal_id)
    if row is None:
        raise ProposalRefused(
            ProposalFault.PROPOSAL_UNKNOWN,
            "there is no such proposal",
            remedy="propose it first, or check its id",
        )
    return row


def _check_times(proposal: ProposalText, now_us: int) -> None:
    if not now_us < proposal.expires_us <= now_us + MAX_LIFE_US:
        raise ProposalRefused(
            ProposalFault.TIMES_INVALID,
            "a proposal ends after now, and within 31 days",
            place="$.expires_us",
            remedy="give it a day or a week",
        )
    if proposal.not_before_us > now_us + MAX_SCHEDULE_US:
        raise ProposalRefused(
            ProposalFault.TIMES_INVALID,
            "an action is scheduled at most 400 days ahead",
            place="$.not_before_us",
            remedy="propose it nearer to its time",
        )


def _check_approval(row: ProposalRow, approver: Participant, digest: str, now_us: int) -> None:
    if row.state != "proposed":
        raise ProposalRefused(
            ProposalFault.PROPOSAL_SETTLED,
            f"the proposal is {row.state} already",
            remedy="nothing more is needed",
        )
    if row.expires_at_us < now_us:
        raise ProposalRefused(
            ProposalFault.PROPOSAL_EXPIRED,
            "nobody approved the proposal in time",
            remedy="propose it anew",
        )
    if row.proposer == approver.id:
        raise ProposalRefused(
            ProposalFault.OWN_PROPOSAL,
            "nobody approves what they proposed",
            remedy="ask somebody else",
        )
    if digest != _digest(row.proposal):
        raise ProposalRefused(
            ProposalFault.DIGEST_DIFFERS,
            "you approved another text than the one proposed",
            place="$.sha256",
            remedy="fetch the proposal, read it, and sign its digest",
        )


def _digest(text: bytes) -> str:
    return digest_of(text.rpartition(b".")[0])


def _new_row(
    proposal: ProposalText, text: bytes, proposer: Participant, now_us: int
) -> ProposalRow:
    return ProposalRow(
        id=proposal.id,
        number=0,
        kind=kind_of(proposal.action),
        state="proposed",
        proposal=text,
        approval=b"",
        proposer=proposer.id,
        approver="",
        proposed_at_us=now_us,
        expires_at_us=proposal.expires_us,
        due_at_us=proposal.not_before_us,
        settled_at_us=0,
        order_id="",
        code="",
        explanation="",
        institution="",
        access=None,
    )


def _view(row: ProposalRow, now_us: int) -> Proposal:
    expired = row.state == "proposed" and row.expires_at_us < now_us
    return Proposal(
        id=row.id,
        number=row.number,
        kind=row.kind,
        state="expired" if expired else row.state,  # type: ignore[arg-type]
        text=decode_proposal(parse_compact(row.proposal).payload),
        sha256=_digest(row.proposal),
        proposer=row.proposer,
        approver=row.approver,
        proposed_at_us=row.proposed_at_us,
        due_at_us=row.due_at_us,
        settled_at_us=row.settled_at_us,
        order=row.order_id,
        code=row.code,
        explanation=row.explanation,
    )


def _entry(row: ProposalRow) -> AccessEntry:
    action = decode_proposal(parse_compact(row.proposal).payload).action
    if row.access is None or not isinstance(action, COURT_ACTIONS):
        raise InvariantViolation(f"{row.id} has no place in the access log")
    return AccessEntry(
        number=row.access,
        at_us=row.settled_at_us,
        action=row.kind,
        authority=action.warrant.authority,
        warrant=action.warrant.kind,
        institution=row.institution,
    )
