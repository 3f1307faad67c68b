# SPDX-License-Identifier: Apache-2.0
"""What a wallet signs of contracts is what was asked for."""

from pathlib import Path
from typing import Any

import pytest

from kerege.payments import Hold, MalformedDocument, Pay
from kerege.payments.contract_documents import Attest, Contract, Milestone, Obligation
from kerege.wallet import PayeeUnknown
from kerege.wallet.contracts import Contracts, Under
from tests.signed_papers import signed
from tests.wallets import Pocket

ROAD, BILL = "ord_" + "1" * 32, "ord_" + "2" * 32


@pytest.fixture
def pocket(tmp_path: Path) -> Pocket:
    return Pocket(tmp_path)


def test_a_contract_names_wallets_whatever_was_typed(pocket: Pocket) -> None:
    tea = pocket.wallet()
    builder = pocket.bank.make_wallet(alias="@zhol")
    office = pocket.bank.make_wallet(alias="@office")
    answer = Contracts(tea).make(
        "roads",
        "@zhol",
        500,
        asset="KZT",
        ends_us=10**15,
        parent=ROAD,
        acceptor="@office",
        last=True,
        milestones=[Milestone("deck", 400)],
        obligations=[Obligation("taxes", "@office")],
    )
    made = signed(pocket, answer)
    assert isinstance(made, Contract)
    assert (made.supplier, made.acceptor, made.cap, made.parent) == (builder, office, 500, ROAD)
    assert made.obligations == (Obligation("taxes", office),)
    assert (made.milestones, made.last) == ((Milestone("deck", 400),), True)
    with pytest.raises(PayeeUnknown):
        Contracts(tea).make("roads", "@nobody", 5, asset="KZT", ends_us=10**15)


@pytest.mark.parametrize(
    ("odd", "said"),
    [
        ({"milestones": [Milestone("deck", 5), Milestone("deck", 5)]}, "one name"),
        ({"milestones": [Milestone("deck", 5), Milestone("road", 6)]}, "more than the cap"),
        ({"acceptor": "@zhol"}, "its own work"),
        ({"obligations": [Obligation("taxes", "@zhol")]}, "its own work"),
    ],
)
def test_a_contract_that_cannot_be_is_refused_in_words(
    pocket: Pocket, odd: dict[str, Any], said: str
) -> None:
    pocket.bank.make_wallet(alias="@zhol")
    with pytest.raises(MalformedDocument, match=said):
        Contracts(pocket.wallet()).make("roads", "@zhol", 10, asset="KZT", ends_us=10**15, **odd)


def test_payments_name_their_papers(pocket: Pocket) -> None:
    contracts = Contracts(pocket.wallet())
    builder = pocket.bank.make_wallet(alias="@zhol")
    under = Under(contract=ROAD, milestone="deck", invoice=BILL, spend="roads", purpose=2)
    pay = signed(pocket, contracts.pay("@zhol", 116, under, asset="KZT"))
    assert isinstance(pay, Pay)
    assert (pay.about, pay.milestone, pay.invoice, pay.spend) == (ROAD, "deck", BILL, "roads")
    assert (pay.legs[0].to, pay.legs[0].amount, pay.legs[0].purpose) == (builder, 116, 2)
    answer = contracts.reserve(
        "@zhol", 116, under, asset="KZT", seconds=60, decider=builder, raises=ROAD
    )
    hold = signed(pocket, answer)
    assert isinstance(hold, Hold)
    assert (hold.about, hold.invoice, hold.decider, hold.raises) == (ROAD, BILL, builder, ROAD)
    attest = signed(pocket, contracts.attest(ROAD, "taxes", met=False))
    assert isinstance(attest, Attest)
    assert (attest.contract, attest.obligation, attest.met) == (ROAD, "taxes", False)
