# SPDX-License-Identifier: Apache-2.0
"""What an approved action asks of the ledger, or why it cannot be done. Pure.

Every action ends with one unit of the control asset from `decisions` to `decided`: so each is an
order of the ledger, even one that moves no money, and how many there were can be counted there.
"""

from kerege.centralbank.actions import (
    Action,
    ActivateProgramme,
    Admit,
    CloseProgramme,
    DeclareMoney,
    Disclose,
    Freeze,
    IdentifiedRekey,
    Issue,
    PublishFees,
    Redeem,
    ReservesIn,
    ReservesOut,
    Resume,
    ResumeProgramme,
    SeizeMoney,
    SetKeys,
    SetQuota,
    Suspend,
    SuspendProgramme,
    Unfreeze,
)
from kerege.centralbank.actions_court import plan_court
from kerege.centralbank.actions_money import plan_money
from kerege.centralbank.actions_participants import plan_participants
from kerege.centralbank.actions_programmes import plan_programmes
from kerege.centralbank.actions_scene import ActionScene, Planned, Unable
from kerege.ledger import Transfer

__all__ = ["plan_action"]


def plan_action(action: Action, scene: ActionScene) -> Planned | Unable:
    """The ledger's steps for `action`, and which institution it concerns."""
    match action:
        case Admit() | Suspend() | Resume() | SetKeys() | SetQuota() | PublishFees():
            planned = plan_participants(action, scene)
        case DeclareMoney() | ReservesIn() | ReservesOut() | Issue() | Redeem():
            planned = plan_money(action, scene)
        case Freeze() | Unfreeze() | SeizeMoney() | Disclose() | IdentifiedRekey():
            planned = plan_court(action, scene)
        case ActivateProgramme() | SuspendProgramme() | ResumeProgramme() | CloseProgramme():
            planned = plan_programmes(action, scene)
    if isinstance(planned, Unable):
        return planned
    accounts = scene.accounts
    count = Transfer(accounts.decisions, accounts.decided, 1)
    return Planned((*planned.steps, count), planned.institution, planned.renamed)
