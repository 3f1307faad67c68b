# SPDX-License-Identifier: Apache-2.0
"""Proves a country's supply: what the central bank says, against its whole ledger, recomputed, and
against the log that witnesses signed."""

import tempfile
from collections.abc import Callable, Iterable
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Final

from msgspec import Struct

from kerege.centralbank.audit import FullReport, audit_export
from kerege.centralbank.core_settings import read_core_settings
from kerege.errors import KeregeError
from kerege.keys import load_salt_key
from kerege.ledger.exporting import export_lines
from kerege.ledger.stores.opening import view_store
from kerege.runtime import Clock
from kerege.sandbox.country import Country
from kerege.sandbox.looking import Money, believed_log, money_of
from kerege.sandbox.run_file import RunState
from kerege.translog.checkpoint import Checkpoint
from kerege.translog.leaf import salt_for

__all__ = ["Proven", "SupplyNotProven", "prove_supply"]

_TRIES: Final = 3
"""Money may be issued between the central bank's answer and the export."""

Watch = Callable[[Iterable[bytes]], Iterable[bytes]]


class SupplyNotProven(KeregeError):
    """The figures do not agree."""


class Proven(Struct, frozen=True, kw_only=True):
    """Figures that agree: `money` as the core tells it; the ledger's `orders` and `transfers`, all
    recomputed; the log's `leaves` under the checkpoint that `witnesses` signed."""

    money: Money
    orders: int
    transfers: int
    leaves: int
    origin: str
    root: str
    witnesses: int


def prove_supply(country: Country, state: RunState, clock: Clock, *, watch: Watch = iter) -> Proven:
    """Export the core's ledger as an auditor would be given it, recompute it, compare.

    Raises `SupplyNotProven`, `ExportFault`, or what asking and verifying raise.
    """
    for _ in range(_TRIES):
        money = money_of(country, state)
        checkpoint, witnesses = believed_log(country, state, clock)
        report = _audited(country, checkpoint, watch)
        held = next((t for t in report.books.totals if t.asset == money.asset), None)
        if held is not None and held.in_circulation == money.circulating:
            break
    else:
        raise SupplyNotProven(
            f"the central bank says {money.circulating} minor units circulate, its ledger says "
            f"{held.in_circulation if held else 0}",
            place="supply",
            remedy="keep the export and the checkpoint, and ask why",
        )
    if money.reserves < money.circulating:
        raise SupplyNotProven(
            f"{money.circulating} minor units circulate, and only {money.reserves} stand behind",
            place="supply",
        )
    return Proven(
        money=money,
        orders=report.books.orders,
        transfers=report.books.transfers,
        leaves=report.leaves,
        origin=checkpoint.origin,
        root=report.root.hex(),
        witnesses=witnesses,
    )


def _audited(country: Country, checkpoint: Checkpoint, watch: Watch) -> FullReport:
    settings = read_core_settings(country.central_bank / "core.toml")
    salt_key = load_salt_key(settings.path(settings.keys.salt))
    with tempfile.TemporaryDirectory(prefix="kerege-supply-") as folder:
        # An export tells every order: the folder is its owner's alone, and goes at once.
        path = Path(folder) / "export.jsonl"
        with (
            closing(view_store(settings.database_url(settings.ledger))) as store,
            store.snapshot() as snapshot,
            path.open("wb") as file,
        ):
            file.writelines(export_lines(snapshot, salt_of=partial(salt_for, salt_key)))
        return audit_export(path, checkpoint=checkpoint, watch=watch)
