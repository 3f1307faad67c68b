# SPDX-License-Identifier: Apache-2.0
"""Aliases lead to wallets, move with them, and cannot be walked through unseen."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa

from kerege.centralbank import directory
from kerege.centralbank.directory import DirectoryRefused, Resolved
from kerege.centralbank.register_participants import Quota
from kerege.centralbank.stores.schema import RESOLUTIONS
from kerege.keys import encode_base64url
from kerege.payments import Rehome
from tests.registers import HOUR_US, Country, must, order_name

MINUTE_US = 60_000_000


def tag_of(number: int) -> str:
    return encode_base64url(number.to_bytes(32, "big"))


def _refusal(act: Callable[[], object]) -> str:
    with pytest.raises(DirectoryRefused) as caught:
        act()
    assert caught.value.remedy
    return str(caught.value.code)


def test_an_alias_leads_to_a_wallet_until_it_is_released(country: Country) -> None:
    altyn, tulpar = country.bank("altyn"), country.bank("tulpar")
    aru, shop = country.person(altyn), country.person(altyn)
    found = country.register.directory
    assert found.resolve(tulpar.name, tag_of(1)) is None
    found.claim(altyn.name, tag_of(1), aru.id)
    found.claim(altyn.name, tag_of(1), aru.id)
    assert found.resolve(tulpar.name, tag_of(1)) == Resolved(aru.id, altyn.name)
    found.claim(altyn.name, tag_of(1), shop.id)
    assert found.resolve(tulpar.name, tag_of(1)) == Resolved(shop.id, altyn.name)
    found.release(altyn.name, tag_of(1))
    assert found.resolve(tulpar.name, tag_of(1)) is None


def test_a_bank_has_a_say_only_over_its_own(country: Country) -> None:
    altyn, tulpar = country.bank("altyn"), country.bank("tulpar")
    aru, bek = country.person(altyn), country.person(tulpar)
    found = country.register.directory
    found.claim(altyn.name, tag_of(1), aru.id)
    assert _refusal(lambda: found.claim(tulpar.name, tag_of(1), bek.id)) == "alias_taken"
    assert _refusal(lambda: found.claim(tulpar.name, tag_of(2), aru.id)) == "wallet_unknown"
    # Another's and nobody's look the same.
    for tag in (tag_of(1), tag_of(2)):
        assert _refusal(lambda tag=tag: found.release(tulpar.name, tag)) == "alias_unknown"  # type: ignore[misc]


def test_an_alias_moves_with_its_wallet(country: Country) -> None:
    altyn, tulpar = country.bank("altyn"), country.bank("tulpar")
    aru = country.person(altyn)
    found = country.register.directory
    found.claim(altyn.name, tag_of(1), aru.id)
    move = Rehome(
        id=order_name(country.next_number()),
        wallet=aru.id,
        until_us=country.clock.now_us() + HOUR_US,
        bank=tulpar.name,
    )
    must(country.register.rehome(move, country.sign(move, aru.key), tulpar.name))
    assert found.resolve(altyn.name, tag_of(1)) == Resolved(aru.id, tulpar.name)
    assert _refusal(lambda: found.release(altyn.name, tag_of(1))) == "alias_unknown"
    found.claim(tulpar.name, tag_of(1), aru.id)
    found.release(tulpar.name, tag_of(1))


@pytest.mark.parametrize("tag", ["", "x", "A" * 42, "A" * 44, "A" * 42 + "\n", "A" * 42 + "B"])
def test_what_is_no_tag(country: Country, tag: str) -> None:
    bank = country.bank("altyn")
    assert _refusal(lambda: country.register.directory.resolve(bank.name, tag)) == "tag_invalid"


def test_a_wallet_has_so_many_aliases(country: Country, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(directory, "MAX_ALIASES", 2)
    bank = country.bank("altyn")
    aru = country.person(bank)
    found = country.register.directory
    found.claim(bank.name, tag_of(1), aru.id)
    found.claim(bank.name, tag_of(2), aru.id)
    assert _refusal(lambda: found.claim(bank.name, tag_of(3), aru.id)) == "too_many_aliases"


def test_walking_through_numbers_is_slow_and_seen(country: Country) -> None:
    bank = country.bank("altyn", quota=Quota(resolutions_per_minute=45))
    aru = country.person(bank)
    nodes = [country.register.directory, country.node().directory]
    nodes[0].claim(bank.name, tag_of(7), aru.id)
    for number in range(44):
        nodes[number % 2].resolve(bank.name, tag_of(number))
    for node in nodes:
        assert _refusal(lambda node=node: node.resolve(bank.name, tag_of(1))) == "rate_exceeded"  # type: ignore[misc]
        assert _refusal(lambda node=node: node.claim(bank.name, tag_of(1), aru.id)) == (  # type: ignore[misc]
            "rate_exceeded"
        )
    country.clock.advance_us(MINUTE_US)
    for node in nodes:
        assert node.resolve(bank.name, tag_of(7)) is not None
    with country.register._tables.read() as connection:
        rows = connection.execute(sa.select(RESOLUTIONS).order_by(RESOLUTIONS.c.minute)).all()
    assert (rows[0].asked, rows[0].found) == (45, 1)


def test_counts_are_not_kept_for_ever(country: Country) -> None:
    bank = country.bank("altyn")
    found = country.register.directory
    found.resolve(bank.name, tag_of(1))
    country.clock.advance_us((directory.KEPT_MINUTES + 1) * MINUTE_US)
    found.resolve(bank.name, tag_of(1))
    with country.register._tables.read() as connection:
        assert len(connection.execute(sa.select(RESOLUTIONS)).all()) == 1


def test_rivals_on_postgresql(pg_url: str, tmp_path: Path) -> None:
    country = Country(tmp_path, url=pg_url, ledger_url=pg_url)
    banks = [country.bank("altyn"), country.bank("tulpar")]
    people = [country.person(bank) for bank in banks]
    nodes = [country.register, country.node()]

    def claim(turn: int) -> str:
        try:
            nodes[turn % 2].directory.claim(
                banks[turn % 2].name, tag_of(turn // 2), people[turn % 2].id
            )
        except DirectoryRefused as refused:
            return str(refused.code)
        return "claimed"

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(claim, range(20)))
    pairs = [set(answers[at : at + 2]) for at in range(0, 20, 2)]
    assert all(pair == {"claimed", "alias_taken"} for pair in pairs)
    nodes[1].close()
    country.close()
