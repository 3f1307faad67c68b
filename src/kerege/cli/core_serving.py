# SPDX-License-Identifier: Apache-2.0
"""What `kerege core serve` does: kept apart, for importing it takes as long as starting."""

import logging
from pathlib import Path

import click

from kerege.centralbank.core_settings import read_core_settings
from kerege.centralbank.node import CoreNode
from kerege.runtime import SystemClock, SystemRandomness
from kerege.service import Server, configure_logs, listen_on

__all__ = ["serve_core"]


def serve_core(path: Path, *, quiet: bool = False) -> None:
    """Serve the core that `path` describes until a signal. Raises `KeregeError`."""
    clock = SystemClock()
    configure_logs(now_us=clock.now_us, level=logging.WARNING if quiet else logging.INFO)
    settings = read_core_settings(path)
    with listen_on(settings.listen, shared=settings.shared) as listener:
        node = CoreNode(
            settings,
            clock=clock,
            randomness=SystemRandomness(),
            authority=lambda: settings.authority(server.authority),
        )
        try:
            server = Server(node.app, listener, on_ready=_tell, on_stopping=node.stop_streams)
            node.start()
            server.run()
        finally:
            node.close()
    click.echo("core stopped")


def _tell(url: str) -> None:
    click.echo(f"core listening on {url}")
