# SPDX-License-Identifier: Apache-2.0
"""`kerege demo`: a guided session with a small ledger and its log."""

import subprocess
import sys
import tempfile
from pathlib import Path
from shutil import copy
from typing import Final

import click

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
    with Tour(folder, SystemClock()) as tour:
        order = _pay(tour)
        _publish(tour, order)
        _audit(tour)
    _say_what_next(folder)


def _pay(tour: Tour) -> Order:
    _title("1. A ledger", f"one SQLite file, {tour.folder / 'ledger.db'}")
    opened = tour.open_accounts()
    _tell("accounts found as they were" if opened.replayed else "accounts opened", opened)
    bank, aigerim, shop = (tour.accounts[name] for name in PEOPLE)

    _title("2. Money", "orders happen whole or not at all, and only once")
    issue = tour.order(Transfer(tour.issuer, bank, 1_000_000_00))
    _tell(f"issue {_money(1_000_000_00)} to the {_BANK}", tour.post(issue))
    salary = tour.order(Transfer(bank, aigerim, 250_00))
    _tell(f"pay {_AIGERIM} {_money(250_00)}", tour.post(salary))
    purchase = tour.order(Transfer(aigerim, shop, 12_50))
    _tell(f"{_AIGERIM} buys for {_money(12_50)} at {_SHOP}", tour.post(purchase))
    _tell("the same order sent again", tour.post(purchase))
    forged = Order(purchase.id, (Transfer(aigerim, shop, 99_00),))
    _tell("the same id with another amount", tour.post(forged))
    greedy = tour.order(Transfer(aigerim, shop, 10_000_000_00))
    _tell(f"{_AIGERIM} spends {_money(10_000_000_00)}", tour.post(greedy))
    hold = tour.order(Transfer(aigerim, shop, 40_00, kind=Kind.PENDING, timeout_s=_HOUR_S))
    _tell(f"{_SHOP} reserves {_money(40_00)}", tour.post(hold))
    capture = Transfer(aigerim, shop, 35_00, kind=Kind.CAPTURE, pending=PendingRef(hold.id, 0))
    _tell(f"and takes {_money(35_00)}, the rest is released", tour.post(tour.order(capture)))
    _show_balances(tour)
    return purchase


def _publish(tour: Tour, order: Order) -> None:
    _title("3. A public log", "two witnesses run as processes of their own and cosign it")
    tour.start_witnesses()
    checkpoint = tour.publish()
    if checkpoint is not None:
        click.echo(f"   checkpoint of {checkpoint.size} leaves, root {checkpoint.root.hex()}")
    click.echo(f"   static files in {tour.folder / 'log'}, for any web server to serve")

    _title("4. A receipt", "verified by another process, which has only it and public keys")
    receipt = tour.write_receipt(order.id)
    with tempfile.TemporaryDirectory() as elsewhere:
        alone = Path(elsewhere)
        for path in (receipt, tour.policy):
            copy(path, alone)
        click.echo("   $ kerege receipt verify --policy policy.txt receipt.txt")
        _verify(alone)
        text = (alone / receipt.name).read_bytes()
        (alone / receipt.name).write_bytes(_with_one_byte_changed(text))
        click.echo("   the same with one byte of the record changed:")
        _verify(alone)


def _audit(tour: Tour) -> None:
    _title("5. An audit", "everything recomputed from an export, by whoever wants to")
    export = tour.write_export()
    report = tour.audit()
    books = report.books
    click.echo(f"   {export}: {books.orders} orders, {books.transfers} transfers agree")
    for totals in books.totals:
        issued, held = _money(totals.in_circulation), _money(totals.held)
        click.echo(f"   in circulation {issued}, held by everyone together {held}")
    click.echo(f"   root of {report.leaves} leaves {report.root.hex()},")
    click.echo("   the very root which two witnesses cosigned")


def _verify(folder: Path) -> None:
    command = [sys.executable, "-m", "kerege", "receipt", "verify"]
    done = subprocess.run(  # noqa: S603 -- our own command, no shell
        [*command, "--policy", "policy.txt", "receipt.txt"],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=60,
    )
    for line in done.stdout.splitlines():
        click.echo(f"     {line}")


def _with_one_byte_changed(receipt: bytes) -> bytes:
    place = receipt.index(b"record ") + len(b"record ") + 40
    other = b"A" if receipt[place : place + 1] != b"A" else b"B"
    return receipt[:place] + other + receipt[place + 1 :]


def _show_balances(tour: Tour) -> None:
    click.echo()
    for name in PEOPLE:
        cell = tour.cell(name)
        held = f", {_money(cell.debits_pending)} of it reserved" if cell.debits_pending else ""
        click.echo(f"   {name:<16} {_money(cell.balance):>20}{held}")
    click.echo(f"   {'in circulation':<16} {_money(tour.in_circulation()):>20}")


def _tell(what: str, outcome: Outcome) -> None:
    if outcome.refusal is not None:
        why = outcome.refusal.name.lower()
        click.echo(f"   {what}: {click.style('refused', fg='red')}, {why}")
        return
    again = " (as before: nothing happened twice)" if outcome.replayed else ""
    click.echo(f"   {what}: {click.style('accepted', fg='green')}{again}")


def _title(title: str, subtitle: str) -> None:
    click.echo(f"\n{click.style(title, bold=True)}: {subtitle}")


def _money(minor: int) -> str:
    return format_amount(Amount(minor, _TENGE), ENGLISH, Unit.CODE)


def _say_what_next(folder: Path) -> None:
    policy = folder / "policy.txt"
    click.echo(f"\nAll of it is in {folder}. Try next:")
    click.echo(f"   kerege log fsck {folder / 'log'} --policy {policy}")
    click.echo(f"   kerege receipt verify {folder / 'receipt.txt'} --policy {policy}")
    click.echo(f"   rm -r {folder}    to begin anew")
