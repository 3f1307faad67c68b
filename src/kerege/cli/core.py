# SPDX-License-Identifier: Apache-2.0
"""`kerege core`: run the central bank's node; act at it as one of its staff."""

from pathlib import Path

import click

from kerege.cli.lazy import LazyGroup

__all__ = ["core"]

_FILE = click.Path(dir_okay=False, path_type=Path)


@click.group(
    cls=LazyGroup,
    commands_by_name={
        "approve": "kerege.cli.core_approve:approve",
        "proposals": "kerege.cli.core_approve:proposals",
        "propose": "kerege.cli.core_propose:propose",
    },
)
def core() -> None:
    """Run the central bank's core node, or act at it as one of its staff.

    What the staff does takes two: one proposes, another approves.
    """


@core.command()
@click.argument("settings", type=_FILE)
@click.option("--quiet", is_flag=True, help="Log warnings and faults only.")
def serve(settings: Path, quiet: bool) -> None:
    """Serve until told to stop (SIGTERM, SIGINT). SETTINGS is the node's core.toml.

    Any number of processes may serve one PostgreSQL; a ledger in an SQLite file has one. Prints
    where it listens; logs as JSON lines on stderr.
    """
    # Late: it takes as long as starting, and help needs none of it.
    from kerege.cli.core_serving import serve_core

    serve_core(settings, quiet=quiet)
