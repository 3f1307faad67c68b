# SPDX-License-Identifier: Apache-2.0
"""Contracts and rewards at the core's door: signed, decided in batches, tried out."""

from typing import Any

import pytest

from kerege.payments.contract_documents import Attest, Obligation
from kerege.payments.documents import Capture, Fund, Pay, Reward
from kerege.programmes import OutcomeTerms, Source
from kerege.sandbox.shipped_programmes import shipped_programme
from tests.building import Site
from tests.doors import ANSWER_S, Door
from tests.funders import activate
from tests.registers import HOUR_US, Wallet
from tests.walks import claim_of


@pytest.fixture
def site(door: Door) -> Site:
    return Site(door)


def _pay(site: Site, payer: Wallet, payee: Wallet, amount: int, about: str) -> Pay:
    return site.door.pay(payer, payee.id, amount, about=about)


def test_of_many_at_once_no_more_than_the_cap_is_paid(site: Site) -> None:
    road = site.contract(site.treasury, site.builder, 100_00)
    pays = [_pay(site, site.treasury, site.builder, 30_00, road.id) for _ in range(5)]
    texts = [site.country.sign(pay, site.treasury.key) for pay in pays]
    bank = site.door.altyn.name
    verdicts = site.door.acceptance.submit_all(bank, texts).result(ANSWER_S)
    assert [one.code for one in verdicts] == ["accepted"] * 3 + ["contract_used_up"] * 2


def test_an_obligation_is_attested_before_a_payment_is_tried_and_made(site: Site) -> None:
    duty = (Obligation("taxes", site.office.id),)
    road = site.contract(site.treasury, site.builder, 100_00, obligations=duty)
    pay = _pay(site, site.treasury, site.builder, 30_00, road.id)
    tried = site.door.try_out(site.door.altyn, pay, site.treasury.key)
    assert (tried.code, tried.rule) == (
        "contract_obligation_unmet",
        "procurement/obligations/taxes",
    )
    attest = Attest(**site.frame(site.office), contract=road.id, obligation="taxes", met=True)
    forged = Attest(**site.frame(site.builder), contract=road.id, obligation="taxes", met=True)
    assert site.send(site.builder, forged).code == "not_yours"
    site.must(site.office, attest)
    assert site.door.try_out(site.door.altyn, pay, site.treasury.key).accepted
    site.must(site.treasury, pay)


class Walking:
    """A fund that rewards walking, by way of the shipped programme."""

    def __init__(self, site: Site) -> None:
        self.site, country = site, site.country
        bank = site.door.altyn.name
        self.fund = country.open(bank, owner_kind="agency", tier="agency")
        self.app = country.open(bank, owner_kind="firm", tier="shop")
        self.person = country.person(site.door.qala, tier="full")
        site.door.give(self.fund, 1_000_00)
        now_us = country.clock.now_us()
        source = Source(wallet=self.app.id, cap=300_00, window="day")
        outcome = OutcomeTerms(
            sources=(source,),
            unit_amount=1_00,
            max_units=200,
            inspector=site.office.id,
            hold_s=3600,
        )
        terms = shipped_programme(
            "movement",
            asset="KZT",
            funder=self.fund.id,
            starts_us=now_us,
            ends_us=now_us + 2_000 * HOUR_US,
            outcome=outcome,
        )
        activate(country, terms, self.fund.key)
        fund = Fund(**site.frame(self.fund), programme="movement", amount=900_00)
        site.must(self.fund, fund)

    def reward(self, units: int, what: str, *, to: str = "") -> Reward:
        frame = self.site.frame(self.app)
        to, claim = to or self.person.id, claim_of(what)
        return Reward(**frame, programme="movement", to=to, units=units, claim=claim)


def test_a_reward_is_released_by_a_source_and_taken_by_the_person(site: Site) -> None:
    walks = Walking(site)
    unknown = walks.reward(150, "a walk", to=site.worker.id)
    verdict = site.send(walks.app, unknown)
    assert (verdict.code, verdict.rule) == ("programme_rule", "movement/reward/known-person")
    reward = walks.reward(150, "a walk")
    assert site.door.try_out(site.door.altyn, reward, walks.app.key).accepted
    site.must(walks.app, reward)
    assert site.send(walks.app, walks.reward(1, "a walk")).code == "reward_claim_used"
    take: Any = {"holds": (reward.id,), "amount": 150_00}
    early = Capture(**site.frame(walks.person), **take)
    qala = site.door.qala
    assert site.door.send(qala, early, walks.person.key).code == "reward_on_hold"
    site.country.clock.advance_us(HOUR_US)
    before = site.door.balance(walks.person)
    late = Capture(**site.frame(walks.person), **take)
    verdict = site.door.send(qala, late, walks.person.key)
    assert verdict.accepted, verdict
    assert site.door.balance(walks.person) == before + 150_00
