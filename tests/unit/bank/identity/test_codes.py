# SPDX-License-Identifier: Apache-2.0
"""One-time codes: good once, for a while, for one purpose; never more tries than there are."""

from collections.abc import Iterator
from pathlib import Path
from threading import Barrier, Thread

import pytest

from kerege.bank.identity.codes import (
    CODE_LIFE_S,
    MAX_TRIES,
    PER_DAY,
    PER_HOUR,
    Checked,
    KeptCodes,
    OneTimeCodes,
    Sent,
    TooManyCodes,
)
from kerege.bank.throttle import Throttle
from kerege.keys import RootSecret
from tests.people import House, open_house

PHONE = "+77015550001"


class Telephone(KeptCodes):
    """Counts what arrives."""

    arrived = 0

    def send(self, phone: str, code: str, *, purpose: str) -> None:
        self.arrived += 1
        super().send(phone, code, purpose=purpose)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    house = open_house(tmp_path)
    yield house
    house.tables.close()


def codes_of(house: House, phone: Telephone) -> OneTimeCodes:
    return OneTimeCodes(
        house.tables,
        Throttle(house.tables, house.clock),
        phone,
        secret=RootSecret(b"c" * 32),
        clock=house.clock,
        randomness=house.randomness,
    )


def sent(codes: OneTimeCodes, *, known: bool = True, purpose: str = "sign-in") -> str:
    answer = codes.send(PHONE, purpose=purpose, known=known)
    assert isinstance(answer, Sent), answer
    return answer.id


def test_a_right_code_is_right_once(house: House) -> None:
    phone = Telephone()
    codes = codes_of(house, phone)
    secret, code = sent(codes), phone.latest(PHONE) or ""
    assert len(code) == 6
    assert codes.check(secret, f" {code} ", purpose="sign-in") is Checked.RIGHT
    assert codes.check(secret, code, purpose="sign-in") is Checked.SPENT


def test_a_code_is_for_its_purpose_and_its_time(house: House) -> None:
    phone = Telephone()
    codes = codes_of(house, phone)
    secret, code = sent(codes), phone.latest(PHONE) or ""
    assert codes.check(secret, code, purpose="sign-up") is Checked.SPENT
    assert codes.check("another", code, purpose="sign-in") is Checked.SPENT
    house.clock.advance_us(CODE_LIFE_S * 1_000_000)
    assert codes.check(secret, code, purpose="sign-in") is Checked.SPENT


def test_a_code_to_nobody_looks_like_any_and_is_never_right(house: House) -> None:
    phone = Telephone()
    codes = codes_of(house, phone)
    secret = sent(codes, known=False)
    assert phone.arrived == 0
    answers = [codes.check(secret, f"{each:06}", purpose="sign-in") for each in range(6)]
    assert answers == [Checked.WRONG] * MAX_TRIES + [Checked.SPENT]


def test_a_thousand_tries_at_once_are_five(house: House) -> None:
    phone = Telephone()
    codes = codes_of(house, phone)
    secret = sent(codes)
    barrier = Barrier(8)
    answers: list[Checked] = []

    def guess() -> None:
        barrier.wait()
        answers.extend(codes.check(secret, "no", purpose="sign-in") for _ in range(4))

    threads = [Thread(target=guess) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers.count(Checked.WRONG) == MAX_TRIES
    assert answers.count(Checked.SPENT) == 32 - MAX_TRIES


def test_a_day_has_fewer_codes_than_its_hours(house: House) -> None:
    phone = Telephone()
    codes = codes_of(house, phone)
    for _ in range(24):
        for _ in range(PER_HOUR.limit + 1):
            answer = codes.send(PHONE, purpose="sign-in", known=True)
        assert isinstance(answer, TooManyCodes)
        house.clock.advance_us(3600 * 1_000_000)
    # Fixed windows: 24 hours touch two days.
    assert PER_DAY.limit <= phone.arrived <= 2 * PER_DAY.limit


def test_the_sandboxs_telephone_forgets_the_oldest() -> None:
    phone = KeptCodes()
    for number in range(10_001):
        phone.send(f"+7{number}", "1", purpose="sign-in")
    assert phone.latest("+70") is None
    assert phone.latest("+710000") == "1"
