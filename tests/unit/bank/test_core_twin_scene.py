# SPDX-License-Identifier: Apache-2.0
"""The facts the twin plans with."""

from pathlib import Path

from kerege.bank.core_twin_scene import TwinScene
from kerege.keys import key_thumbprint, sign_compact
from kerege.ledger import AccountId, OpenAccount, Order, OrderId, Role, parse_order_id
from kerege.payments.documents import REQUEST_TYP, Pay, Request, encode_document
from kerege.payments.refusal import Refusal
from tests.two_tiers import ASSET, START_US, Country, Signer


def signed_request(payee: Signer, *, wallet: str, typ: str = REQUEST_TYP) -> str:
    request = Request(
        id="req_" + "0" * 32, wallet=wallet, asset=ASSET, amount=5, until_us=START_US + 1
    )
    kid = key_thumbprint(payee.key.public_key)
    return sign_compact(encode_document(request), payee.key, kid=kid, typ=typ).decode()


def test_the_scene(tmp_path: Path) -> None:
    country = Country(tmp_path)
    bank, other = country.bank("altyn-bank", issued=100), country.bank("post")
    scene = TwinScene(START_US, country.core.ledger, country.core.wallets, AccountId(2))
    paid = country.send(bank, bank.pay(other.wallet, 7))

    past = scene.past(parse_order_id(paid.order))
    assert past is not None
    assert isinstance(past.document, Pay)
    assert past.results == (7,)
    assert scene.past(OrderId(bytes(16))) is None
    assert scene.wallet("wal_" + "0" * 32) is None

    opening = Order(OrderId(b"one allowance's."), (OpenAccount(ASSET, Role.HOLDER, "limit"),))
    assert scene.allowance(opening) == scene.allowance(opening)

    asked = scene.request(signed_request(other, wallet=other.wallet))
    assert isinstance(asked, Request)
    assert asked.amount == 5
    for text in (
        "nonsense",
        "\ud800",
        signed_request(other, wallet=bank.wallet),
        signed_request(other, wallet=other.wallet, typ="else"),
        signed_request(country.signer("post"), wallet=other.wallet),
    ):
        assert scene.request(text) is Refusal.REQUEST_INVALID
    country.close()
