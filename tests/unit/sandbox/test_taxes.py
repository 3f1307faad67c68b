# SPDX-License-Identifier: Apache-2.0
"""VAT among made-up firms: invoiced, paid, declared by both, claimed and answered."""

import asyncio
from random import Random
from typing import Any

import pytest

from kerege.payments import Pay
from kerege.payments.vat_claims import OpenClaim
from kerege.payments.vat_documents import (
    Invoice,
    RefusedLine,
    VatAnswer,
    VatClaim,
    VatClaimRun,
    VatDeclaration,
)
from kerege.runtime import ManualClock
from kerege.sandbox.deeds import Deeds
from kerege.sandbox.inhabitants import Firm
from kerege.sandbox.living import Living
from kerege.sandbox.taxes import Taxes
from kerege.sandbox.town import Town
from tests.unit.sandbox.test_town import POPULATION, Money


class Bazaar:
    """Firms that trade, and a tax authority."""

    def __init__(self) -> None:
        self.money = Money()
        for one in (*self.money.shops, *self.money.employers):
            one.joined = True
            self.money.has[one.wallet] = 10**12
        self.authority = self.money._living(POPULATION.agencies[0])
        self.authority.joined = True
        self.clock = ManualClock(1_800_000_000_000_000)
        self.taxes = Taxes(
            Deeds(Town(self.money, chance=Random(1), living=Living())),
            self.authority,
            self.money,
            asset="KZT",
            rate_bp=1600,
            clock=self.clock,
            chance=Random(2),
        )

    def invoice(self, times: int) -> None:
        for _ in range(times):
            self.clock.advance_us(1_000_000)
            asyncio.run(self.taxes.invoice())

    def answer(self) -> None:
        asyncio.run(self.taxes.answer())

    def of(self, kind: Any) -> list[Any]:
        return [one for one in self.money.orders if isinstance(one, kind)]


@pytest.fixture
def bazaar() -> Bazaar:
    return Bazaar()


def test_every_invoice_is_paid_whole_by_its_buyer_with_the_rate_s_vat(bazaar: Bazaar) -> None:
    bazaar.invoice(2)
    for invoice, paid in zip(bazaar.of(Invoice), bazaar.of(Pay), strict=True):
        (line,) = invoice.lines
        assert (line.vat, invoice.total) == (line.net * 16 // 100, line.net + line.vat)
        assert (paid.about, paid.wallet) == (invoice.id, invoice.buyer)
        assert [(leg.to, leg.amount) for leg in paid.legs] == [(invoice.wallet, invoice.total)]
    suppliers = {one.wallet for one in bazaar.money.shops if _vat(one.who)}
    assert {one.wallet for one in bazaar.of(Invoice)} <= suppliers
    assert not bazaar.of(VatDeclaration)


def _vat(who: object) -> bool:
    return isinstance(who, Firm) and who.vat


def test_after_some_both_declare_one_remits_and_the_other_claims(bazaar: Bazaar) -> None:
    bazaar.invoice(3)
    invoices = bazaar.of(Invoice)
    assert len({(one.wallet, one.buyer) for one in invoices}) == 1
    vat = sum(line.vat for one in invoices for line in one.lines)
    issued, received = bazaar.of(VatDeclaration)
    ids = tuple(one.id for one in invoices)
    assert (issued.wallet, issued.issued, issued.vat_issued) == (invoices[0].wallet, ids, vat)
    assert (received.wallet, received.received) == (invoices[0].buyer, ids)
    assert (received.vat_received, received.vat_issued) == (vat, 0)
    for one in (issued, received):
        assert all(one.from_us <= invoice.date_us < one.to_us for invoice in invoices)
    remitted = bazaar.of(Pay)[-1]
    assert (remitted.wallet, remitted.about) == (issued.wallet, issued.id)
    assert [(leg.to, leg.amount) for leg in remitted.legs] == [(bazaar.authority.wallet, vat)]
    (claim,) = bazaar.of(VatClaim)
    assert (claim.declaration, claim.amount) == (received.id, vat)
    assert [line.invoice for line in claim.lines] == list(ids)


def test_now_and_then_a_shop_forgets_to_declare(bazaar: Bazaar) -> None:
    bazaar.invoice(9)
    assert len(bazaar.of(VatClaim)) == 3
    assert sum(bool(one.issued) for one in bazaar.of(VatDeclaration)) == 2


def test_claims_are_answered_in_one_run_as_the_check_suggests(bazaar: Bazaar) -> None:
    bazaar.answer()
    assert not bazaar.of(VatClaimRun)
    line = RefusedLine("ord_" + "0" * 32, "supplier-not-declared")
    suggested = [VatAnswer("ord_" + "1" * 32, 16_00), VatAnswer("ord_" + "2" * 32, 0, (line,))]
    bazaar.money.claims = [OpenClaim("", 16_00, 0, one) for one in suggested]
    bazaar.answer()
    (run,) = bazaar.of(VatClaimRun)
    assert run.answers == tuple(suggested)
    assert run.wallet == bazaar.authority.wallet
    assert bazaar.money.has[bazaar.authority.wallet] >= 16_00


def test_where_all_is_refused_no_money_is_needed(bazaar: Bazaar) -> None:
    line = RefusedLine("ord_" + "0" * 32, "supplier-not-declared")
    bazaar.money.claims = [OpenClaim("", 1, 0, VatAnswer("ord_" + "2" * 32, 0, (line,)))]
    bazaar.answer()
    assert len(bazaar.of(VatClaimRun)) == 1
    assert bazaar.authority.wallet not in bazaar.money.has


def test_an_authority_without_a_wallet_yet_answers_nothing(bazaar: Bazaar) -> None:
    bazaar.authority.joined = False
    bazaar.money.claims = [OpenClaim("", 1, 0, VatAnswer("ord_" + "1" * 32, 1))]
    bazaar.answer()
    assert not bazaar.of(VatClaimRun)
