# SPDX-License-Identifier: Apache-2.0
from collections.abc import Iterator

import pytest

from kerege.bank.tiers import TierBook
from kerege.runtime import SystemClock
from kerege.sandbox.bank_staff import BankStaff, StaffRefused
from kerege.sandbox.country import Country
from kerege.sandbox.run_file import read_run

BANK = "komuz-bank"


@pytest.fixture
def staff(running_country: Country) -> Iterator[BankStaff]:
    staff = BankStaff(
        read_run(running_country.folder).url(BANK),
        running_country.institution(BANK) / "keys" / "staff.pem",
        TierBook(running_country.profile.tiers),
        SystemClock(),
    )
    yield staff
    staff.close()


def test_those_who_are_customers_stay_so(running_country: Country, staff: BankStaff) -> None:
    everyone = [one for one in running_country.inhabitants().people if one.bank == BANK]
    staff.open_customers(everyone)
    staff.open_customers(everyone)


def test_money_is_booked_once_for_a_reference(running_country: Country, staff: BankStaff) -> None:
    people = [one for one in running_country.inhabitants().people if one.bank == BANK]
    staff.open_customers(people)
    for _ in range(2):
        staff.pay_in(people[0].phone, asset="KGS", amount=5, reference="bank-staff-test")


def test_money_for_nobody_is_refused(staff: BankStaff) -> None:
    with pytest.raises(StaffRefused, match="customer_unknown"):
        staff.pay_in("+996199999999", asset="KGS", amount=5, reference="nobody")
