# SPDX-License-Identifier: Apache-2.0
"""`kerege demo`: a guided session with a small ledger and its log."""

import shlex
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import copy, which
from types import FrameType
from typing import Final

import click

from kerege.errors import InvariantViolation, KeregeError
from kerege.ledger.ids import format_account_id
from kerege.ledger.order import Kind, Order, PendingRef, Transfer
from kerege.ledger.outcome import Outcome
from kerege.money import ENGLISH, ISO4217, Amount, Unit, format_amount
from kerege.runtime import SystemClock
from kerege.sandbox.tour import ASSET, PEOPLE, Tour

__all__ = ["demo"]

_BANK, _AIGERIM, _SHOP = PEOPLE
_TENGE: Final = ISO4217.by_code(ASSET)
_FOLDER: Final = Path("kerege-demo")
_HOUR_S: Final = 3600
_VERIFY_TIMEOUT_S: Final = 60
"""For verifying one receipt: a second at most, but the machine may be busy."""
_ROOT_DIGITS: Final = 16
"""Of a root's 64 digits: enough to see by eye that two agree, and the line stays short."""

_LEDGER: Final = """\
Every payment takes from one account what it gives to another, so all balances
together are always zero. Only the issuer is below zero: by what it has issued."""
_ORDERS: Final = """\
An order moves money whole or not at all. Its sender gives it an id: sent again,
after a lost answer say, it is not done again."""
_LOG: Final = """\
Every accepted order becomes a leaf of a public log: a salted hash that tells nothing
alone. A checkpoint is the log's size and root hash, signed: its word on all history.
A witness, somebody else's program, signs it too if the log grew and nothing changed."""
_RECEIPT: Final = """\
A receipt proves that an order is in that log. Here another process checks it, with
nothing but the receipt and the public keys of the log and the witnesses."""
_AUDIT: Final = """\
An export tells every order. From it alone, every balance and the log's root are
computed anew, and must come out as the ledger and the witnesses say."""


@click.command()
@click.option(
    "--folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=_FOLDER,
    show_default=True,
    help="Where the ledger, the log and the keys are kept; run again to go on with them.",
)
def demo(folder: Path) -> None:
    """Issue money, pay, publish the log, and verify a receipt with nothing but public keys."""
    with _stopped_cleanly(), Tour(folder, SystemClock()) as tour:
        _open(tour)
        order = _pay(tour)
        _publish(tour)
        _prove(tour, order)
        _audit(tour)
    _say_what_next(folder)


def _open(tour: Tour) -> None:
    _title(f"1. A ledger, in one file: {tour.folder / 'ledger.db'}", _LEDGER)
    opened = tour.open_accounts()
    _tell("accounts found as they were" if opened.replayed else "accounts opened", opened)


def _pay(tour: Tour) -> Order:
    bank, aigerim, shop = (tour.accounts[name] for name in PEOPLE)
    _title("2. Money", _ORDERS)
    issue = tour.order(Transfer(tour.issuer, bank, 1_000_000_00))
    _tell(f"the central bank issues {_money(1_000_000_00)} to {_BANK}", tour.post(issue))
    salary = tour.order(Transfer(bank, aigerim, 250_00))
    _tell(f"{_BANK} pays {_AIGERIM} {_money(250_00)}", tour.post(salary))
    purchase = tour.order(Transfer(aigerim, shop, 12_50))
    _tell(f"{_AIGERIM} buys for {_money(12_50)} at {_SHOP}", tour.post(purchase))
    _tell("the same order sent again", tour.post(purchase))
    forged = Order(purchase.id, (Transfer(aigerim, shop, 99_00),))
    _tell(f"the same id, but now for {_money(99_00)}", tour.post(forged))
    greedy = tour.order(Transfer(aigerim, shop, 10_000_000_00))
    _tell(f"{_AIGERIM} spends {_money(10_000_000_00)}", tour.post(greedy))
    hold = tour.order(Transfer(aigerim, shop, 40_00, kind=Kind.PENDING, timeout_s=_HOUR_S))
    _tell(f"{_SHOP} reserves {_money(40_00)} of hers for an hour (a hold)", tour.post(hold))
    taking = Transfer(aigerim, shop, 35_00, kind=Kind.CAPTURE, pending=PendingRef(hold.id, 0))
    capture = tour.order(taking)
    _tell(f"and takes {_money(35_00)} of it; the rest is hers again", tour.post(capture))
    _show_balances(tour)
    return purchase


def _publish(tour: Tour) -> None:
    _title(f"3. A public log, in files any web server can serve: {tour.folder / 'log'}", _LOG)
    tour.start_witnesses()
    checkpoint = tour.publish()
    if checkpoint is None:
        raise KeregeError(
            "the log already has more leaves than the ledger has orders",
            place=str(tour.folder),
            remedy="the two do not belong together: begin anew in another folder",
        )
    click.echo("   two witnesses run, each in a process of its own, and both signed:")
    click.echo(f"   checkpoint of {checkpoint.size} leaves, root {_short(checkpoint.root)}")


def _prove(tour: Tour, order: Order) -> None:
    _title(f"4. A receipt for what {_AIGERIM} bought", _RECEIPT)
    receipt = tour.write_receipt(order.id)
    with tempfile.TemporaryDirectory() as elsewhere:
        alone = Path(elsewhere)
        for path in (receipt, tour.policy):
            copy(path, alone)
        click.echo("   $ kerege receipt verify receipt.txt --policy policy.txt")
        if not _verifies(alone):
            raise InvariantViolation(f"the receipt just written does not verify: {receipt}")
        text = (alone / receipt.name).read_bytes()
        (alone / receipt.name).write_bytes(_with_one_byte_changed(text))
        click.echo("   The same after somebody changed one byte of it:")
        if _verifies(alone):
            raise InvariantViolation("a receipt with a changed byte verifies")


def _audit(tour: Tour) -> None:
    export = tour.write_export()
    _title(f"5. An audit, from an export: {export}", _AUDIT)
    report = tour.audit()
    books = report.books
    click.echo(f"   {books.orders} orders with {books.transfers} transfers agree")
    for totals in books.totals:
        issued, held = _money(totals.in_circulation), _money(totals.held)
        click.echo(f"   in circulation {issued}, held by everyone together {held}")
    click.echo(f"   root of {report.leaves} leaves {_short(report.root)}, as the witnesses signed")


@contextmanager
def _stopped_cleanly() -> Iterator[None]:
    """Make SIGTERM unwind like Ctrl-C, so that no witness outlives the demo."""

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _verifies(folder: Path) -> bool:
    command = [sys.executable, "-m", "kerege", "receipt", "verify"]
    done = subprocess.run(  # noqa: S603 -- our own command, no shell
        [*command, "receipt.txt", "--policy", "policy.txt"],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=_VERIFY_TIMEOUT_S,
    )
    for line in done.stdout.splitlines():
        click.echo(f"     {line}")
    return done.returncode == 0


def _with_one_byte_changed(receipt: bytes) -> bytes:
    place = receipt.index(b"record ") + len(b"record ") + 40
    other = b"A" if receipt[place : place + 1] != b"A" else b"B"
    return receipt[:place] + other + receipt[place + 1 :]


def _show_balances(tour: Tour) -> None:
    click.echo()
    for name in PEOPLE:
        cell = tour.cell(name)
        held = f", {_money(cell.debits_pending)} of it reserved" if cell.debits_pending else ""
        account = format_account_id(tour.accounts[name])
        click.echo(f"   {account:<6} {name:<22} {_money(cell.balance):>20}{held}")
    issuer = format_account_id(tour.issuer)
    click.echo(f"   {issuer:<6} {'issuer':<22} {_money(-tour.in_circulation()):>20}")
    together = sum(tour.cell(name).balance for name in PEOPLE) - tour.in_circulation()
    click.echo(f"   {'together':<29} {_money(together):>20}")


def _tell(what: str, outcome: Outcome) -> None:
    if outcome.refusal is not None:
        why = outcome.refusal.name.lower()
        click.echo(f"   {what}: {click.style('refused', fg='red')}, {why}")
        return
    again = " (as before: nothing happened twice)" if outcome.replayed else ""
    click.echo(f"   {what}: {click.style('accepted', fg='green')}{again}")


def _title(title: str, explanation: str) -> None:
    click.echo(f"\n{click.style(title, bold=True)}")
    for line in explanation.splitlines():
        click.echo(f"   {line}")
    click.echo()


def _money(minor: int) -> str:
    # A terminal wraps no table, and a plain space can be searched for.
    return format_amount(Amount(minor, _TENGE), ENGLISH, Unit.CODE).replace("\xa0", " ")


def _short(root: bytes) -> str:
    return f"{root.hex()[:_ROOT_DIGITS]}..."


def _say_what_next(folder: Path) -> None:
    kerege = _as_called()
    policy = shlex.quote(str(folder / "policy.txt"))
    log, receipt = (shlex.quote(str(folder / name)) for name in ("log", "receipt.txt"))
    click.echo(f"\nAll of it is in {folder}. Try next:")
    click.echo(f"   {kerege} log fsck {log} --policy {policy}")
    click.echo(f"   {kerege} receipt verify {receipt} --policy {policy}")
    click.echo(f"   {kerege} demo --folder {shlex.quote(str(folder))}    to go on with it")
    click.echo(f"   rm -r {shlex.quote(str(folder))}    to begin anew")


def _as_called() -> str:
    """The command as it can be typed here: by its path where the shell would not find it."""
    return "kerege" if which("kerege") or Path(sys.argv[0]).name != "kerege" else sys.argv[0]
