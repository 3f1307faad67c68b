# SPDX-License-Identifier: Apache-2.0
"""What a carried-out action does to the register's rows, in the caller's transaction."""

from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import Connection

from kerege.centralbank.actions import (
    Action,
    ActivateProgramme,
    Admit,
    CloseProgramme,
    DeclareMoney,
    Freeze,
    IdentifiedRekey,
    PublishFees,
    Resume,
    ResumeProgramme,
    SetKeys,
    SetQuota,
    Suspend,
    SuspendProgramme,
    Unfreeze,
)
from kerege.centralbank.actions_court import status_of
from kerege.centralbank.actions_participants import keys_of
from kerege.centralbank.actions_programme_effects import activate, change_state
from kerege.centralbank.actions_scene import Frozen, Unable
from kerege.centralbank.register_ids import opened_by
from kerege.centralbank.register_participants import Participant
from kerege.centralbank.stores import participants, proposals, wallets
from kerege.centralbank.stores.changes import Change
from kerege.centralbank.stores.wallets import RECOVERY, SIGNING, KeyClaim
from kerege.errors import InvariantViolation
from kerege.keys import PublicKey, format_jwk
from kerege.ledger import AccountId, Step
from kerege.payments.ids import ParticipantId, WalletId

__all__ = ["Done", "apply_action", "claim_of"]


class Done(Struct, frozen=True):
    """An action the ledger accepted: its proposal, its order, what it did there, and when it is
    settled (µs)."""

    proposal: str
    order_id: str
    action: Action
    steps: Sequence[Step]
    results: Sequence[int]
    at_us: int = 0


def apply_action(connection: Connection, done: Done) -> list[Change]:
    """Write what follows from the action; returns what nodes have to forget."""
    action = done.action
    opened = opened_by(done.steps, done.results)
    participants.insert_accounts(connection, opened.places)
    match action:
        case Admit():
            participants.insert_participant(connection, _admitted(action))
        case Suspend() | Resume():
            suspended = isinstance(action, Suspend)
            participants.set_suspended(connection, ParticipantId(action.participant), suspended)
        case SetKeys():
            keys = _keys(action.keys)
            name = ParticipantId(action.participant)
            participants.insert_keys(connection, name, keys)
            participants.revoke_keys(connection, name, but=keys)
        case SetQuota():
            participants.set_quota(connection, ParticipantId(action.participant), action.quota)
        case PublishFees():
            proposals.insert_schedule(connection, action.schedule)
        case DeclareMoney():
            return _declared(connection, action, opened.wallets)
        case Freeze():
            freeze = Frozen(done.proposal, WalletId(action.wallet), status_of(action), "")
            proposals.insert_freeze(connection, freeze)
            return []
        case Unfreeze():
            proposals.release_freeze(connection, action.freeze, released_by=done.proposal)
            return []
        case IdentifiedRekey():
            return _rekeyed(connection, action, done.order_id)
        case ActivateProgramme():
            return [
                activate(
                    connection,
                    action,
                    proposal=done.proposal,
                    at_us=done.at_us,
                    budgets=opened.budgets,
                )
            ]
        case SuspendProgramme() | ResumeProgramme() | CloseProgramme():
            return [change_state(connection, action, proposal=done.proposal)]
        case _:
            return []
    return [Change("participant", "")]


def _admitted(admit: Admit) -> Participant:
    return Participant(
        id=ParticipantId(admit.participant),
        roles=frozenset(admit.roles),
        keys=_keys(admit.keys),
        licence=admit.licence,
        quota=admit.quota,
    )


def _keys(texts: tuple[str, ...]) -> dict[str, PublicKey]:
    keys = keys_of(texts)
    if isinstance(keys, Unable):
        raise InvariantViolation(f"a key that was planned with is none: {keys.explanation}")
    return dict(keys)


def _declared(
    connection: Connection, action: DeclareMoney, opened: dict[WalletId, dict[str, AccountId]]
) -> list[Change]:
    parameters = participants.read_parameters(connection)
    if parameters is None:
        raise InvariantViolation("money was declared before the country was founded")
    if action.money not in parameters.assets:
        assets = (*parameters.assets, action.money)
        participants.replace_parameters(connection, replace(parameters, assets=assets))
    for row in wallets.read_wallets(connection, opened).values():
        accounts = dict(row.accounts) | opened[row.id]
        wallets.update_wallet(connection, replace(row, accounts=accounts))
    return [Change("parameters", "")]


def claim_of(action: IdentifiedRekey, order_id: str) -> KeyClaim | None:
    """The claim on the key an action brings; None if it is no key."""
    keys = keys_of((action.key,))
    if isinstance(keys, Unable):
        return None
    ((kid, key),) = keys.items()
    return KeyClaim(
        kid=kid,
        wallet=WalletId(action.wallet),
        jwk=format_jwk(key).decode(),
        becomes=SIGNING,
        order_id=order_id,
    )


def _rekeyed(connection: Connection, action: IdentifiedRekey, order_id: str) -> list[Change]:
    wallet = WalletId(action.wallet)
    # Whoever has the old keys may be a thief: none of them may bring itself back.
    lost = wallets.wallet_keys(connection, wallet, states=[SIGNING, RECOVERY])
    wallets.revoke_keys(connection, lost)
    wallets.activate_keys(connection, [order_id])
    return [Change("wallet", wallet), *(Change("key", each) for each in lost)]
