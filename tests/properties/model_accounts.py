# SPDX-License-Identifier: Apache-2.0
"""Accounts in the model ledger: what a change makes of one."""

from msgspec.structs import replace

from kerege.ledger.account import Account, Role, Status
from kerege.ledger.order import CloseAccount, SetLimits, SetStatus
from kerege.ledger.refusal import Refusal as R  # noqa: N817 -- it stands in every line

Numbers = tuple[int, int, int, int]
"""Of a cell: balance, pending out, pending in, version."""

FIXED = {Role.ISSUER: (None, None), Role.COLLECTOR: (0, None), Role.CONVERTER: (0, None)}


def no_if(condition: object, refusal: R) -> None:
    if condition:
        raise LookupError(refusal)


def changed(
    a: Account, change: SetLimits | SetStatus | CloseAccount, cells: dict[int, Numbers]
) -> Account:
    """`cells` are the account's, by mark."""
    no_if(a.status & Status.CLOSED, R.ACCOUNT_CLOSED)
    if isinstance(change, SetStatus):
        return replace(a, status=change.status)
    if isinstance(change, CloseAccount):
        no_if(any(any(cell[:3]) for cell in cells.values()), R.ACCOUNT_NOT_EMPTY)
        return replace(a, status=Status.CLOSED)
    floor, ceiling = change.floor, change.ceiling
    suitable = (floor or 0, ceiling) if a.role is Role.HOLDER else FIXED[a.role]
    no_if((floor, ceiling) != suitable, R.LIMITS_UNSUITABLE)
    balance, out, _, _ = cells.get(0, (0, 0, 0, 0))
    holding = sum(cell[0] + cell[2] for cell in cells.values())
    no_if(a.role is Role.HOLDER and balance - out < (floor or 0), R.FLOOR_ABOVE_BALANCE)
    no_if(ceiling is not None and holding > ceiling, R.CEILING_BELOW_HOLDING)
    return replace(a, floor=floor, ceiling=ceiling)
