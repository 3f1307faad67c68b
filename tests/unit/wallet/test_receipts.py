# SPDX-License-Identifier: Apache-2.0
"""A receipt counts only for what this wallet signed, under keys it trusts, word for word."""

from pathlib import Path

import pytest

from kerege.centralbank.leaves import LedgerLeaves
from kerege.centralbank.receipts import ReceiptDesk
from kerege.keys import Algorithm, NamedPublicKey, PrivateKey, SignatureType
from kerege.ledger import Order, Transfer, format_order_id
from kerege.translog.integrator import Integrator
from kerege.translog.integrator_record import SignedRecord
from kerege.translog.log_files import LogStore
from kerege.translog.memory_files import MemoryFiles
from kerege.translog.receipt import format_receipt
from kerege.translog.trust import PolicyAt, policy_of_keys
from kerege.wallet import ReceiptMismatch, check_receipt
from tests.exports import SALT_KEY
from tests.ledgers import World
from tests.logs import NOW_S, ORIGIN, SIGNER, TRUST

EVIDENCE = b"header.payload.signature"


class Logged:
    """One payment in a log, with its receipt."""

    def __init__(self, world: World) -> None:
        payer, payee = world.holder(1_000), world.holder()
        self.order = Order(world.next_id(), (Transfer(payer, payee, 450),), evidence=EVIDENCE)
        [outcome] = world.ledger.post([self.order])
        assert outcome.accepted
        log = LogStore(MemoryFiles(), flush_threads=0)
        integrator = Integrator(
            origin=ORIGIN,
            signers=[SIGNER],
            source=LedgerLeaves(world.store, SALT_KEY),
            log=log,
            signed=SignedRecord(MemoryFiles()),
            cosign=None,
        )
        while integrator.run_once() is not None:
            pass
        desk = ReceiptDesk(world.ledger, log, SALT_KEY)
        self.id = format_order_id(self.order.id)
        self.receipt = format_receipt(desk.receipt(self.order.id))


@pytest.fixture
def logged(tmp_path: Path) -> Logged:
    return Logged(World(tmp_path / "ledger.db"))


def test_the_receipt_of_what_was_signed_holds(logged: Logged) -> None:
    checked = check_receipt(logged.receipt, order_id=logged.id, evidence=EVIDENCE, trust=TRUST)
    assert checked.record.results == (450,)
    assert (checked.origin, checked.leaf < checked.log_size) == (ORIGIN, True)


def test_a_receipt_of_another_order_does_not_count(logged: Logged) -> None:
    with pytest.raises(ReceiptMismatch, match="the receipt is of"):
        check_receipt(logged.receipt, order_id=f"ord_{'0' * 32}", evidence=EVIDENCE, trust=TRUST)


def test_a_receipt_over_another_signed_text_does_not_count(logged: Logged) -> None:
    with pytest.raises(ReceiptMismatch, match="another signed text"):
        check_receipt(logged.receipt, order_id=logged.id, evidence=b"other", trust=TRUST)


def test_a_log_nobody_trusts_does_not_count(logged: Logged) -> None:
    key = PrivateKey(Algorithm.ED25519, bytes(32))
    other = NamedPublicKey(ORIGIN, SignatureType.ED25519, key.public_key).to_vkey()
    with pytest.raises(Exception, match="known key"):
        check_receipt(
            logged.receipt,
            order_id=logged.id,
            evidence=EVIDENCE,
            trust=PolicyAt(policy_of_keys(other), now_s=NOW_S),
        )
