# SPDX-License-Identifier: Apache-2.0
"""`kerege receipt`: what a receipt says, once it is seen to be true."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import click
from msgspec import to_builtins

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
    trust = PolicyAt(
        parse_policy(_read(policy, MAX_POLICY_BYTES)), now_s=SystemClock().now_us() // _US
    )
    found = parse_receipt(_read(file, MAX_RECEIPT_BYTES))
    checkpoint = verify_receipt(found, trust)
    record = decode_record(found.record)
    told = _told(record) | {"log": checkpoint.origin, "leaf": found.proof.index}
    if as_json:
        click.echo(json.dumps(told | {"ok": True}))
        return
    click.echo(f"True: order {told['order']} of {told['time']} was accepted.")
    for step, result in zip(record.order.steps, record.results, strict=True):
        click.echo(f"  {_sentence(step, result)}")
    click.echo(f"It is leaf {found.proof.index} of {checkpoint.origin}.")


def _told(record: Record) -> dict[str, object]:
    at = datetime.fromtimestamp(record.at_us / _US, UTC)
    return {
        "order": format_order_id(record.order.id),
        "time": at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "steps": [
            {"kind": _kind(step), **to_builtins(step, str_keys=True)} for step in record.order.steps
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
        raise KeregeError(f"longer than {limit} bytes", place=str(path))
    return data
