# SPDX-License-Identifier: Apache-2.0
"""Authorization codes: whoever shows one again undoes what came of it."""

from pathlib import Path

from kerege.bank.identity.granted import Granted
from kerege.bank.identity.grants import GRANT_LIFE_S, Grants
from kerege.bank.identity.sessions import Sessions
from tests.people import House, open_house


def parts(house: House) -> tuple[Grants, Sessions, Granted]:
    now_us = house.clock.now_us()
    grants = Grants(house.tables, clock=house.clock, randomness=house.randomness)
    sessions = Sessions(house.tables, clock=house.clock, ids=house.ids, randomness=house.randomness)
    granted = Granted(
        client="app",
        customer=house.add().id,
        redirect_uri="https://app.example/cb",
        scope="openid",
        nonce="",
        challenge="c" * 43,
        granted_us=now_us,
        expires_us=now_us + GRANT_LIFE_S * 1_000_000,
    )
    return grants, sessions, granted


def test_shown_again_before_the_session_begins(tmp_path: Path) -> None:
    house = open_house(tmp_path)
    grants, sessions, granted = parts(house)
    code = grants.new_code()
    grants.keep(code, granted)
    assert grants.take(code) == granted
    assert grants.take(code) is None
    session = sessions.make(granted.customer, client="app", scope="openid", thumbprint=None)
    assert not grants.settle(code, session)
    assert sessions.list(granted.customer) == []
    house.tables.close()


def test_shown_again_long_after(tmp_path: Path) -> None:
    house = open_house(tmp_path)
    grants, sessions, granted = parts(house)
    code = grants.new_code()
    grants.keep(code, granted)
    grants.take(code)
    session = sessions.make(granted.customer, client="app", scope="openid", thumbprint=None)
    assert grants.settle(code, session)
    house.clock.advance_us(30 * 60 * 1_000_000)
    assert grants.take(code) is None
    assert sessions.list(granted.customer) == []
    house.tables.close()


def test_codes_are_not_kept_for_ever(tmp_path: Path) -> None:
    house = open_house(tmp_path)
    grants, _, granted = parts(house)
    grants.keep("old", granted)
    house.clock.advance_us(2 * 3600 * 1_000_000)
    grants.keep("new", granted)
    assert grants.take("old") is None
    assert grants.take("unknown") is None
    house.tables.close()
