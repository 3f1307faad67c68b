# SPDX-License-Identifier: Apache-2.0
"""Sign-ins under way: what is kept of a request, and who may go on."""

from pathlib import Path

from kerege.bank.identity.sign_in import SIGN_IN_LIFE_S, SignIns
from kerege.keys import RootSecret
from tests.people import House, open_house


def sign_ins_of(house: House, secret: bytes = b"s") -> SignIns:
    return SignIns(
        house.tables,
        secret=RootSecret(secret * 32),
        clock=house.clock,
        randomness=house.randomness,
    )


def test_only_what_matters_is_kept(tmp_path: Path) -> None:
    house = open_house(tmp_path)
    sign_ins = sign_ins_of(house)
    cookie = sign_ins.begin({"client_id": "app", "login_hint": "+77015550001", "x": "y"})
    found = sign_ins.find(cookie, sign_ins.form_token(cookie))
    assert found is not None
    assert found.parameters == {"client_id": "app"}
    assert sign_ins.find(cookie, sign_ins_of(house, b"t").form_token(cookie)) is None
    house.tables.close()


def test_a_sign_in_takes_ten_minutes_at_most(tmp_path: Path) -> None:
    house = open_house(tmp_path)
    sign_ins = sign_ins_of(house)
    cookie = sign_ins.begin({"client_id": "app"})
    house.clock.advance_us(SIGN_IN_LIFE_S * 1_000_000)
    assert sign_ins.find(cookie, sign_ins.form_token(cookie)) is None
    sign_ins.begin({"client_id": "app"})
    assert not sign_ins.end(cookie)
    house.tables.close()
