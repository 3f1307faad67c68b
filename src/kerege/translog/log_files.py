# SPDX-License-Identifier: Apache-2.0
"""The files of a log, written so that a crash at any instant leaves a whole log.

Shell. Each file is written beside its place, flushed, moved into its place, and its folder
flushed; only then is anything published that needs it. Any web server can serve the folder.
"""

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor

from kerege.translog.files import Files, folders_of, parent_of
from kerege.translog.tiles import CHECKPOINT_PATH, MissingFileError, Tile

__all__ = ["LogStore", "write_durably"]

FLUSH_THREADS = 16
"""Files flushed at once: a disk settles many in the time of one."""

TEMPORARY_SUFFIX = ".tmp"
"""One name per file is enough, as a log has one writer; a crash's leftovers are overwritten."""


def write_durably(files: Files, path: str, data: bytes) -> None:
    """Write one file whole or not at all; when this returns, it survives a crash."""
    _make_folders(files, path)
    temporary = path + TEMPORARY_SUFFIX
    files.write(temporary, data)
    files.sync(temporary)
    files.rename(temporary, path)
    files.sync_folder(parent_of(path))


class LogStore:
    """Tiles and checkpoint of one log, in `files`."""

    def __init__(self, files: Files, *, flush_threads: int = FLUSH_THREADS) -> None:
        """Use `files`. Without `flush_threads` all is done in one order, for simulations."""
        self._files = files
        self._flush_threads = flush_threads

    def lock(self) -> None:
        """Become the log's only writer."""
        self._files.lock()

    def read(self, path: str, /) -> bytes:
        """Return a file of the log (this makes the store a `TileReader`)."""
        return self._files.read(path)

    def read_checkpoint(self) -> bytes | None:
        """Return the published checkpoint; `None` before the first."""
        try:
            return self._files.read(CHECKPOINT_PATH)
        except MissingFileError:
            return None

    def write_checkpoint(self, note: bytes) -> None:
        """Publish a signed checkpoint; all its tiles are durable already."""
        write_durably(self._files, CHECKPOINT_PATH, note)

    def write_tiles(self, tiles: Iterable[tuple[Tile, bytes]]) -> list[Tile]:
        """Write tiles as they are produced and return them, once all survive a crash.

        A tile beyond the last checkpoint may exist from before a crash: it is replaced in one step.
        """
        made: set[str] = set()
        paths: list[str] = []
        written: list[Tile] = []
        for tile, data in tiles:
            path = tile.path
            if (folder := parent_of(path)) not in made:
                _make_folders(self._files, path)
                made.add(folder)
            self._files.write(path + TEMPORARY_SUFFIX, data)
            paths.append(path)
            written.append(tile)
        self._flush([path + TEMPORARY_SUFFIX for path in paths])
        for path in paths:
            self._files.rename(path + TEMPORARY_SUFFIX, path)
        for folder in sorted(made):
            self._files.sync_folder(folder)
        return written

    def _flush(self, paths: Sequence[str]) -> None:
        if len(paths) <= 1 or not self._flush_threads:
            self._flush_in_turn(paths)
            return
        shares = [paths[first :: self._flush_threads] for first in range(self._flush_threads)]
        with ThreadPoolExecutor(self._flush_threads) as pool:
            # Taking the results raises the first failure.
            list(pool.map(self._flush_in_turn, filter(None, shares)))

    def _flush_in_turn(self, paths: Sequence[str]) -> None:
        for path in paths:
            self._files.sync(path)

    def drop_partials(self, tiles: Iterable[Tile]) -> None:
        """Remove the partial tiles of full `tiles`.

        Logs "MAY delete any partial tile once the corresponding full tile is available"; without
        it a quiet log would gather 255 small files for each tile.
        """
        for tile in tiles:
            folder = f"{tile.full.path}.p"
            for name in self._files.names(folder):
                self._files.remove(f"{folder}/{name}")
            self._files.remove(folder)


def _make_folders(files: Files, path: str) -> None:
    # A new folder's own name must survive as well. A folder that is there may be a crash's
    # leftover whose name was never flushed, so its parent is flushed again: once a batch.
    for folder in folders_of(path):
        files.make_folder(folder)
        files.sync_folder(parent_of(folder))
