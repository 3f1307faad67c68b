# SPDX-License-Identifier: Apache-2.0
"""Entry bundles of C2SP tlog-tiles: up to 256 entries in one file.

Pure. "Entry bundles are sequences of big-endian uint16 length-prefixed log entries."
"""

from collections.abc import Sequence

from kerege.translog.tiles import TILE_WIDTH, TileError

__all__ = ["MAX_BUNDLE_BYTES", "MAX_ENTRY_BYTES", "format_bundle", "parse_bundle"]

LENGTH_BYTES = 2

MAX_ENTRY_BYTES = 2**16 - 1
"""Bytes of one entry: what the uint16 length can say."""

MAX_BUNDLE_BYTES = TILE_WIDTH * (LENGTH_BYTES + MAX_ENTRY_BYTES)
"""Bytes of a full bundle of the longest entries: 16 MiB. A reader never takes more."""


def format_bundle(entries: Sequence[bytes]) -> bytes:
    """Return the bundle of 1 to 256 entries; raises `TileError` if one is too long."""
    if not 1 <= len(entries) <= TILE_WIDTH:
        raise TileError(f"a bundle holds 1 to 256 entries, not {len(entries)}")
    sizes = [len(entry) for entry in entries]
    if max(sizes) > MAX_ENTRY_BYTES:
        position = next(at for at, size in enumerate(sizes) if size > MAX_ENTRY_BYTES)
        raise TileError(
            f"an entry has {sizes[position]} bytes; a bundle takes at most {MAX_ENTRY_BYTES}",
            place=f"entry {position} of the bundle",
        )
    if min(sizes) == max(sizes):
        # Salted commitments are all of one length: one join, which matters at 300 000 a second.
        prefix = sizes[0].to_bytes(LENGTH_BYTES, "big")
        return prefix + prefix.join(entries)
    prefixes = [size.to_bytes(LENGTH_BYTES, "big") for size in sizes]
    return b"".join([piece for pair in zip(prefixes, entries, strict=True) for piece in pair])


def parse_bundle(data: bytes, *, width: int, place: str) -> list[bytes]:
    """Return the `width` entries that are all there is in `data`.

    Raises `TileError` with `place` and the byte offset.
    """
    entries = []
    at = 0
    for position in range(width):
        start = at + LENGTH_BYTES
        end = start + int.from_bytes(data[at:start], "big")
        if start > len(data) or end > len(data):
            raise TileError(
                f"entry {position} of {width} is cut off at byte {len(data)}",
                place=f"{place}, byte {at}",
            )
        entries.append(data[start:end])
        at = end
    if at != len(data):
        raise TileError(
            f"{len(data) - at} bytes follow the last of {width} entries",
            place=f"{place}, byte {at}",
        )
    return entries
