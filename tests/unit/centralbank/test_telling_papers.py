# SPDX-License-Identifier: Apache-2.0
"""Papers are told to the institutions of those they concern, and to nobody else."""

import msgspec
import pytest

from kerege.centralbank.feed import Feed
from kerege.centralbank.telling import Teller
from kerege.payments.documents import Contract, Invoice, VatDeclaration
from kerege.payments.events import Event
from kerege.payments.ids import ParticipantId
from tests.building import Site
from tests.doors import Door
from tests.registers import Wallet
from tests.trading import Trade


@pytest.fixture
def site(door: Door) -> Site:
    return Site(door)


@pytest.fixture
def trade(door: Door) -> Trade:
    return Trade(door)


def _told(door: Door, bank: str) -> list[Event]:
    country = door.country
    feed = Feed(country.ledger._store, Teller(country.ledger, country.register))
    return list(feed.after(-1, bank=ParticipantId(bank)).events)


def _firm(door: Door) -> Wallet:
    return door.country.open(door.qala.name, owner_kind="firm", tier="shop", vat=True)


def test_a_contract_is_told_to_its_suppliers_bank(door: Door, site: Site) -> None:
    digger = _firm(door)
    road = site.contract(site.treasury, digger, 100_00)
    event = _told(door, "qala-bank")[-1]
    assert (event.order, event.kind, event.wallets) == (road.id, "contract", ())
    (concern,) = event.concerns
    assert (concern.wallet, concern.role, concern.by) == (digger.id, "supplier", site.treasury.id)
    assert msgspec.json.decode(event.document, type=Contract) == road
    assert road.id not in {one.order for one in _told(door, "altyn-bank")}


def test_an_invoice_is_told_to_its_buyers_bank_alone(door: Door, trade: Trade) -> None:
    shop = _firm(door)
    stranger = door.country.bank("ush-bank")
    invoice = trade.invoice(trade.mill, shop, 100_00)
    event = _told(door, "qala-bank")[-1]
    assert [(one.wallet, one.role) for one in event.concerns] == [(shop.id, "buyer")]
    assert msgspec.json.decode(event.document, type=Invoice) == invoice
    for other in ("altyn-bank", stranger.name):
        assert invoice.id not in {one.order for one in _told(door, other)}


def test_a_declaration_shows_a_supplier_its_own_papers_only(door: Door, trade: Trade) -> None:
    """Who else the declarer trades with, and for how much, is the authority's to know."""
    farm = _firm(door)
    bill = trade.draft(farm, trade.mill, 50_00)
    assert door.send(door.qala, bill, farm.key).accepted
    other = trade.invoice(trade.baker, trade.mill, 70_00)
    declaration = trade.declare(trade.mill, (), (bill, other))
    theirs = _told(door, "qala-bank")[-1]
    (concern,) = theirs.concerns
    assert (theirs.kind, bytes(theirs.document)) == ("vat-declaration", b"null")
    assert (concern.wallet, concern.role, concern.papers) == (farm.id, "supplier", (bill.id,))
    assert other.id.encode() not in msgspec.json.encode(theirs)
    ours = _told(door, "altyn-bank")[-1]
    assert msgspec.json.decode(ours.document, type=VatDeclaration) == declaration
    roles = {(one.wallet, one.role): one.papers for one in ours.concerns}
    assert roles == {
        (trade.authority.id, "authority"): (),
        (trade.baker.id, "supplier"): (other.id,),
    }


def test_a_payment_is_read_once_and_concerns_nobody_more(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What most orders are is told as fast as ever: nothing is looked up for it."""
    teller = Teller(door.country.ledger, door.country.register)

    def looked_up(*_: object) -> None:
        raise AssertionError("a payment was looked at for whom it concerns")

    monkeypatch.setattr(teller, "_concerns", looked_up)
    assert door.send(door.altyn, door.pay(door.aru, door.bek.id, 5), door.aru.key).accepted
    batches = door.country.ledger._store.batches(first_leaf=0, limit=100)
    orders = [order for batch in batches for order in batch.orders]
    told = teller.tell(orders[-1], cursor=0, at_us=0)
    assert {bank: event.concerns for bank, event in told.events.items()} == {
        "altyn-bank": (),
        "qala-bank": (),
    }


def test_events_without_concerns_travel_as_they_did(door: Door) -> None:
    assert door.send(door.altyn, door.pay(door.aru, door.bek.id, 5), door.aru.key).accepted
    event = _told(door, "qala-bank")[-1]
    assert b"concerns" not in msgspec.json.encode(event)
    assert msgspec.json.decode(msgspec.json.encode(event), type=Event) == event
