# SPDX-License-Identifier: Apache-2.0
"""A stage for benchmarks that need no server."""

from pathlib import Path

from benchmarks.registry import Stage
from tests.postgres import Server

__all__ = ["quick_stage"]


def _no_server() -> Server:
    raise AssertionError("nobody asked for a server")


def quick_stage(folder: Path) -> Stage:
    """A stage of quick sizes in `folder`, which is also what its run shares."""
    return Stage(quick=True, seed=1, folder=folder, shared=folder, postgres=_no_server)
