# SPDX-License-Identifier: Apache-2.0
"""Institutions are known by the keys the core publishes; suspended ones no longer."""

from kerege.bank.peers import Peer, PeerBook
from kerege.keys import Algorithm, PrivateKey, format_jwk
from kerege.runtime import ManualClock, SeededRandomness
from kerege.service import NodeClient
from tests.receivers import receiving

KEY = PrivateKey(Algorithm.ED25519, bytes(32)).public_key
JWK = format_jwk(KEY).decode()


def participant(name: str, *roles: str, suspended: bool = False) -> dict[str, object]:
    return {"id": name, "roles": roles, "suspended": suspended, "keys": {f"{name}-1": JWK}}


def test_those_who_keep_wallets_may_ask() -> None:
    with receiving() as core:
        core.routes["GET /v1/participants"] = (
            200,
            {
                "participants": [
                    participant("post", "intermediary"),
                    participant("treasury", "agency"),
                    participant("north", "witness"),
                    participant("gone", "intermediary", suspended=True),
                ]
            },
        )
        client = NodeClient(
            f"http://{core.authority}", clock=ManualClock(1), randomness=SeededRandomness(1)
        )
        book = PeerBook(client)
        assert book.find("post-1") is None
        book.refresh()
        assert book.find("post-1") == (Peer("post"), KEY)
        assert book.find("treasury-1") == (Peer("treasury"), KEY)
        assert book.find("north-1") is None
        assert book.find("gone-1") is None
        book.close()
