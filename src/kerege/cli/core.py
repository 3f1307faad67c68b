# SPDX-License-Identifier: Apache-2.0
"""`kerege core`: run the central bank's node."""

from pathlib import Path

import click

__all__ = ["core"]

_FILE = click.Path(dir_okay=False, path_type=Path)


@click.group()
def core() -> None:
    """Run the central bank's core node."""


@core.command()
@click.argument("settings", type=_FILE)
@click.option("--quiet", is_flag=True, help="Log warnings and faults only.")
def serve(settings: Path, quiet: bool) -> None:
    """Serve until told to stop (SIGTERM, SIGINT). SETTINGS is the node's core.toml.

    Any number of processes may serve one PostgreSQL; a ledger in an SQLite file has one. Prints
    where it listens; logs as JSON lines on stderr.
    """
    from kerege.cli.core_serving import serve_core

    serve_core(settings, quiet=quiet)
