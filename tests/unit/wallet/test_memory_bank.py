# SPDX-License-Identifier: Apache-2.0
"""The twin keeps a bank's promises: signatures are verified, a repeat gets the first verdict."""

from pathlib import Path

import pytest

from kerege.keys import Algorithm, PrivateKey
from kerege.payments import Leg, Pay
from kerege.wallet import BankRefused, MemoryBank
from kerege.wallet.signing import Signer
from tests.wallets import Pocket


@pytest.fixture
def pocket(tmp_path: Path) -> Pocket:
    return Pocket(tmp_path)


def test_a_forged_order_is_refused(pocket: Pocket) -> None:
    wallet, shop = pocket.wallet(), pocket.bank.make_wallet()
    pay = wallet.draft_payment(shop, 5, asset="KZT")
    forged = Signer(wallet.id, PrivateKey.generate(Algorithm.ED25519)).order(pay)
    verdict = pocket.bank.line("aru").submit(forged.text).verdict
    assert verdict.code == "signature_invalid"
    assert pocket.bank.balance(shop) == 0


def test_the_same_id_with_other_content_is_refused(pocket: Pocket) -> None:
    wallet, shop = pocket.wallet(), pocket.bank.make_wallet()
    answer = wallet.pay(shop, 5, asset="KZT")
    signer = Signer(wallet.id, pocket.keys.find(wallet.id, passphrase=None))
    other = Pay(
        id=answer.verdict.order,
        wallet=wallet.id,
        until_us=2**50,
        asset="KZT",
        legs=(Leg(to=shop, amount=6),),
    )
    verdict = pocket.bank.decide(signer.order(other).text)
    assert verdict.code == "exists_with_other_content"


def test_what_it_does_not_have_it_says(pocket: Pocket) -> None:
    line = MemoryBank("b").line("aru")
    with pytest.raises(BankRefused):
        line.wallet("wal_0")
    with pytest.raises(BankRefused):
        line.receipt("ord_0")
    assert line.answer("ord_0") is None
