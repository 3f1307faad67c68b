# SPDX-License-Identifier: Apache-2.0
"""Who may ask is who the core says keeps wallets; while it says nothing, who it said last."""

from http.server import BaseHTTPRequestHandler

import msgspec
import pytest

from kerege.bank.peers import Peer, PeerBook
from kerege.keys import Algorithm, PrivateKey, format_jwk, key_thumbprint
from kerege.runtime import SystemClock, SystemRandomness
from kerege.service import NodeClient, Unreachable
from tests.serving import serve_answers

KEYS = {name: PrivateKey.generate(Algorithm.ED25519) for name in ("bank", "gone", "operator")}
KIDS = {name: key_thumbprint(key.public_key) for name, key in KEYS.items()}


def listed(name: str, role: str, *, suspended: bool = False) -> dict[str, object]:
    key = format_jwk(KEYS[name].public_key).decode()
    more = {"name": {"en": name}, "licence": "", "since_us": 0, "wallet": ""}
    keys = {KIDS[name]: key}
    return {"id": name, "roles": [role], "suspended": suspended, "keys": keys, **more}


TOLD = {
    "participants": [
        listed("bank", "intermediary"),
        listed("gone", "intermediary", suspended=True),
        listed("operator", "operator"),
    ]
}


def test_institutions_in_force_are_known_by_their_keys() -> None:
    statuses = iter((200, 503))

    def answer(request: BaseHTTPRequestHandler) -> None:
        body = msgspec.json.encode(TOLD)
        request.send_response(next(statuses))
        request.send_header("connection", "close")
        request.send_header("content-type", "application/json")
        request.send_header("content-length", str(len(body)))
        request.end_headers()
        request.wfile.write(body)

    with serve_answers(answer) as url:
        book = PeerBook(NodeClient(url, clock=SystemClock(), randomness=SystemRandomness()))
        assert book.find(KIDS["bank"]) is None
        book.refresh()
        assert book.find(KIDS["bank"]) == (Peer("bank"), KEYS["bank"].public_key)
        assert book.find(KIDS["gone"]) is book.find(KIDS["operator"]) is None
        with pytest.raises(Unreachable):
            book.refresh()
        assert book.find(KIDS["bank"]) is not None
        book.close()
