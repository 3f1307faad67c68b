# SPDX-License-Identifier: Apache-2.0
"""Who may register a contract under which, and who may say that a duty is met."""

import pytest
from msgspec.structs import replace

from kerege.payments.contract_documents import Obligation
from kerege.payments.contracts import MAX_CONTRACT_DEPTH
from tests.ledgers import START_US
from tests.programmes import route
from tests.towns import DAY_S, Town
from tests.works import Works


@pytest.fixture
def works(town: Town) -> Works:
    return Works(town)


def test_the_first_contract_is_the_funders(town: Town, works: Works) -> None:
    forged = town.contract(works.programme, works.mason, 10, buyer=works.builder)
    assert town.code(forged) == "not_yours"


def test_a_contract_is_of_a_programme_in_force(town: Town, works: Works) -> None:
    contract = town.contract(works.programme, works.builder, 10)
    assert town.code(replace(contract, programme="no-such")) == "programme_unknown"
    town.change_programme(works.mark, suspended=True)
    assert town.code(replace(contract, id=town.next_id())) == "programme_suspended"
    town.change_programme(works.mark, suspended=False, closed=True)
    assert town.code(replace(contract, id=town.next_id())) == "programme_over"


def test_a_contract_is_in_its_programmes_asset_and_not_over(town: Town, works: Works) -> None:
    other = town.programme(route(), id="other", asset="USD", funder=works.treasury)
    verdict = town.submit(town.contract(other, works.builder, 10))
    assert (verdict.code, verdict.rule) == ("contract_mismatch", "other/contract/asset")
    over = town.contract(works.programme, works.builder, 10, ends_us=START_US)
    assert town.code(over) == "contract_over"


def test_who_is_to_decide_must_exist(town: Town, works: Works) -> None:
    nobody = "wal_" + "f" * 32
    duty = (Obligation("taxes", nobody),)
    for more in ({"acceptor": nobody}, {"obligations": duty}):
        contract = town.contract(works.programme, works.builder, 10, **more)
        assert town.code(contract) == "decider_unknown"
    assert town.code(town.contract(works.programme, nobody, 10)) == "payee_unknown"
    assert town.code(town.contract(works.programme, works.treasury, 10)) == "payee_is_payer"


def test_a_chain_never_promises_more_than_its_root(town: Town, works: Works) -> None:
    above = works.hire(works.builder, 100)
    town.must(works.subcontract(above, works.mason, 70))
    verdict = town.submit(works.subcontract(above, works.mason, 40))
    assert (verdict.code, verdict.found, verdict.limit) == ("contract_used_up", 40, 30)
    town.must(works.subcontract(above, works.mason, 30))


def test_only_the_supplier_above_hangs_contracts_under_it(town: Town, works: Works) -> None:
    above = works.hire(works.builder, 100)
    below = works.subcontract(above, works.mason, 10)
    assert town.code(replace(below, wallet=works.mason, supplier=works.builder)) == "not_yours"
    assert town.code(replace(below, id=town.next_id(), parent=town.next_id())) == "order_not_found"


@pytest.mark.parametrize(
    ("change", "what"),
    [({"programme": "other"}, "programme"), ({"ends_us": None}, "ends"), ({}, "circle")],
)
def test_what_hangs_below_fits_what_is_above(
    town: Town, works: Works, change: dict[str, object], what: str
) -> None:
    town.programme(id="other", funder=works.treasury)
    above = works.hire(works.builder, 100)
    if "ends_us" in change:
        change = {"ends_us": above.ends_us + 1}
    supplier = works.treasury if what == "circle" else works.mason
    verdict = town.submit(replace(works.subcontract(above, supplier, 10), **change))
    assert verdict.code == "contract_mismatch"
    assert verdict.rule.endswith(f"/contract/{what}")


def test_under_the_last_supplier_there_is_nobody(town: Town, works: Works) -> None:
    above = works.hire(works.builder, 100, last=True)
    verdict = town.submit(works.subcontract(above, works.mason, 10))
    assert verdict.rule == "roads/contract/last"


def test_a_chain_ends_somewhere(town: Town, works: Works) -> None:
    contract = works.hire(works.builder, 100)
    for _ in range(MAX_CONTRACT_DEPTH - 1):
        contract = works.subcontract(contract, town.wallet(owner_kind="firm"), 100)
        town.must(contract)
    verdict = town.submit(works.subcontract(contract, works.mason, 100))
    assert verdict.rule == "roads/contract/depth"


def test_only_the_attester_attests_and_the_last_word_counts(town: Town, works: Works) -> None:
    duty = (Obligation("taxes", works.inspector),)
    contract = works.hire(works.builder, 100, obligations=duty)
    for forger in (works.builder, works.treasury, works.mason):
        assert town.code(town.attest(forger, contract, "taxes", met=True)) == "not_yours"
    unknown = town.attest(works.inspector, contract, "safety", met=True)
    assert town.code(unknown) == "contract_part_unknown"
    nothing = replace(unknown, id=town.next_id(), contract=town.next_id())
    assert town.code(nothing) == "order_not_found"
    for met, code in ((True, "accepted"), (True, "accepted"), (False, "contract_obligation_unmet")):
        town.must(town.attest(works.inspector, contract, "taxes", met=met))
        assert town.code(town.pay(works.treasury, works.builder, 1, about=contract.id)) == code


def test_a_contract_sent_again_is_the_same_contract(town: Town, works: Works) -> None:
    contract = works.hire(works.builder, 100)
    assert town.submit(contract).replayed
    town.pass_s(DAY_S)
    other = replace(contract, cap=1_000)
    assert town.code(other) == "id_has_other_content"
