# SPDX-License-Identifier: Apache-2.0
"""School meals at a running bank: a ministry with the shipped programme in force, a canteen, and
pupils with a guardian, a wallet in custody and a transit card.

with running_bank(tmp_path, start_us=SCHOOL_DAY_US) as house:
    school = School(house)
    pupil = Pupil(school, guardian, allowance=2_000_00, own=500_00)
    assert school.charge(pupil, 900_00) == "accepted"
"""

from itertools import count
from typing import Any

from kerege.bank.cards import ShownCard
from kerege.bank.custody_wallets import NewWallet
from kerege.bank.customer import Customer, CustomerId
from kerege.bank.customers import Application
from kerege.bank.personal_data import PersonalData
from kerege.centralbank.actions import ActivateProgramme
from kerege.ledger import UNMARKED
from kerege.payments import Fund, Leg, Pay
from kerege.payments.verdict import Verdict
from kerege.programmes import Programme
from kerege.sandbox.shipped_programmes import shipped_programme
from kerege.sandbox.terms import filled
from tests.banks import House, Person
from tests.cards import Shop, token
from tests.funders import signed_terms
from tests.programmes import at_us
from tests.terminals import Terminal
from tests.two_tiers import ASSET, MINUTE_US

__all__ = ["SCHOOL_DAY_US", "Pupil", "School", "grown_up"]

SCHOOL_DAY_US = at_us("2026-11-23T07:00")
"""Noon of a Monday in Almaty."""

_NUMBERS = count(1)
_FUNDED = 500_000_00


class School:
    """A ministry that has marked money, and a canteen, both customers of the bank of `house`. The
    terms are those that are shipped; `at_any_hour` those of a sandbox."""

    def __init__(self, house: House, *, at_any_hour: bool = False) -> None:
        self.house = house
        self._at_any_hour = at_any_hour
        self.ministry = Shop(house)
        self.canteen = Shop(house, category="8211", region="almaty")
        self.terms = self._in_force()

    def _in_force(self) -> Programme:
        house, ministry = self.house, self.ministry.signer
        named: dict[str, Any] = {"asset": ASSET, "funder": ministry.wallet}
        if self._at_any_hour:
            terms = filled("school-meals", since_us=house.country.clock.now_us(), **named)
        else:
            term = (at_us("2026-10-25T19:00"), at_us("2026-12-31T19:00"))
            terms = shipped_programme("school-meals", starts_us=term[0], ends_us=term[1], **named)
        settled = house.country.core.act(ActivateProgramme(terms=signed_terms(terms, ministry.key)))
        assert settled.code == "executed", settled
        assert house.country.send(house.own, house.own.pay(ministry.wallet, _FUNDED)).accepted
        self.must(Fund, programme=terms.id, amount=_FUNDED)
        return terms

    def must(self, kind: Any, **members: Any) -> Verdict:
        """An order of the ministry's that has to be accepted."""
        country, ministry = self.house.country, self.ministry.signer
        until_us = country.clock.now_us() + MINUTE_US
        document = kind(id=country.order_id(), wallet=ministry.wallet, until_us=until_us, **members)
        verdict = country.send(ministry, ministry.sign(document))
        assert verdict.accepted, verdict
        return verdict

    def grant(self, wallet: str, amount: int) -> Verdict:
        """Give a pupil marked money."""
        return self.must(Pay, asset=ASSET, legs=(Leg(wallet, amount),), spend=self.terms.id)

    def charge(self, pupil: "Pupil", amount: int, *, at: Shop | None = None) -> str:
        """What the canteen, or another shop, hears when it charges a pupil's card."""
        shop = at or self.canteen
        told = self.house.parts.till.charge(shop.customer.id, pupil.token, shop.ask(amount))
        assert isinstance(told, Verdict), told
        return told.code


class Pupil:
    """A child whose guardian is `guardian`, with a wallet in custody and a card for it."""

    def __init__(
        self, school: School, guardian: Person | Terminal, *, allowance: int = 0, own: int = 0
    ) -> None:
        self.school, self.house = school, school.house
        self.guardian = grown_up(guardian)
        number = next(_NUMBERS)
        data = PersonalData(
            name="Алихан Нұрланов",
            phone=f"+7702666{number:04}",
            tax_number=f"18030350{number:04}",
            birth_date="2018-03-03",
        )
        opened = self.house.parts.customers.open(
            Application(data=data, tier="full", guardian=self.guardian)
        )
        assert isinstance(opened, Customer), opened
        self.id, self.data = opened.id, data
        self.wallet = self._open_wallet(own)
        self.token = token()
        found = self.house.parts.cards.bind(self.guardian, self.token, self.wallet)
        assert isinstance(found, ShownCard), found
        self.card = found.card
        if allowance:
            school.grant(self.wallet, allowance)

    def _open_wallet(self, money: int) -> str:
        wanted = NewWallet(assets=(ASSET,), region="almaty")
        wallet, verdict = self.house.parts.custody.open(
            self.guardian, self.data.phone, wanted, owner=self.id
        )
        assert verdict.accepted, verdict
        if money:
            bank = self.house.own
            assert self.house.country.send(bank, bank.pay(wallet, money)).accepted
        return wallet

    @property
    def money(self) -> tuple[int, int]:
        """What is left of the allowance, and of the family's own money."""
        balances = self.house.parts.core.balances(self.wallet)
        return (
            sum(one.balance for one in balances if one.programme),
            sum(one.balance for one in balances if one.mark == UNMARKED),
        )

    def look(self, guardian: Person, **query: Any) -> Any:
        """What the guardian sees over HTTP; the status if it is not 200."""
        path = f"/v1/wallets/{self.wallet}/allowance"
        answer = self.house.http.get(path, headers=guardian.headers, params=query)
        return answer.json() if answer.is_success else answer.status_code


def grown_up(person: Person | Terminal) -> CustomerId:
    """Let the bank know that a customer is of full age; who it is."""
    customers = person.house.parts.customers
    known = customers.find_by_phone(person.phone)
    assert known is not None
    data = PersonalData(
        name="Айгерім Нұрланова",
        phone=person.phone,
        tax_number=f"9101014{person.phone[-5:]}",
        birth_date="1991-01-01",
    )
    found = customers.identify(known.id, data, tier="full")
    assert isinstance(found, Customer), found
    return known.id
