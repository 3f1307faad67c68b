# SPDX-License-Identifier: Apache-2.0
"""Receipts a citizen can check with nothing but the receipt and the log's public key."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from kerege.centralbank.leaves import LedgerLeaves
from kerege.centralbank.receipts import NotYetLogged, ReceiptDesk
from kerege.ledger.ids import OrderId
from kerege.ledger.importing import import_ledger
from kerege.ledger.ledger import Ledger
from kerege.ledger.stores.sqlite import SqliteStore
from kerege.translog.files import DiskFiles, Files
from kerege.translog.integrator import Integrator
from kerege.translog.integrator_record import SignedRecord
from kerege.translog.log_files import LogStore
from kerege.translog.memory_files import MemoryFiles
from kerege.translog.receipt import Receipt, format_receipt, parse_receipt, verify_receipt
from kerege.translog.tree import ProofError
from tests.exports import SALT_KEY, export_of, lines_of, make_busy
from tests.house.tree import ROOT
from tests.ledgers import World, move, order_id
from tests.logs import ORIGIN, SIGNER, TRUST, VKEY


class Country:
    """A ledger with its log."""

    def __init__(self, world: World, files: Files) -> None:
        self.world = world
        self.log = LogStore(files, flush_threads=0)
        self.desk = ReceiptDesk(world.ledger, self.log, SALT_KEY)
        self._integrator = Integrator(
            origin=ORIGIN,
            signers=[SIGNER],
            source=LedgerLeaves(world.store, SALT_KEY),
            log=self.log,
            signed=SignedRecord(MemoryFiles()),
            cosign=None,
        )

    def publish(self) -> None:
        """Log everything accepted so far."""
        while self._integrator.run_once() is not None:
            pass

    def accepted_ids(self) -> Iterator[OrderId]:
        for batch in self.world.store.batches(first_leaf=0, limit=10**6):
            yield from (order.id for order in batch.orders)


@pytest.fixture
def country(world: World) -> Country:
    return Country(world, MemoryFiles())


def test_every_accepted_order_has_a_receipt_that_verifies_alone(country: Country) -> None:
    make_busy(country.world)
    country.publish()
    for place, number in enumerate(country.accepted_ids()):
        text = format_receipt(country.desk.receipt(number))
        receipt = parse_receipt(text)
        checkpoint = verify_receipt(receipt, TRUST)
        assert receipt.proof.index == place < checkpoint.size


def test_a_receipt_tells_the_order_its_time_and_what_came_of_it(country: Country) -> None:
    shop = country.world.collector()
    outcome = country.world.must(move(1, shop, 250))
    country.publish()
    record = country.desk.receipt(outcome.order_id).record
    accepted = country.world.ledger.accepted(outcome.order_id)
    assert accepted is not None
    at_us, result = outcome.at_us.to_bytes(8, "big"), (250).to_bytes(8, "big")
    assert record == b"kerege-record/v1\n" + at_us + accepted.order.body + result


def test_receipts_given_before_stay_true_while_the_log_grows(country: Country) -> None:
    outcome = country.world.must(move(1, country.world.collector(), 250))
    country.publish()
    before = format_receipt(country.desk.receipt(outcome.order_id))
    for _ in range(300):
        country.world.must(move(1, 2, 1))
    country.publish()
    verify_receipt(parse_receipt(before), TRUST)
    after = country.desk.receipt(outcome.order_id)
    assert verify_receipt(after, TRUST).size > verify_receipt(parse_receipt(before), TRUST).size


def test_nothing_of_a_receipt_can_be_changed(country: Country) -> None:
    outcome = country.world.must(move(1, country.world.collector(), 250))
    country.publish()
    receipt = country.desk.receipt(outcome.order_id)
    for at in range(len(receipt.record)):
        record = receipt.record[:at] + bytes([receipt.record[at] ^ 1]) + receipt.record[at + 1 :]
        with pytest.raises(ProofError):
            verify_receipt(Receipt(record, receipt.salt, receipt.proof), TRUST)
    with pytest.raises(ProofError):
        verify_receipt(Receipt(receipt.record, bytes(16), receipt.proof), TRUST)


def test_not_logged_yet_refused_or_unknown(country: Country) -> None:
    world = country.world
    shop = world.collector()
    with pytest.raises(NotYetLogged, match="not published yet"):
        country.desk.receipt(order_id(1))
    country.publish()
    late = world.must(move(1, shop, 1))
    refused = world.post(move(shop, 1, 50))
    with pytest.raises(NotYetLogged, match="not published yet") as caught:
        country.desk.receipt(late.order_id)
    assert "second" in caught.value.remedy
    for unknown in (refused.order_id, order_id(77)):
        with pytest.raises(NotYetLogged, match="never accepted"):
            country.desk.receipt(unknown)
    country.publish()
    verify_receipt(country.desk.receipt(late.order_id), TRUST)


def test_receipts_of_an_imported_ledger_are_the_same(country: Country, tmp_path: Path) -> None:
    make_busy(country.world)
    country.publish()
    export = export_of(country.world.store)
    store = SqliteStore(tmp_path / "other")
    import_ledger(lambda: lines_of(export), store)
    desk = ReceiptDesk(Ledger(store, lambda: 0), country.log, SALT_KEY)
    for number in country.accepted_ids():
        assert desk.receipt(number) == country.desk.receipt(number)
    store.close()


def test_another_process_verifies_with_the_receipt_and_the_key_alone(
    world: World, tmp_path: Path
) -> None:
    country = Country(world, DiskFiles(tmp_path / "log"))
    make_busy(world)
    country.publish()
    number = next(country.accepted_ids())
    receipt = country.desk.receipt(number)
    apart = tmp_path / "apart"
    apart.mkdir()
    (apart / "receipt").write_bytes(format_receipt(receipt))
    assert verify_apart(apart).returncode == 0
    forged = Receipt(receipt.record[:-1] + b"\7", receipt.salt, receipt.proof)
    (apart / "receipt").write_bytes(format_receipt(forged))
    done = verify_apart(apart)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr


def verify_apart(folder: Path) -> subprocess.CompletedProcess[str]:
    """`kerege log verify` in a process of its own that sees only `folder`."""
    return subprocess.run(
        [sys.executable, "-m", "kerege", "log", "verify", "receipt", "--key", VKEY],
        cwd=folder,
        env={"PYTHONPATH": str(ROOT / "src"), "PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_a_desk_with_another_salt_key_gives_nothing_true(country: Country) -> None:
    outcome = country.world.must(move(1, country.world.collector(), 250))
    country.publish()
    desk = ReceiptDesk(country.world.ledger, country.log, bytes(32))
    with pytest.raises(ProofError):
        verify_receipt(desk.receipt(outcome.order_id), TRUST)
