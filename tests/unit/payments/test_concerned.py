# SPDX-License-Identifier: Apache-2.0
"""Who is told of an order that moves none of their money: whom it names or is about."""

from collections.abc import Callable
from typing import Any

import pytest
from msgspec.structs import replace

from kerege.ledger.ids import parse_order_id
from kerege.payments.concerned import CONCERNING, NAMES_OTHERS, concerns_of
from kerege.payments.contract_documents import Obligation
from kerege.payments.documents import Document
from kerege.programmes import Programme
from tests.billing import Billing
from tests.towns import Town
from tests.walks import Walks


@pytest.fixture
def road(town: Town) -> Billing:
    return Billing(town)


def _find(town: Town) -> Callable[[str], Document | None]:
    def find(order: str) -> Document | None:
        past = town.scene.past(parse_order_id(order))
        return None if past is None else past.document

    return find


def _terms(town: Town) -> Callable[[str], Programme | None]:
    def terms_of(name: str) -> Programme | None:
        found = [one.terms for one in town.scene.programmes.values() if one.terms.id == name]
        return found[-1] if found else None

    return terms_of


def _concerned(town: Town, document: Any) -> dict[tuple[str, str], tuple[str, ...]]:
    concerns = concerns_of(document, _find(town), _terms(town))
    assert all(one.by == document.wallet for one in concerns)
    assert str(type(document).__struct_config__.tag) in CONCERNING or not concerns
    return {(one.wallet, one.role): one.papers for one in concerns}


def test_a_contract_tells_its_supplier_and_who_decides(town: Town, road: Billing) -> None:
    duty = (Obligation("taxes", road.inspector), Obligation("site", road.vat.authority))
    contract = road.works.hire(road.builder, 500, acceptor=road.inspector, obligations=duty)
    assert _concerned(town, contract) == {
        (road.builder, "supplier"): (),
        (road.inspector, "acceptor"): (),
        (road.inspector, "attester"): (),
        (road.vat.authority, "attester"): (),
    }
    attest = town.attest(road.inspector, contract, "taxes", met=True)
    assert _concerned(town, attest) == {
        (road.treasury, "buyer"): (contract.id,),
        (road.builder, "supplier"): (contract.id,),
    }


def test_an_invoice_tells_its_buyer_and_an_open_one_nobody(town: Town, road: Billing) -> None:
    contract = road.works.hire(road.builder, 500)
    invoice = road.bill(contract, 100, contract=contract.id)
    assert _concerned(town, invoice) == {(road.treasury, "buyer"): (contract.id,)}
    assert _concerned(town, replace(invoice, buyer="")) == {}
    note = road.vat.credit(invoice, (10, 1_600))
    assert _concerned(town, note) == {(road.treasury, "buyer"): (invoice.id,)}


def test_a_declaration_tells_each_party_of_its_own_papers(town: Town, road: Billing) -> None:
    vat = road.vat
    farm, mill, baker = vat.firm(), vat.firm(1_000), vat.firm(1_000)
    bought, more = vat.invoice(farm, 50, buyer=mill), vat.invoice(farm, 60, buyer=mill)
    sold = vat.invoice(mill, 100, buyer=baker)
    note = vat.credit(sold, (10, 1_600))
    town.must(note)
    declaration = vat.declaration(mill, issued=(sold, note), received=(bought, more))
    town.must(declaration)
    assert _concerned(town, declaration) == {
        (vat.authority, "authority"): (),
        (baker, "buyer"): (sold.id, note.id),
        (farm, "supplier"): (bought.id, more.id),
    }
    assert {"vat-declaration", "vat-claim-run"} == NAMES_OTHERS


def test_a_claim_tells_the_authority_and_its_answer_the_claimant(town: Town, road: Billing) -> None:
    vat = road.vat
    mill, baker = vat.firm(), vat.firm(1_000)
    invoice = vat.invoice(mill, 100, buyer=baker)
    town.must(vat.pay(baker, invoice, 116))
    declaration = vat.declaration(baker, received=(invoice,))
    town.must(declaration)
    claim = vat.claim(declaration, (invoice, 16))
    town.must(claim)
    assert _concerned(town, claim) == {(vat.authority, "authority"): (declaration.id,)}
    run = vat.run((claim, 0, (invoice.id,)))
    assert _concerned(town, run) == {(baker, "claimant"): (claim.id,)}


def test_what_waits_for_acceptance_tells_who_decides(town: Town, road: Billing) -> None:
    contract = road.works.hire(road.builder, 500, acceptor=road.inspector)
    hold = town.hold(road.treasury, road.builder, 100, about=contract.id, decider=road.inspector)
    assert _concerned(town, hold) == {
        (road.inspector, "decider"): (contract.id,),
        (road.builder, "payee"): (contract.id,),
    }
    assert _concerned(town, town.hold(road.treasury, road.builder, 1)) == {}
    mandate = town.mandate(road.treasury, road.builder, holds=True)
    assert _concerned(town, mandate) == {(road.builder, "payee"): ()}
    town.must(mandate)
    held = town.pull(road.builder, mandate, 1, hold_s=60, decider=road.inspector)
    assert _concerned(town, held) == {(road.inspector, "decider"): ()}
    assert _concerned(town, replace(held, hold_s=0, decider="")) == {}
    cancel = town.cancel(road.treasury, mandate)
    assert _concerned(town, cancel) == {(road.builder, "payee"): (mandate.id,)}


def test_a_reward_tells_its_person_and_the_inspector(town: Town) -> None:
    walks = Walks(town)
    reward = walks.reward(walks.person, 5, "one")
    assert _concerned(town, reward) == {
        (walks.person, "payee"): (),
        (walks.inspector, "inspector"): (),
    }


def test_what_refers_to_nothing_tells_nobody(town: Town, road: Billing) -> None:
    contract = road.works.hire(road.builder, 500)
    nowhere = town.next_id()
    lost = replace(town.attest(road.inspector, contract, "taxes", met=True), contract=nowhere)
    assert _concerned(town, lost) == {}
    mill = road.vat.firm()
    note = road.vat.credit(road.vat.invoice(mill, 5), (5, 1_600))
    assert _concerned(town, replace(note, invoice=nowhere)) == {}
    assert _concerned(town, town.pay(road.treasury, mill, 5, about=contract.id)) == {}
