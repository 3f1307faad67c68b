# SPDX-License-Identifier: Apache-2.0
"""`kerege ledger export`, `import`, `audit`: a ledger as text, and what the text proves."""

import os
from collections.abc import Iterable
from contextlib import closing
from functools import partial
from pathlib import Path

import click

from kerege.centralbank import FullReport, audit_export
from kerege.cli.amounts import amount_told
from kerege.cli.progress import watched
from kerege.cli.telling import Output, telling
from kerege.cli.trusting import FILE, read_limited, read_trust
from kerege.errors import KeregeError
from kerege.keys import load_salt_key
from kerege.ledger.auditing import AuditReport
from kerege.ledger.export_reading import bounded_lines
from kerege.ledger.exporting import export_lines
from kerege.ledger.importing import import_ledger
from kerege.ledger.stores.opening import open_store, view_store
from kerege.money import Asset
from kerege.translog.checkpoint import Checkpoint
from kerege.translog.leaf import salt_for
from kerege.translog.note import MAX_NOTE_BYTES

__all__ = ["audit", "export", "import_"]


@click.command()
@click.argument("url")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--salt-key",
    "salt_key_path",
    type=FILE,
    required=True,
    help="File of the log's 32-byte salt key in hexadecimal, readable by its owner only.",
)
@telling
def export(url: str, file: Path, salt_key_path: Path, output: Output) -> None:
    """Write the whole ledger at URL, as it stands now, to a new FILE.

    FILE tells every order with its salt: it is as confidential as the ledger itself.
    """
    salt_key = load_salt_key(salt_key_path)
    _check_new(file)
    with closing(view_store(url)) as store, store.snapshot() as snapshot:
        lines = export_lines(snapshot, salt_of=partial(salt_for, salt_key))
        with watched("Exporting", snapshot.leaves, weight=_is_order) as watch:
            size = _write_new(file, watch(lines))
        leaves = snapshot.leaves
    output.done(
        f"Exported: {leaves} orders, {size} bytes, to {file}.",
        file=str(file),
        orders=leaves,
        size_bytes=size,
    )


def _is_order(line: bytes) -> int:
    return line.startswith(b'["o"')


def _check_new(file: Path) -> None:
    if file.exists():
        raise KeregeError("the file exists already", place=str(file), remedy="name a new one")


def _write_new(file: Path, lines: Iterable[bytes]) -> int:
    """Write a file that appears whole or not at all; only its owner may read it."""
    draft = file.with_name(f".{file.name}.{os.getpid()}.new")
    try:
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(descriptor, "wb") as target:
                target.writelines(lines)
                target.flush()
                os.fsync(descriptor)
                size = target.tell()
            os.link(draft, file)
        finally:
            draft.unlink()
    except OSError as error:
        raise KeregeError(f"cannot be written: {error.strerror}", place=str(file)) from error
    return size


@click.command("import")
@click.argument("file", type=FILE)
@click.argument("url")
@telling
def import_(file: Path, url: str, output: Output) -> None:
    """Fill the new, empty ledger at URL from the export FILE.

    FILE is audited to its end before anything is written. If the import is interrupted after
    that, throw the half-filled ledger away and begin again.
    """
    with (
        closing(open_store(url)) as store,
        file.open("rb") as found,
        watched("Importing", 2 * file.stat().st_size) as watch,
    ):

        def from_the_beginning() -> Iterable[bytes]:
            found.seek(0)
            return watch(bounded_lines(found))

        report = import_ledger(from_the_beginning, store)
    output.done(f"Imported: {_books_told(report)}.", **_books_values(report))


@click.command()
@click.argument("file", type=FILE)
@click.option("--checkpoint", "note", type=FILE, help="A checkpoint of the log to compare with.")
@click.option("--policy", type=FILE, help="Whom to trust for the checkpoint: a tlog-policy file.")
@click.option("--log-key", help="Or the log's verifier key, or a file holding it.")
@click.option("--witness", multiple=True, help="A witness's verifier key, or a file of it.")
@click.option("--quorum", type=click.IntRange(0), help="Witnesses needed; default: all.")
@telling
def audit(
    file: Path,
    note: Path | None,
    policy: Path | None,
    log_key: str | None,
    witness: tuple[str, ...],
    quorum: int | None,
    output: Output,
) -> None:
    """Recompute every balance and the log's root from the export FILE alone."""
    if note is None and (policy or log_key or witness or quorum is not None):
        raise click.UsageError("keys and policies are for a --checkpoint")
    if note is not None and (policy is None) == (log_key is None):
        raise click.UsageError("a --checkpoint needs --log-key or --policy, to be believed")
    checkpoint = None
    if note is not None:
        trust = read_trust(policy, log_key, witness, quorum)
        checkpoint = trust.open_checkpoint(read_limited(note, MAX_NOTE_BYTES))
    with watched("Auditing", file.stat().st_size) as watch:
        report = audit_export(file, checkpoint=checkpoint, watch=watch)
    output.done(_audit_told(report, checkpoint), **_audit_values(report, checkpoint))


def _audit_told(report: FullReport, checkpoint: Checkpoint | None) -> str:
    lines = [f"Agrees: {_books_told(report.books)}."]
    for asset in report.books.totals:
        total = amount_told(asset.in_circulation, Asset(asset.asset, asset.scale))
        lines.append(f"  {total} issued, and all of it accounted for")
    lines.append(f"  root over {report.leaves} leaves: {report.root.hex()}")
    if checkpoint is None:
        lines.append("  not compared with the public log: give --checkpoint")
    else:
        lines.append(f"  the same as in the checkpoint of {checkpoint.origin}")
        newer = report.books.orders - report.leaves
        if newer:
            lines.append(f"  {newer} newer orders are not in that checkpoint: take a newer one")
    return "\n".join(lines)


def _audit_values(report: FullReport, checkpoint: Checkpoint | None) -> dict[str, object]:
    return {
        **_books_values(report.books),
        "leaves": report.leaves,
        "root": report.root.hex(),
        "checkpoint": None if checkpoint is None else checkpoint.origin,
    }


def _books_told(report: AuditReport) -> str:
    return (
        f"{report.orders} orders in {report.batches} batches, {report.transfers} transfers,"
        f" {report.cells} balances"
    )


def _books_values(report: AuditReport) -> dict[str, object]:
    totals = [
        {"asset": t.asset, "scale": t.scale, "in_circulation_minor": t.in_circulation}
        for t in report.totals
    ]
    return {
        "batches": report.batches,
        "orders": report.orders,
        "transfers": report.transfers,
        "balances": report.cells,
        "totals": totals,
    }
