# SPDX-License-Identifier: Apache-2.0
"""Becoming a customer needs the code that was sent to that telephone, and only that."""

from collections.abc import Iterator

import pytest

from kerege.wallet import BankRefused, BankUnreachable, Joining
from tests.banks import House

_PHONE = "+77017770001"


@pytest.fixture
def joining(house: House) -> Iterator[Joining]:
    found = Joining(f"{house.url}/", language="kk")
    yield found
    found.close()


def join(joining: Joining, *, code_id: str, code: str, phone: str = _PHONE) -> str:
    joined = joining.join(phone, "Айгерім", tier="phone", language="kk", code_id=code_id, code=code)
    return joined.state


def test_the_code_makes_a_customer(house: House, joining: Joining) -> None:
    code_id = joining.send_code(_PHONE)
    code = house.codes.latest(_PHONE) or ""
    wrong = str((int(code) + 1) % 10 ** len(code)).zfill(len(code))
    for given in (wrong, "", "код"):
        with pytest.raises(BankRefused) as fault:
            join(joining, code_id=code_id, code=given)
        assert fault.value.status in (400, 403, 409, 422)
    assert join(joining, code_id=code_id, code=code) == "active"


def test_a_code_is_for_its_own_telephone(house: House, joining: Joining) -> None:
    code_id = joining.send_code("+77017770002")
    code = house.codes.latest("+77017770002") or ""
    with pytest.raises(BankRefused):
        join(joining, code_id=code_id, code=code, phone="+77017770003")


def test_no_telephone_no_code(joining: Joining) -> None:
    with pytest.raises(BankRefused) as fault:
        joining.send_code("12")
    assert fault.value.status < 500


def test_where_no_bank_is_it_may_be_tried_again() -> None:
    joining = Joining("http://127.0.0.1:1")
    with pytest.raises(BankUnreachable):
        joining.send_code(_PHONE)
    joining.close()
