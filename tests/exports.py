# SPDX-License-Identifier: Apache-2.0
"""A small export with one of everything, and what an attacker could make of it."""

import hashlib
import io
import json
from collections.abc import Iterable
from typing import Any

from kerege.ledger.account import Role, Status
from kerege.ledger.auditing import AuditReport, audit
from kerege.ledger.export_reading import bounded_lines, read_export
from kerege.ledger.exporting import export_lines
from kerege.ledger.order import DeclareAsset, Expectation, Kind, Order, Terms
from kerege.ledger.stores.interface import Store
from kerege.translog.leaf import salt_for
from tests.ledgers import World, move, resolve

__all__ = [
    "SALT_KEY",
    "audit_bytes",
    "busy_orders",
    "export_of",
    "line_of",
    "lines_of",
    "make_busy",
    "signed",
]

SALT_KEY = bytes(range(32))


def make_busy(world: World) -> list[Order]:
    """Let one of everything happen; returns orders that were decided, refused ones too."""
    world.must(DeclareAsset("XAU-G", 4))
    shop, vault = world.collector(), world.open(Role.CONVERTER)
    aru = world.holder(50_000, ceiling=60_000)
    saule = world.holder(2_000, mark=7, floor=-500)
    world.must(move(aru, shop, 1_000), move(aru, vault, 500), move(vault, aru, 500, 7))
    held, ref = world.reserve(aru, shop, 300)
    world.must(resolve(held, ref, Kind.CAPTURE_PART, 100))
    world.must(resolve(held, ref, Kind.VOID))
    world.reserve(aru, shop, 700, timeout_s=5)
    world.reserve(aru, saule, 50, timeout_s=3_600)
    world.freeze(saule, Status.CREDITS_FROZEN)
    world.clock.advance_us(6_000_000)
    orders = busy_orders(world, payer=int(aru), shop=int(shop), frozen=int(saule))
    world.ledger.post(orders)
    world.ledger.post([world.order(move(aru, shop, 1 + n)) for n in range(60)])
    world.freeze(saule, Status.OPEN)
    world.limit(aru, floor=0, ceiling=70_000)
    return orders


def busy_orders(world: World, *, payer: int, shop: int, frozen: int) -> list[Order]:
    """Orders of one batch: accepted, conditional, signed, and refused ones to be remembered."""
    expects = (Expectation(world.issuer(), version=99),)
    return [
        world.order(move(payer, shop, 11, code=4)),
        world.order(move(payer, shop, 12), evidence=b"a signed document"),
        world.order(move(payer, shop, 13), terms=Terms(valid_from_us=1, valid_until_us=2**61)),
        world.order(move(payer, shop, 10**9)),
        world.order(move(payer, frozen, 1)),
        world.order(move(payer, shop, 1), terms=Terms(expects=expects)),
        world.order(move(payer, shop, 10**9, kind=Kind.POST_UP_TO)),
        world.order(move(1, payer, 40_000)),
    ]


def export_of(store: Store) -> bytes:
    """The whole export of a store."""
    with store.snapshot() as snapshot:
        return b"".join(export_lines(snapshot, salt_of=lambda i: salt_for(SALT_KEY, i)))


def lines_of(export: bytes) -> list[bytes]:
    """Its lines, newline included."""
    return export.splitlines(keepends=True)


def line_of(fact: Any) -> bytes:
    """A fact as an export writes it."""
    return json.dumps(fact, separators=(",", ":")).encode() + b"\n"


def signed(lines: Iterable[bytes]) -> bytes:
    """`lines`, without their end, under counts and a checksum that are right for them: what an
    attacker hands over who knows the format."""
    body = [*lines]
    counts = [sum(line.startswith(b'["%c"' % kind) for line in body) for kind in b"borc"]
    checksum = hashlib.sha256(b"".join(body)).hexdigest()
    return b"".join(body) + line_of(["end", *counts, checksum])


def audit_bytes(export: bytes) -> AuditReport:
    """Audit an export held in memory."""
    return audit(read_export(bounded_lines(io.BytesIO(export))))
