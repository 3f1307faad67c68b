# SPDX-License-Identifier: Apache-2.0
"""A thousand customers ask the core once; nobody hears of a change later than half a minute."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from kerege.bank import programmes as module
from kerege.bank.core_line import CoreUnreachable
from kerege.bank.core_twin_line import TwinLine
from kerege.bank.programmes import KEPT_US, MAX_KEPT, Programmes
from kerege.centralbank.actions import ActivateProgramme
from kerege.payments import WalletId
from kerege.programmes import Programme
from kerege.programmes.published import ProgrammeList
from tests.funders import meals, signed_terms
from tests.registers import Wallet
from tests.two_tiers import Country, Signer


@pytest.fixture
def country(tmp_path: Path) -> Iterator[Country]:
    country = Country(tmp_path)
    yield country
    country.close()


@pytest.fixture
def funder(country: Country) -> Wallet:
    return as_wallet(country.bank("altyn-bank", issued=1_000))


def as_wallet(signer: Signer) -> Wallet:
    """A signer as tests of programmes know funders."""
    return Wallet(WalletId(signer.wallet), signer.key)


def put_in_force(country: Country, programme: Programme, funder: Wallet) -> None:
    settled = country.core.act(ActivateProgramme(terms=signed_terms(programme, funder.key)))
    assert settled.code == "executed", settled


class Counting(TwinLine):
    """A line that counts what it is asked, and may be down."""

    asked = 0
    is_down = False

    def programmes(self, *, after: str = "") -> ProgrammeList:
        self.asked += 1
        if self.is_down:
            raise CoreUnreachable("down")
        return super().programmes(after=after)


def test_what_was_heard_is_kept_for_a_while(country: Country, funder: Wallet) -> None:
    line = Counting(country.core, "altyn-bank")
    programmes = Programmes(line, country.clock)
    assert programmes.list().programmes == ()
    assert programmes.page("school-meals") is None
    put_in_force(country, meals(funder), funder)
    assert programmes.list().programmes == ()
    assert line.asked == 1
    country.clock.advance_us(KEPT_US)
    assert [one.id for one in programmes.list().programmes] == ["school-meals"]
    page = programmes.page("school-meals")
    assert page is not None
    assert page.document == meals(funder)
    put_in_force(country, meals(funder, version=2), funder)
    assert programmes.page("school-meals") is page
    # Another version is another answer.
    older, newer = (programmes.page("school-meals", n) for n in (1, 2))
    assert older is not None
    assert newer is not None
    assert (older.version, newer.version) == (1, 2)


def test_a_failure_is_not_kept(country: Country) -> None:
    line = Counting(country.core, "altyn-bank")
    programmes = Programmes(line, country.clock)
    line.is_down = True
    with pytest.raises(CoreUnreachable):
        programmes.list()
    line.is_down = False
    assert programmes.list().programmes == ()


def test_only_so_much_is_kept(country: Country, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_KEPT", 3)
    assert MAX_KEPT > 3
    programmes = Programmes(TwinLine(country.core, "altyn-bank"), country.clock)
    for name in "abcdefgh":
        programmes.page(name)
        assert len(programmes._pages) <= 3
