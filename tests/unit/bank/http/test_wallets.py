# SPDX-License-Identifier: Apache-2.0
"""Wallets over HTTP: opened as the customer is, seen by the owner only."""

from typing import Any

import pytest
from msgspec.structs import replace

from kerege.payments import Open
from kerege.wallet import BankRefused, Wallet
from tests.banks import BANK, House, Person


def test_an_opened_wallet_is_listed_with_its_name(aru: Person) -> None:
    tea = aru.wallet("чай", money=300_00)
    [listed] = aru.bank.wallets()
    assert (listed.wallet, listed.name, listed.tier) == (tea.id, "чай", "phone")
    assert listed.balances[0].available == 300_00


def test_the_statement_tells_what_happened(aru: Person, beket: Person) -> None:
    tea, shop = aru.wallet(money=300_00), beket.wallet()
    for amount in (1_00, 2_00, 3_00):
        tea.pay(shop.id, amount, asset="KZT")
    page = tea.statement(limit=2)
    assert [line.change for line in page.lines] == [-3_00, -2_00]
    rest = tea.statement(before=page.next, limit=10)
    assert [line.change for line in rest.lines] == [-1_00, 300_00]
    assert rest.next == 0


def test_nobody_sees_anothers_wallet(aru: Person, beket: Person) -> None:
    tea = aru.wallet(money=300_00)
    for ask in (
        lambda: beket.bank.wallet(tea.id),
        lambda: beket.bank.statement(tea.id, asset="KZT", before=0, limit=9),
    ):
        with pytest.raises(BankRefused) as caught:
            ask()
        assert (caught.value.status, caught.value.code) == (404, "not_found")
    answer = beket.house.http.put(
        f"/v1/wallets/{tea.id}/settings", json={"name": "mine"}, headers=beket.headers
    )
    assert answer.status_code == 404


def test_anothers_and_nobodys_wallet_look_the_same(aru: Person, beket: Person) -> None:
    tea, nobody = aru.wallet(), "wal_" + "0" * 32
    answers = [
        beket.house.http.get(f"/v1/wallets/{wallet}", headers=beket.headers).json()
        for wallet in (tea.id, nobody)
    ]
    assert {answer.pop("instance") is None for answer in answers} == {False}
    assert answers[0] == answers[1]


def test_settings_are_kept(aru: Person) -> None:
    tea = aru.wallet()
    answer = aru.house.http.put(
        f"/v1/wallets/{tea.id}/settings",
        json={"name": "shop", "top_up": True},
        headers=aru.headers,
    )
    assert answer.status_code == 200
    state = tea.state()
    assert (state.name, state.top_up) == ("shop", True)


def opening(person: Person, **changes: Any) -> tuple[Wallet, str]:
    """A wallet that is not open yet, and its signed opening with something changed."""
    made = person.purse.create("new", bank=person.house.url)
    document = Open(
        **made.head(),
        bank=BANK,
        key="",
        assets=("KZT",),
        owner_kind="person",
        tier=person.view.tier,
    )
    return made, made._signer.order(replace(document, **changes)).text.decode()


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"bank": "other-bank"}, "bank"),
        ({"owner_kind": "firm"}, "owner_kind"),
        ({"owner_kind": "bank"}, "owner_kind"),
        ({"tier": "full"}, "tier"),
        ({"vat": True}, "category"),
        ({"category": "5411"}, "category"),
    ],
)
def test_a_wallet_is_opened_as_its_customer_is(
    aru: Person, changes: dict[str, Any], place: str
) -> None:
    _, text = opening(aru, **changes)
    answer = aru.house.http.post("/v1/wallets", json={"opening": text}, headers=aru.headers)
    assert (answer.status_code, answer.json()["code"]) == (422, "opening_refused")
    assert answer.json()["place"] == place


def test_only_an_opening_opens(aru: Person, beket: Person) -> None:
    tea = aru.wallet()
    order = tea._signer.order(tea.draft_payment(beket.wallet().id, 5, asset="KZT"))
    answer = aru.house.http.post(
        "/v1/wallets", json={"opening": order.text.decode()}, headers=aru.headers
    )
    assert answer.json()["place"] == "kind"


def test_the_same_opening_gets_the_first_answer_and_no_one_elses(
    aru: Person, beket: Person
) -> None:
    aru.wallet()
    [stored] = aru.purse.store.latest(aru.purse.find().id, 9)
    body = {"opening": stored.order.text.decode()}
    again = aru.house.http.post("/v1/wallets", json=body, headers=aru.headers)
    assert again.json()["verdict"]["code"] == "accepted"
    theirs = aru.house.http.post("/v1/wallets", json=body, headers=beket.headers)
    assert theirs.status_code == 422
    assert beket.bank.wallets() == ()


def test_a_stranger_may_not_open_for_another(aru: Person, beket: Person) -> None:
    _, text = opening(beket)
    body = {"opening": text, "owner": beket.view.customer}
    answer = aru.house.http.post("/v1/wallets", json=body, headers=aru.headers)
    assert answer.status_code == 404


@pytest.mark.parametrize("wallet", ["x", "wal_0", "wal_" + "G" * 32, "%2e%2e", "wal_%00"])
def test_what_is_no_wallet_is_told(house: House, aru: Person, wallet: str) -> None:
    answer = house.http.get(f"/v1/wallets/{wallet}", headers=aru.headers)
    assert answer.status_code in (400, 404)
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=501", "limit=x", "before=-1", "asset=kzt", "asset=x", "asset="]
)
def test_what_is_out_of_bounds_is_refused(house: House, aru: Person, query: str) -> None:
    tea = aru.wallet()
    answer = house.http.get(f"/v1/wallets/{tea.id}/statement?{query}", headers=aru.headers)
    assert (answer.status_code, answer.json()["code"]) == (400, "request_invalid")
