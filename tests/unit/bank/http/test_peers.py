# SPDX-License-Identifier: Apache-2.0
"""What other institutions may ask, and that nobody else may."""

import httpx
import pytest

from kerege.bank.neighbours import NameAnswer, RequestAnswer
from kerege.bank.peers import Peer, PeerBook
from kerege.keys import Algorithm, PrivateKey, key_thumbprint
from kerege.runtime import SystemRandomness
from kerege.service import NodeClient, Refused
from tests.banks import House, Person

KEY = PrivateKey.generate(Algorithm.ED25519)


def neighbour(house: House, key: PrivateKey) -> NodeClient:
    return NodeClient(
        house.url,
        clock=house.country.clock,
        randomness=SystemRandomness(),
        key=key,
        keyid=key_thumbprint(key.public_key),
    )


def let_in(book: PeerBook, key: PrivateKey) -> None:
    # What `refresh` reads from a core; here there is only its twin.
    book._holders[key_thumbprint(key.public_key)] = (Peer("uyq-bank"), key.public_key)


def test_a_payee_s_name_and_request(house: House, aru: Person) -> None:
    let_in(house.parts.peers, KEY)
    tea = aru.wallet()
    bill = tea.request(90_00, asset="KZT")
    client = neighbour(house, KEY)
    assert client.get(f"/v1/peers/names/{tea.id}", NameAnswer).name == "А*** Н."
    assert client.get(f"/v1/peers/names/wal_{'0' * 32}", NameAnswer).name == ""
    told = client.get(f"/v1/peers/requests/{bill.id}", RequestAnswer)
    assert told.request == bill.request
    with pytest.raises(Refused) as raised:
        client.get(f"/v1/peers/requests/req_{'0' * 32}", RequestAnswer)
    assert raised.value.status == httpx.codes.NOT_FOUND
    client.close()


def test_strangers_and_customers_are_not_answered(house: House, aru: Person) -> None:
    path = f"/v1/peers/names/{aru.wallet().id}"
    assert house.get(path).status_code == httpx.codes.UNAUTHORIZED
    assert house.http.get(path, headers=aru.headers).status_code == httpx.codes.UNAUTHORIZED
    stranger = neighbour(house, PrivateKey.generate(Algorithm.ED25519))
    with pytest.raises(Refused) as raised:
        stranger.get(path, NameAnswer)
    assert raised.value.status == httpx.codes.UNAUTHORIZED
    stranger.close()
