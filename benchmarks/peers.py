# SPDX-License-Identifier: Apache-2.0
"""Figures of others that cannot be run here, as they were given to us, for scale."""

from typing import NamedTuple

__all__ = ["PEERS", "Peer"]


class Peer(NamedTuple):
    """A figure that this run did not measure."""

    name: str
    figure: str
    unit: str


PEERS = (
    Peer("TigerBeetle, Python client, from objects", "65 000 to 71 000", "transfers/s"),
    Peer("TigerBeetle, Python client, raw buffers", "366 000", "transfers/s"),
    Peer("TigerBeetle, native client", "470 000", "transfers/s"),
    Peer("TigerBeetle, Python client, single transfers", "7 000 to 9 400", "transfers/s"),
)
"""Measured by others on a 2-core machine with a local TigerBeetle server."""
