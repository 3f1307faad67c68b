# SPDX-License-Identifier: Apache-2.0
"""`/log/...`: the public log as C2SP tlog-tiles wants it served.

Only names that a log's files have are looked up, so no other file of the machine can be asked for.
A web server in front may serve the folder as well.
"""

import asyncio
from typing import Annotated, Final

from litestar import Response, Router, get
from litestar.params import PathParameter

from kerege.service import Problem
from kerege.translog.log_files import LogStore
from kerege.translog.tiles import CHECKPOINT_PATH, MissingFileError, TileError, parse_tile_path

__all__ = ["log_routes"]

_BINARY: Final = "application/octet-stream"
_TEXT: Final = "text/plain"
_FOREVER: Final = "public, max-age=31536000, immutable"
"""A tile's content never changes."""

_FRESH: Final = "no-cache"
"""The checkpoint does, several times a second."""


def log_routes(log: LogStore) -> Router:
    """The routes; for anyone."""

    @get("/checkpoint", media_type=_TEXT)
    async def read_checkpoint() -> Response[bytes]:
        """The newest signed and cosigned checkpoint (C2SP tlog-checkpoint)."""
        return await _file(CHECKPOINT_PATH, _TEXT, _FRESH)

    @get("/tile/{path:path}", media_type=_BINARY)
    async def read_tile(
        path: Annotated[str, PathParameter(description="As in C2SP tlog-tiles.")],
    ) -> Response[bytes]:
        """A tile of hashes or a bundle of entries (C2SP tlog-tiles)."""
        name = f"tile{path}" if path.startswith("/") else f"tile/{path}"
        try:
            parse_tile_path(name)
        except TileError:
            raise Problem("not_found", "no file of a log has this name") from None
        return await _file(name, _BINARY, _FOREVER)

    async def _file(path: str, media_type: str, caching: str) -> Response[bytes]:
        try:
            content = await asyncio.to_thread(log.read, path)
        except MissingFileError:
            raise Problem("not_found", "the log has no such file (yet)") from None
        return Response(content, media_type=media_type, headers={"cache-control": caching})

    return Router("/log", route_handlers=[read_checkpoint, read_tile], tags=["log"])
