# SPDX-License-Identifier: Apache-2.0
"""Programmes over HTTP: for anyone, and marked money with its programme's title for its bank."""

from collections.abc import Iterator

import pytest

from kerege.bank.core_http import HttpCore
from kerege.ledger import Mark, Order, OrderId, Transfer
from kerege.programmes import Programme
from kerege.programmes.contract_tree import ContractTree
from kerege.programmes.published import ProgrammeList, ProgrammePage
from kerege.programmes.report import ProgrammeReport
from kerege.service import Refused
from tests.cores import Core
from tests.funders import activate_at, meals, signed_terms
from tests.registers import Wallet


@pytest.fixture(scope="module")
def core(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Core]:
    with Core(tmp_path_factory.mktemp("core")) as core:
        core.bank("altyn-bank")
        yield core


@pytest.fixture(scope="module")
def funder(core: Core) -> Wallet:
    funder = core.open("altyn-bank", owner_kind="agency", tier="agency")
    core.give(funder, 1_000)
    activate_at(
        core.node.register, school_meals(core, funder), funder.key, now_us=core.clock.now_us()
    )
    return funder


def school_meals(core: Core, funder: Wallet) -> Programme:
    """For the next hours."""
    del core
    return meals(funder, starts_us=0, ends_us=4_000_000_000_000_000)


def test_anyone_reads_them(core: Core, funder: Wallet) -> None:
    with core.client("") as anyone:
        (told,) = anyone.get("/v1/programmes", ProgrammeList).programmes
        assert (told.id, told.state, told.funder) == ("school-meals", "active", funder.id)
        page = anyone.get("/v1/programmes/school-meals", ProgrammePage)
        assert page.programme == told
        assert page.document == school_meals(core, funder)
        assert page.terms == signed_terms(page.document, funder.key)
        for path in ("/v1/programmes/other", "/v1/programmes/school-meals?version=2"):
            with pytest.raises(Refused) as caught:
                anyone.get(path, ProgrammePage)
            assert (caught.value.status, caught.value.code) == (404, "not_found")
        for path in ("/v1/programmes/School", "/v1/programmes?after=%20"):
            with pytest.raises(Refused) as caught:
                anyone.get(path, ProgrammePage)
            assert caught.value.status == 400


def test_the_report_is_for_the_funders_bank_and_for_staff(core: Core, funder: Wallet) -> None:
    assert funder.id
    core.admit("qala-bank")
    path = "/v1/programmes/school-meals/report"
    period: dict[str, str | int] = {"from_us": 1, "until_us": 10**13}
    for name in ("altyn-bank", "staff-aru"):
        with core.client(name) as client:
            report = client.get(path, ProgrammeReport, query=period)
            assert (report.programme, report.is_complete) == ("school-meals", True)
    asked: list[tuple[str, str, dict[str, str | int], int]] = [
        ("qala-bank", path, period, 403),
        ("qala-bank", "/v1/programmes/other/report", period, 403),
        ("staff-aru", "/v1/programmes/other/report", period, 404),
        ("altyn-bank", path, {"from_us": 0, "until_us": -1}, 400),
        ("altyn-bank", path, {"from_us": 0}, 400),
        ("altyn-bank", path, {"from_us": 5, "until_us": 4}, 400),
        ("", path, period, 401),
    ]
    for name, where, query, status in asked:
        with core.client(name) as client, pytest.raises(Refused) as caught:
            client.get(where, ProgrammeReport, query=query)
        assert caught.value.status == status


def test_the_tree_is_for_the_funders_bank_and_for_staff(core: Core, funder: Wallet) -> None:
    core.admit("narrow-bank")
    path = "/v1/programmes/school-meals/tree"
    for name in ("altyn-bank", "staff-aru"):
        with core.client(name) as client:
            tree = client.get(path, ContractTree)
            assert (tree.programme, tree.funder, tree.roots) == ("school-meals", funder.id, ())
    for name, status in (("narrow-bank", 403), ("", 401)):
        with core.client(name) as client, pytest.raises(Refused) as caught:
            client.get(path, ContractTree)
        assert caught.value.status == status


def test_a_bank_sees_whose_money_is_marked(core: Core, funder: Wallet) -> None:
    register = core.node.register
    (active,) = register.programmes().values()
    converter = register.converter("KZT")
    assert converter is not None
    own = core.account(funder)
    steps = (Transfer(own, converter, 300), Transfer(converter, own, 300, mark=active.mark))
    order = Order(OrderId(core.number().to_bytes(16, "big")), steps)
    assert core.node.ledger.post([order])[0].accepted
    with core.client("altyn-bank") as client:
        line = HttpCore(client)
        by_mark = {one.mark: one for one in line.balances(funder.id)}
        assert (by_mark[0].balance, by_mark[0].programme, by_mark[0].title) == (700, "", {})
        marked = by_mark[Mark(1)]
        assert (marked.balance, marked.programme) == (300, "school-meals")
        assert (marked.title, marked.ends_us) == (active.terms.title, active.terms.ends_us)
        (listed,) = line.programmes().programmes
        assert listed.id == "school-meals"
        page = line.programme("school-meals", version=1)
        assert page is not None
        assert page.document == active.terms
        assert line.programme("other") is None


def test_the_bank_of_whom_the_terms_name_reads_too(core: Core, funder: Wallet) -> None:
    core.bank("auditors-bank")
    auditor = core.open("auditors-bank")
    terms = meals(
        funder,
        id="audited",
        changers=(auditor.id,),
        starts_us=0,
        ends_us=4_000_000_000_000_000,
    )
    with core.client("auditors-bank") as client:
        with pytest.raises(Refused) as caught:
            client.get("/v1/programmes/audited/tree", ContractTree)
        assert caught.value.status == 403
        activate_at(core.node.register, terms, funder.key, now_us=core.clock.now_us())
        assert client.get("/v1/programmes/audited/tree", ContractTree).programme == "audited"
