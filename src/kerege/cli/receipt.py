# SPDX-License-Identifier: Apache-2.0
"""`kerege receipt`: what a receipt says, once it is seen to be true."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import click
from msgspec import to_builtins

from kerege.cli.language import speaking
from kerege.cli.lazy import EXIT_ERROR
from kerege.cli.purse import for_wallet, opened_purse
from kerege.cli.telling import Output, telling
from kerege.cli.trusting import read_trust
from kerege.errors import KeregeError
from kerege.ledger.encoding import Record, decode_record
from kerege.ledger.ids import format_account_id, format_order_id
from kerege.ledger.order import Step, Transfer
from kerege.runtime import SystemClock
from kerege.translog.policy_text import MAX_POLICY_BYTES, parse_policy
from kerege.translog.receipt import MAX_RECEIPT_BYTES, parse_receipt, verify_receipt
from kerege.translog.trust import PolicyAt

__all__ = ["receipt"]

_FILE: Final = click.Path(exists=True, dir_okay=False, path_type=Path)
_US: Final = 1_000_000


@click.group()
def receipt() -> None:
    """Verify receipts and read what they say."""


@receipt.command()
@click.argument("file", type=_FILE)
@click.option(
    "--policy", type=_FILE, required=True, help="File of the log's and witnesses' public keys."
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def verify(file: Path, policy: Path, as_json: bool) -> None:
    """Verify a receipt with public keys alone, then tell what was done. Needs no network."""
    try:
        record, index, origin = _verified(file, policy)
    except KeregeError as error:
        if not as_json:
            raise
        told = {"message": error.message, "place": error.place, "remedy": error.remedy}
        click.echo(json.dumps({"ok": False, "error": type(error).__name__, **told}))
        sys.exit(EXIT_ERROR)
    if as_json:
        click.echo(json.dumps(_told(record) | {"log": origin, "leaf": index, "ok": True}))
        return
    said = _told(record)
    click.echo(f"True: order {said['order']} of {said['time']} was accepted.")
    for step, result in zip(record.order.steps, record.results, strict=True):
        click.echo(f"  {_sentence(step, result)}")
    click.echo(f"It is leaf {index} of {origin}.")


@receipt.command()
@click.argument("order")
@click.option("--policy", type=_FILE, help="Check it with these public keys, and keep it.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write it here.")
@for_wallet
@speaking
@telling
def get(
    order: str,
    policy: Path | None,
    out: Path | None,
    purse: Path,
    wallet: str,
    language: str,
    output: Output,
) -> None:
    """Fetch the receipt of ORDER from your bank; there is one about a second after acceptance."""
    with opened_purse(purse, language) as opened:
        text = opened.line_of(wallet).receipt(order)
        if policy is not None:
            trust = read_trust(policy, None, (), None)
            opened.wallet(wallet).receipt(order, trust)
    if out is not None:
        out.write_bytes(text)
    told = f"The receipt of {order} is true." if policy else f"Receipt of {order}"
    shown = f"{told}\n{'' if out else text.decode()}".rstrip()
    output.done(shown, order=order, checked=policy is not None, receipt=text.decode())


def _verified(file: Path, policy: Path) -> tuple[Record, int, str]:
    """The record a receipt proves, its leaf's index, and the log's origin."""
    with _naming(policy):
        trust = PolicyAt(
            parse_policy(_read(policy, MAX_POLICY_BYTES)), now_s=SystemClock().now_us() // _US
        )
    with _naming(file):
        found = parse_receipt(_read(file, MAX_RECEIPT_BYTES))
        checkpoint = verify_receipt(found, trust)
        return decode_record(found.record), found.proof.index, checkpoint.origin


@contextmanager
def _naming(path: Path) -> Iterator[None]:
    """Put the file's name before the place of what is wrong in it."""
    try:
        yield
    except KeregeError as error:
        error.place = f"{path}, {error.place}" if error.place else str(path)
        raise


def _told(record: Record) -> dict[str, object]:
    at = datetime.fromtimestamp(record.at_us / _US, UTC)
    return {
        "order": format_order_id(record.order.id),
        "time": at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "steps": [
            to_builtins(step, str_keys=True) | {"kind": _kind(step)} for step in record.order.steps
        ],
        "results": list(record.results),
    }


def _sentence(step: Step, result: int) -> str:
    if not isinstance(step, Transfer):
        return f"{_kind(step)}: {result}"
    accounts = f"from {format_account_id(step.debit)} to {format_account_id(step.credit)}"
    mark = f", mark {step.mark}" if step.mark else ""
    return f"{_kind(step)}: {result} minor units {accounts}{mark}"


def _kind(step: Step) -> str:
    return step.kind.name.lower() if isinstance(step, Transfer) else type(step).__name__


def _read(path: Path, limit: int) -> bytes:
    with path.open("rb") as file:
        data = file.read(limit + 1)
    if len(data) > limit:
        raise KeregeError(f"longer than {limit} bytes")
    return data
