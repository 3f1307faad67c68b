# SPDX-License-Identifier: Apache-2.0
"""`kerege log`: check, prove, follow and copy a tamper-evident log."""

import sys
from collections.abc import Callable
from contextlib import AbstractContextManager, closing, nullcontext
from functools import update_wrapper
from pathlib import Path
from typing import Any

import click

from kerege.cli.lazy import EXIT_ERROR, LazyGroup
from kerege.cli.telling import Output
from kerege.cli.trusting import FILE, read_limited, read_trust
from kerege.errors import KeregeError
from kerege.translog.files import DiskFiles
from kerege.translog.follow import LogFollower
from kerege.translog.fsck import check_log
from kerege.translog.http_files import HttpFiles
from kerege.translog.log_files import write_durably
from kerege.translog.mirror import mirror_log
from kerege.translog.proof import (
    MAX_PROOF_BYTES,
    ProofFormatError,
    format_proof,
    parse_proof,
    verify_proof,
)
from kerege.translog.receipt import (
    MAX_RECEIPT_BYTES,
    MAX_RECORD_BYTES,
    Receipt,
    format_receipt,
    parse_receipt,
    verify_receipt,
)
from kerege.translog.tiles import TileReader
from kerege.translog.tree import hash_leaf
from kerege.translog.trust import PolicyAt

__all__ = ["log"]


Command = Callable[..., Any]


@click.group(cls=LazyGroup, commands_by_name={"witness": "kerege.cli.witness:witness"})
def log() -> None:
    """Check, prove, follow and copy a tamper-evident log.

    LOG is a folder or an http(s) URL that holds the files of C2SP tlog-tiles.
    """


def _trust_options(command: Command) -> Command:
    """Add the options that say whom to trust, and `--json`; pass `trust` and `output`."""

    def run(
        policy: Path | None,
        key: str | None,
        witness: tuple[str, ...],
        quorum: int | None,
        as_json: bool,
        **rest: Any,
    ) -> None:
        output = Output(as_json)
        try:
            trust = read_trust(policy, key, witness, quorum)
            command(trust=trust, output=output, **rest)
        except KeregeError as error:
            if not as_json:
                raise
            output.failed(error)
            sys.exit(EXIT_ERROR)

    for option in (
        click.option("--json", "as_json", is_flag=True, help="Print one JSON object."),
        click.option("--quorum", type=click.IntRange(0), help="Witnesses needed; default: all."),
        click.option("--witness", multiple=True, help="A witness's verifier key, or a file of it."),
        click.option("--key", help="The log's verifier key, or a file holding it."),
        click.option("--policy", type=FILE, help="A tlog-policy file instead of keys."),
    ):
        run = option(run)
    return update_wrapper(run, command)


@log.command()
@click.argument("file", type=FILE)
@click.option(
    "--entry",
    type=FILE,
    help="The logged entry, if FILE is a bare tlog-proof.",
)
@_trust_options
def verify(file: Path, entry: Path | None, trust: PolicyAt, output: Output) -> None:
    """Verify a receipt, or a tlog-proof with the entry it is about. Needs no network."""
    data = read_limited(file, MAX_RECEIPT_BYTES)
    if entry is None and data.startswith(b"c2sp.org/tlog-proof"):
        raise ProofFormatError(
            "a tlog-proof does not hold the entry it is about",
            place=str(file),
            remedy="give the entry's bytes with --entry FILE",
        )
    if entry is None:
        receipt = parse_receipt(data)
        proof, checkpoint = receipt.proof, verify_receipt(receipt, trust)
    else:
        proof = parse_proof(data)
        leaf = hash_leaf(read_limited(entry, MAX_RECORD_BYTES))
        checkpoint = verify_proof(proof, leaf_hash=leaf, policy=trust)
    output.done(
        f"Valid: leaf {proof.index} of {checkpoint.origin}, in a checkpoint of "
        f"{checkpoint.size} leaves that the policy accepts.",
        origin=checkpoint.origin,
        index=proof.index,
        size=checkpoint.size,
        root=checkpoint.root.hex(),
    )


@log.command()
@click.argument("location", metavar="LOG")
@click.argument("index", type=click.IntRange(0))
@click.option("--record", type=FILE, help="The record the leaf commits to.")
@click.option("--salt", metavar="HEX", help="The record's 16-byte salt.")
@click.option("--output", "target", type=click.Path(path_type=Path), help="Default: print it.")
@_trust_options
def prove(
    location: str,
    index: int,
    record: Path | None,
    salt: str | None,
    target: Path | None,
    trust: PolicyAt,
    output: Output,
) -> None:
    """Make a tlog-proof for leaf INDEX, or with --record and --salt a whole receipt."""
    if (record is None) != (salt is None):
        raise click.UsageError("--record and --salt go together")
    with _open_log(location) as reader:
        follower = LogFollower(reader, trust)
        follower.refresh()
        proof = follower.prove(index)
        entry = follower.entry(index)
    if record is None or salt is None:
        data = format_proof(proof)
        verify_proof(parse_proof(data), leaf_hash=hash_leaf(entry), policy=trust)
    else:
        receipt = Receipt(read_limited(record, MAX_RECORD_BYTES), _read_salt(salt), proof)
        data = format_receipt(receipt)
        verify_receipt(parse_receipt(data), trust)
    if target is None:
        output.done(data.decode().rstrip("\n"), index=index, proof=data.decode())
        return
    write_durably(DiskFiles(target.absolute().parent), target.name, data)
    output.done(f"Leaf {index}: written to {target}.", index=index, file=str(target))


@log.command()
@click.argument("location", metavar="LOG")
@click.option(
    "--state",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="File that keeps the newest checkpoint seen; made at the first run.",
)
@_trust_options
def check(location: str, state: Path, trust: PolicyAt, output: Output) -> None:
    """Check that LOG still continues the checkpoint seen last, and remember the newest."""
    known = read_limited(state, MAX_PROOF_BYTES) if state.exists() else None
    with _open_log(location) as reader:
        follower = LogFollower(reader, trust, known=known)
        old = follower.checkpoint
        new = follower.refresh()
    if follower.note is not None and follower.note != known:
        write_durably(DiskFiles(state.absolute().parent), state.name, follower.note)
    since = f"continues the {old.size} leaves seen before" if old else "is seen for the first time"
    output.done(
        f"Consistent: {new.origin} has {new.size} leaves and {since}.",
        origin=new.origin,
        old_size=old.size if old else None,
        size=new.size,
        root=new.root.hex(),
    )


@log.command()
@click.argument("location", metavar="LOG")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@_trust_options
def mirror(location: str, folder: Path, trust: PolicyAt, output: Output) -> None:
    """Copy LOG into FOLDER, checking every file. Run again to go on or to catch up."""
    files = DiskFiles(folder)
    with _open_log(location) as reader, _Progress("Copying") as progress:
        try:
            report = mirror_log(reader, files, trust, progress=progress)
        finally:
            files.unlock()
    output.done(
        f"Complete: {report.checkpoint.size} leaves; {report.fetched} files fetched, "
        f"{report.kept} already there.",
        size=report.checkpoint.size,
        fetched=report.fetched,
        kept=report.kept,
    )


@log.command()
@click.argument("location", metavar="LOG")
@_trust_options
def fsck(location: str, trust: PolicyAt, output: Output) -> None:
    """Recompute LOG from its entries and compare every file, naming the first wrong bytes."""
    with _open_log(location) as reader, _Progress("Checking") as progress:
        report = check_log(reader, trust, progress=progress)
    output.done(
        f"Whole: {report.checkpoint.size} leaves and the checkpoint "
        f"(bundles: {report.bundles}, tiles: {report.tiles}).",
        size=report.checkpoint.size,
        bundles=report.bundles,
        tiles=report.tiles,
        root=report.checkpoint.root.hex(),
    )


class _Progress:
    """A bar on stderr while a person watches; nothing otherwise."""

    def __init__(self, label: str) -> None:
        self._label = label
        self._shown = 0
        self._bar: Any = None  # click does not export the type of its bar

    def __enter__(self) -> "_Progress":
        return self

    def __call__(self, done: int, total: int) -> None:
        if self._bar is None:
            self._bar = click.progressbar(
                length=total, label=self._label, file=sys.stderr, hidden=not sys.stderr.isatty()
            )
            self._bar.__enter__()
        self._bar.update(done - self._shown)
        self._shown = done

    def __exit__(self, *exception: object) -> None:
        if self._bar is not None:
            self._bar.__exit__(None, None, None)


def _open_log(location: str) -> AbstractContextManager[TileReader]:
    if "://" in location:
        return closing(HttpFiles(location))
    folder = Path(location)
    if not folder.is_dir():
        raise KeregeError(
            "there is no such folder", place=location, remedy="give a folder or an http(s) URL"
        )
    return nullcontext(DiskFiles(folder))


def _read_salt(text: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError as error:
        raise KeregeError("a salt is written in hexadecimal", place="--salt") from error
