# SPDX-License-Identifier: Apache-2.0
"""`kerege bank`: run an intermediary's node."""

from pathlib import Path

import click

__all__ = ["bank"]


@click.group()
def bank() -> None:
    """A bank's node: customers, wallets, deposits, payments."""


@bank.command()
@click.argument("settings", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def serve(settings: Path) -> None:
    """Serve the bank of SETTINGS (bank.toml) until told to stop (SIGTERM, SIGINT).

    Any number of these may serve one database; each needs its own `listen`.
    """
    # Late: the framework and the databases' drivers take half a second to import.
    from kerege.bank.node import open_node
    from kerege.bank.settings import read_settings
    from kerege.runtime import SystemClock
    from kerege.service import Server, configure_logs, listen_on

    found = read_settings(settings)
    configure_logs(now_us=SystemClock().now_us)
    listener = listen_on(found.listen, shared=found.shared)
    node = open_node(found)
    try:
        node.start()
        Server(
            node.app,
            listener,
            on_ready=lambda url: click.echo(f"bank {found.bank} listening on {url}"),
            on_stopping=node.parts.bell.close,
        ).run()
    finally:
        node.close()
    click.echo(f"bank {found.bank} stopped")
