# SPDX-License-Identifier: Apache-2.0
"""What other institutions ask over HTTP: signed, or not at all."""

import httpx
import pytest
from msgspec.structs import replace

from kerege.bank.cards import ShownCard
from kerege.bank.customer import CustomerId
from kerege.bank.http.peers import peer_routes
from kerege.bank.http.problems import BANK_CODES, BANK_KINDS
from kerege.bank.neighbours import CardCharge
from kerege.bank.peers import Peer
from kerege.keys import Algorithm, PrivateKey, PublicKey
from kerege.payments import Verdict
from kerege.runtime import IdMaker, ManualClock, SeededRandomness
from kerege.service import (
    Answering,
    Gate,
    Metrics,
    NodeClient,
    Refused,
    Server,
    build_app,
    listen_on,
    serving,
)
from tests.banks import House, Person
from tests.cards import request_of, shop_at, token, wallet_in_custody

KEY = PrivateKey(Algorithm.ED25519, bytes(32))


class Book:
    """One institution."""

    def find(self, keyid: str) -> tuple[Peer, PublicKey] | None:
        return (Peer("post"), KEY.public_key) if keyid == "post-1" else None


@pytest.mark.parametrize("path", ["names/wal_" + "0" * 32, "requests/req_" + "0" * 32])
def test_strangers_are_not_answered(house: House, path: str) -> None:
    answer = httpx.get(f"{house.url}/v1/peers/{path}", trust_env=False)
    assert (answer.status_code, answer.json()["code"]) == (401, "signature_missing")


def test_a_name_and_a_request_are_told_and_a_card_pays(house: House, beket: Person) -> None:
    shop = beket.wallet()
    asked = shop.request(5_00, asset="KZT")
    clock, randomness = ManualClock(1_800_000_000_000_000), SeededRandomness(1)
    listener = listen_on("127.0.0.1:0")
    authority = f"127.0.0.1:{listener.getsockname()[1]}"
    gate = Gate(Book(), clock, authority=lambda: authority)
    app = build_app(
        [peer_routes(house.parts.neighbours, house.parts.card_desk, gate)],
        title="Bank",
        description="",
        ids=IdMaker(clock, randomness),
        metrics=Metrics(),
        answering=Answering(BANK_KINDS, BANK_CODES),
    )
    country = house.country
    country.bank("post")
    shop_there, holder = shop_at(country, "post"), CustomerId(beket.view.customer)
    text, wallet = token(), wallet_in_custody(beket, money=100_00)
    assert isinstance(house.parts.cards.bind(holder, text, wallet), ShownCard)
    charge = CardCharge(house.parts.aliases.card_tag(text), request_of(shop_there, 5_00))
    with serving(Server(app, listener)) as url:
        client = NodeClient(url, clock=clock, randomness=randomness, key=KEY, keyid="post-1")
        assert client.get(f"/v1/peers/names/{shop.id}", dict) == {"name": "Б*** С."}
        assert client.get(f"/v1/peers/names/wal_{'0' * 32}", dict) == {"name": ""}
        assert client.get(f"/v1/peers/requests/{asked.id}", dict) == {"request": asked.request}
        for _ in range(2):
            paid = client.post("/v1/peers/card-payments", charge, Verdict)
            assert paid.accepted
        assert country.balance(shop_there) == 5_00
        with pytest.raises(Refused) as caught:
            client.post("/v1/peers/card-payments", replace(charge, request="x.y.z"), Verdict)
        assert caught.value.status == 400
        with pytest.raises(Refused):
            client.get(f"/v1/peers/requests/req_{'0' * 32}", dict)
        client.close()
