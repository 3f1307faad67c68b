# SPDX-License-Identifier: Apache-2.0
"""`kerege ledger`: ask a ledger. Carrying it elsewhere and auditing it is in `ledger_export.py`."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import click

from kerege.cli.amounts import Instant, amount_told, amount_values, instant_told
from kerege.cli.lazy import LazyGroup
from kerege.cli.telling import Output, telling
from kerege.errors import KeregeError
from kerege.ledger.account import Cell, Status
from kerege.ledger.ids import (
    MAX_MARK,
    UNMARKED,
    AccountId,
    Mark,
    format_account_id,
    format_order_id,
    parse_account_id,
    parse_order_id,
)
from kerege.ledger.ledger import MAX_STATEMENT, Ledger
from kerege.ledger.outcome import Outcome
from kerege.ledger.stored import AccountInfo, Movement
from kerege.ledger.stores.opening import view_store
from kerege.money import Asset
from kerege.runtime.clock import SystemClock

__all__ = ["ledger"]

_ELSEWHERE = "kerege.cli.ledger_export"
_MARK = click.IntRange(0, MAX_MARK)


@click.group(
    cls=LazyGroup,
    commands_by_name={
        "audit": f"{_ELSEWHERE}:audit",
        "export": f"{_ELSEWHERE}:export",
        "import": f"{_ELSEWHERE}:import_",
    },
)
def ledger() -> None:
    """Ask a ledger, carry it elsewhere, recompute it from an export alone.

    URL names the ledger's database: sqlite:///file.db is a file here, sqlite:////folder/file.db
    one at an absolute path. Questions are answered while another process writes the ledger.
    """


class _Desk:
    """A ledger opened for questions, and the scales of its assets."""

    def __init__(self, url: str) -> None:
        store = view_store(url)
        self.ledger = Ledger(store, SystemClock().now_us)
        self._assets = {code: Asset(code, scale) for code, scale in store.assets()}

    def account(self, account_id: AccountId) -> tuple[AccountInfo, Asset]:
        info = self.ledger.account(account_id)
        return info, self._assets[info.account.asset]


@contextmanager
def _asking(url: str) -> Iterator[_Desk]:
    desk = _Desk(url)
    with closing(desk.ledger):
        yield desk


@ledger.command()
@click.argument("url")
@click.argument("account", metavar="ACCOUNT")
@click.option("--at", "at_us", type=Instant(), help="As it stood then; ISO 8601 with a time zone.")
@telling
def balance(url: str, account: str, at_us: int | None, output: Output) -> None:
    """Balances of ACCOUNT (such as acc_42), one for each mark its money has."""
    account_id = parse_account_id(account)
    with _asking(url) as desk:
        _, asset = desk.account(account_id)
        cells = desk.ledger.cells(account_id)
        if at_us is not None:
            cells = {m: desk.ledger.cell_at((account_id, m), at_us=at_us) for m in cells}
    told = [_cell_told(mark, cell, asset) for mark, cell in cells.items()]
    values = [{"mark": mark, **_cell_values(cell, asset)} for mark, cell in cells.items()]
    output.done("\n".join(told), account=account, asset=asset.code, at_us=at_us, balances=values)


def _cell_told(mark: Mark, cell: Cell, asset: Asset) -> str:
    parts = [f"{_mark_told(mark)}: {amount_told(cell.balance, asset)}"]
    if cell.debits_pending:
        parts.append(f"{amount_told(cell.debits_pending, asset)} reserved to leave")
    if cell.credits_pending:
        parts.append(f"{amount_told(cell.credits_pending, asset)} may still arrive")
    return ", ".join(parts)


def _cell_values(cell: Cell, asset: Asset) -> dict[str, Any]:
    return {
        "balance": amount_values(cell.balance, asset),
        "debits_pending": amount_values(cell.debits_pending, asset),
        "credits_pending": amount_values(cell.credits_pending, asset),
        "version": cell.version,
    }


def _mark_told(mark: Mark) -> str:
    return "unmarked" if mark == UNMARKED else f"mark {mark}"


@ledger.command()
@click.argument("url")
@click.argument("account", metavar="ACCOUNT")
@click.option("--mark", type=_MARK, default=0, show_default=True, help="0: unmarked money.")
@click.option("--before", type=click.IntRange(1), help="Older than this: the last page's cursor.")
@click.option("--limit", type=click.IntRange(1, MAX_STATEMENT), default=20, show_default=True)
@telling
def statement(
    url: str, account: str, mark: int, before: int | None, limit: int, output: Output
) -> None:
    """Movements of ACCOUNT with running balances, newest first."""
    key = (parse_account_id(account), Mark(mark))
    with _asking(url) as desk:
        _, asset = desk.account(key[0])
        movements = desk.ledger.statement(key, before_seq=before, limit=limit)
    more = movements[-1].seq if len(movements) == limit else None
    lines = [_movement_told(movement, asset) for movement in movements]
    lines += [f"older ones: --before {more}"] if more else [] if lines else ["no movements"]
    values = [_movement_values(movement, asset) for movement in movements]
    output.done(
        "\n".join(lines),
        account=account,
        asset=asset.code,
        mark=mark,
        movements=values,
        before=more,
    )


def _movement_told(movement: Movement, asset: Asset) -> str:
    held = f" ({amount_told(movement.held, asset)} held)" if movement.held else ""
    way = "to" if movement.is_debit else "from"
    return (
        f"{instant_told(movement.at_us)}  {movement.kind.name:<12}"
        f" {amount_told(movement.change, asset)}{held}"
        f" {way} {format_account_id(movement.counterparty)}"
        f"  balance {amount_told(movement.after.balance, asset)}"
        f"  {format_order_id(movement.order_id)}"
    )


def _movement_values(movement: Movement, asset: Asset) -> dict[str, Any]:
    return {
        "seq": movement.seq,
        "order_id": format_order_id(movement.order_id),
        "at_us": movement.at_us,
        "kind": movement.kind.name,
        "counterparty": format_account_id(movement.counterparty),
        "change": amount_values(movement.change, asset),
        "held": amount_values(movement.held, asset),
        "code": movement.code,
        "after": _cell_values(movement.after, asset),
    }


@ledger.command("account")
@click.argument("url")
@click.argument("account", metavar="ACCOUNT")
@telling
def show_account(url: str, account: str, output: Output) -> None:
    """The rules ACCOUNT lives under: role, limits, what is frozen."""
    account_id = parse_account_id(account)
    with _asking(url) as desk:
        info, asset = desk.account(account_id)
    found = info.account
    floor = "none" if found.floor is None else amount_told(found.floor, asset)
    ceiling = "none" if found.ceiling is None else amount_told(found.ceiling, asset)
    status = _status_told(found.status)
    output.done(
        f"{account} of {info.owner}: {found.role.name.lower()} of {found.asset}, {status}\n"
        f"opened {instant_told(info.opened_at_us)}, floor {floor}, ceiling {ceiling}",
        account=account,
        owner=info.owner,
        asset=found.asset,
        role=found.role.name,
        status=status,
        floor=None if found.floor is None else amount_values(found.floor, asset),
        ceiling=None if found.ceiling is None else amount_values(found.ceiling, asset),
        opened_at_us=info.opened_at_us,
    )


def _status_told(status: Status) -> str:
    names = [(flag.name or "").lower().replace("_", " ") for flag in Status if flag & status]
    return ", ".join(names) or "open"


@ledger.command()
@click.argument("url")
@click.argument("order_id", metavar="ORDER_ID")
@telling
def order(url: str, order_id: str, output: Output) -> None:
    """What became of ORDER_ID (ord_ and 32 digits)."""
    wanted = parse_order_id(order_id)
    with _asking(url) as desk:
        outcome, accepted = desk.ledger.outcome(wanted), desk.ledger.accepted(wanted)
    if outcome is None:
        raise KeregeError(
            "this ledger never decided that order",
            place=order_id,
            remedy="check the id; an order that was malformed is not remembered",
        )
    leaf = None if accepted is None or accepted.leaf < 0 else accepted.leaf
    output.done(
        _outcome_told(outcome, leaf),
        order_id=order_id,
        accepted=outcome.accepted,
        refusal=None if outcome.refusal is None else outcome.refusal.name,
        at_us=outcome.at_us,
        results=list(outcome.results),
        step=outcome.step,
        found=outcome.found,
        limit=outcome.limit,
        leaf=leaf,
    )


def _outcome_told(outcome: Outcome, leaf: int | None) -> str:
    when = instant_told(outcome.at_us)
    if outcome.refusal is not None:
        where = f"step {outcome.step}" if outcome.step >= 0 else "the order as a whole"
        figures = f" ({outcome.found} against {outcome.limit})" if outcome.limit else ""
        return f"refused {when}: {outcome.refusal.name}, {where}{figures}"
    place = "not in the log yet" if leaf is None else f"leaf {leaf} of the log"
    return f"accepted {when}, {place}, results {', '.join(map(str, outcome.results))}"
