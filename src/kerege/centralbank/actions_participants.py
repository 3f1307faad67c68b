# SPDX-License-Identifier: Apache-2.0
"""Planning of actions about participants and about published documents. Pure."""

from collections.abc import Mapping
from typing import Final

from kerege.centralbank.actions import (
    Admit,
    PublishFees,
    Resume,
    SetKeys,
    SetQuota,
    Suspend,
)
from kerege.centralbank.actions_scene import ActionScene, Planned, Unable
from kerege.centralbank.register_accounts import accounts_of_bank, floor_of
from kerege.centralbank.register_founding import FEWEST_STAFF
from kerege.centralbank.register_participants import MAX_PARTICIPANTS, Participant, Role
from kerege.keys import KeyEncodingError, PublicKey, key_thumbprint, parse_jwk
from kerege.ledger import SetLimits, Step

__all__ = ["UNKNOWN", "keys_of", "plan_participants"]

UNKNOWN: Final = Unable("participant_unknown", "no participant has this name")

_TAKEN: Final = Unable("participant_exists", "a participant has this name already")
_FULL: Final = Unable(
    "too_many_participants", f"a core has at most {MAX_PARTICIPANTS} participants"
)
_KEY_TAKEN: Final = Unable(
    "key_in_use", "one of the keys is or was in use; a revoked key never comes back"
)
_FEW_STAFF: Final = Unable(
    "too_few_staff", f"fewer than {FEWEST_STAFF} people could propose and approve anything"
)
_NOT_SO: Final = Unable("nothing_to_change", "the participant is so already")
_OPERATOR: Final = Unable("role_not_allowed", "the operator is the central bank itself, once")
_OLD_FEES: Final = Unable(
    "fee_version_not_newer", "a fee schedule's version is above that of the one before it"
)


def plan_participants(
    action: Admit | Suspend | Resume | SetKeys | SetQuota | PublishFees, scene: ActionScene
) -> Planned | Unable:
    """The ledger's steps: only intermediaries have any, for their reserves and quotas."""
    if isinstance(action, PublishFees):
        return _OLD_FEES if action.schedule.version <= scene.fee_version else Planned(())
    known = scene.participant(action.participant)
    if isinstance(action, Admit):
        return _admit(action, known, scene)
    if known is None:
        return UNKNOWN
    match action:
        case Suspend():
            return _suspend(known, scene)
        case Resume():
            return Planned((), known.id) if known.suspended else _NOT_SO
        case SetKeys():
            return _set_keys(action, known, scene)
        case SetQuota():
            return _set_quota(action, known, scene)


def keys_of(texts: tuple[str, ...]) -> Mapping[str, PublicKey] | Unable:
    """Keys by thumbprint."""
    keys: dict[str, PublicKey] = {}
    for place, text in enumerate(texts):
        try:
            key = parse_jwk(text.encode()).public_key
        except KeyEncodingError as fault:
            return Unable("key_invalid", f"keys[{place}]: {fault}"[:400])
        keys[key_thumbprint(key)] = key
    return keys


def _admit(admit: Admit, known: Participant | None, scene: ActionScene) -> Planned | Unable:
    if known is not None:
        return _TAKEN
    if len(scene.participants) >= MAX_PARTICIPANTS:
        return _FULL
    if Role.OPERATOR in admit.roles:
        return _OPERATOR
    keys = keys_of(admit.keys)
    if isinstance(keys, Unable):
        return keys
    if any(scene.key_is_known(keyid) for keyid in keys):
        return _KEY_TAKEN
    steps: list[Step] = []
    if Role.INTERMEDIARY in admit.roles:
        for money in scene.parameters.assets:
            steps += accounts_of_bank(admit.participant, money, admit.quota)
    return Planned(tuple(steps), admit.participant)


def _suspend(known: Participant, scene: ActionScene) -> Planned | Unable:
    if known.suspended:
        return _NOT_SO
    if Role.STAFF in known.roles and _staff(scene) <= FEWEST_STAFF:
        return _FEW_STAFF
    return Planned((), known.id)


def _staff(scene: ActionScene) -> int:
    """How many people can propose and approve."""
    return sum(
        Role.STAFF in each.roles and not each.suspended and bool(each.keys)
        for each in scene.participants
    )


def _set_keys(action: SetKeys, known: Participant, scene: ActionScene) -> Planned | Unable:
    keys = keys_of(action.keys)
    if isinstance(keys, Unable):
        return keys
    if any(scene.key_is_known(keyid, but_of=known.id) for keyid in keys):
        return _KEY_TAKEN
    return _NOT_SO if keys.keys() == known.keys.keys() else Planned((), known.id)


def _set_quota(action: SetQuota, known: Participant, scene: ActionScene) -> Planned | Unable:
    if action.quota == known.quota:
        return _NOT_SO
    steps = [
        SetLimits(account, floor_of(action.quota, asset), None)
        for (participant, asset), account in scene.accounts.quotas.items()
        if participant == known.id
    ]
    return Planned(tuple(steps), known.id)
