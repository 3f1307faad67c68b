# SPDX-License-Identifier: Apache-2.0
"""Every route that is a customer's wants a token with its scope, shown once."""

import httpx
import pytest

from kerege.bank.http.signed_in import PAYMENTS, WALLETS, needs
from tests.banks import House, Person

CUSTOMERS_OWN = (
    "/v1/me",
    "/v1/wallets",
    "/v1/payments",
    "/v1/requests",
    "/v1/deposit",
    "/v1/funding",
    "/v1/events",
    "/v1/webhooks",
    "/v1/resolve",
    "/oauth/userinfo",
)


def test_a_route_says_its_scope() -> None:
    assert needs(WALLETS) != needs(PAYMENTS)


def test_no_route_of_a_customer_answers_a_stranger(house: House) -> None:
    """Read from the description itself, so that a route added later is tried too."""
    document = house.get("/openapi.json").json()
    tried = 0
    for path, operations in document["paths"].items():
        if not path.startswith(CUSTOMERS_OWN):
            continue
        for method in operations:
            url = path.replace("{wallet}", "wal_" + "0" * 32).replace("{order}", "ord_" + "0" * 32)
            url = url.replace("{webhook}", "hook_" + "0" * 32)
            answer = httpx.request(method, house.url + url, trust_env=False)
            assert answer.status_code == 401, (method, path, answer.text)
            tried += 1
    assert tried > 15


@pytest.mark.parametrize("scheme", ["bearer", "BEARER", "Bearer"])
def test_the_schemes_name_is_read_in_any_case(aru: Person, scheme: str) -> None:
    token = aru.session.access_token()
    headers = {"authorization": f"{scheme} {token}"}
    assert aru.house.http.get("/v1/me", headers=headers).status_code == 200


def test_two_tokens_are_none(aru: Person) -> None:
    headers = [("authorization", aru.headers["authorization"])] * 2
    assert aru.house.http.get("/v1/me", headers=headers).status_code == 401


def test_a_token_of_another_bank_is_not_taken(aru: Person) -> None:
    head, payload, signature = aru.session.access_token().split(".")
    for token in (f"{head}.{payload}.", f"{head}..{signature}", f"{head}.{payload}.{'A' * 86}"):
        headers = {"authorization": f"Bearer {token}"}
        assert aru.house.http.get("/v1/me", headers=headers).status_code == 401
