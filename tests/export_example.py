# SPDX-License-Identifier: Apache-2.0
"""The example of docs/formats/export.md: `python -m tests.export_example` writes it anew."""

import tempfile
from pathlib import Path

from kerege.ledger.order import Kind, Terms
from tests.exports import export_of
from tests.house.tree import ROOT
from tests.ledgers import World, move, resolve

__all__ = ["EXAMPLE", "example_export"]

EXAMPLE = ROOT / "docs/formats/export-example.jsonl"


def example_export() -> bytes:
    """The export of a small ledger, the same every time."""
    with tempfile.TemporaryDirectory() as folder:
        world = World(Path(folder) / "ledger")
        _fill(world)
        export = export_of(world.store)
        world.ledger.close()
        return export


def _fill(world: World) -> None:
    """Account 1 issues; 2 is a shop, 3 and 4 are people; 7 marks money for school meals."""
    shop, aru, daniyar = world.collector(), world.holder(ceiling=500_000), world.holder()
    world.must(move(1, aru, 100_000), move(1, daniyar, 30_000, 7))
    world.clock.advance_us(1_500_000)
    pays = world.order(move(aru, shop, 12_050, code=5411))
    signed = world.order(move(daniyar, shop, 700, 7), evidence=b"a signed document")
    too_much = world.order(move(aru, shop, 90_000), terms=Terms(valid_until_us=2 * 10**15))
    world.ledger.post([pays, signed, too_much])
    held, ref = world.reserve(aru, shop, 5_000, timeout_s=600)
    world.must(resolve(held, ref, Kind.CAPTURE, 4_200))
    world.reserve(aru, daniyar, 1_000, timeout_s=60)
    world.clock.advance_us(61_000_000)
    world.must(move(daniyar, shop, 10**6, 7, kind=Kind.POST_UP_TO))
    world.reserve(aru, shop, 250, timeout_s=3_600)


if __name__ == "__main__":
    EXAMPLE.write_bytes(example_export())
