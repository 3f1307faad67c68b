# SPDX-License-Identifier: Apache-2.0
"""Who needs a guardian, and who may be one. Pure.

Days are days in UTC: nobody comes of age by a time zone.
"""

import datetime
from typing import Final

from kerege.bank.customer import Customer, CustomerState
from kerege.bank.personal_data import PersonalData, years_between

__all__ = ["FULL_AGE_YEARS", "day_of", "is_of_age", "may_be_guardian", "may_have_guardian"]

FULL_AGE_YEARS: Final = 18
"""From this age nobody needs a guardian; below it nobody can be one."""

_DAY_US: Final = 24 * 3600 * 1_000_000
_EPOCH_DAY: Final = datetime.date(1970, 1, 1).toordinal()


def day_of(now_us: int) -> datetime.date:
    """The day, in UTC, of an instant in microseconds since 1970."""
    return datetime.date.fromordinal(_EPOCH_DAY + now_us // _DAY_US)


def is_of_age(data: PersonalData, *, today: datetime.date) -> bool:
    """Whether somebody is known to be of full age; an unknown age is not."""
    return bool(data.birth_date) and years_between(data.birth_date, today) >= FULL_AGE_YEARS


def may_have_guardian(ward: Customer, data: PersonalData, *, today: datetime.date) -> bool:
    """Whether it is right that `ward` has a guardian, or that it has none.

    A child whose birth date is known needs one; a grown-up, a firm, an agency can have none.
    """
    if ward.guardian is None:
        return ward.kind != "person" or not data.birth_date or is_of_age(data, today=today)
    return ward.kind == "person" and ward.guardian != ward.id and not is_of_age(data, today=today)


def may_be_guardian(guardian: Customer, data: PersonalData, *, today: datetime.date) -> bool:
    """Whether somebody may answer for a child: an active, grown-up person without a guardian."""
    return (
        guardian.kind == "person"
        and guardian.state is CustomerState.ACTIVE
        and guardian.guardian is None
        and is_of_age(data, today=today)
    )
