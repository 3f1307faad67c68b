# SPDX-License-Identifier: Apache-2.0
"""A log of our own on the disk, with its key and those who believe it."""

import time
from pathlib import Path

from kerege.keys import Algorithm, NamedPublicKey, PrivateKey, SignatureType
from kerege.translog import PolicyAt, policy_of_keys
from kerege.translog.files import DiskFiles
from kerege.translog.integrator import Integrator, LeafSource
from kerege.translog.integrator_record import SignedRecord
from kerege.translog.log_files import LogStore
from kerege.translog.note import Ed25519NoteSigner

__all__ = ["OwnLog"]

ORIGIN = "log.example/benchmark"


class OwnLog:
    """Files below `folder`, one integrator, and trust in its key alone."""

    def __init__(self, folder: Path, source: LeafSource) -> None:
        """Make the folders; nothing is integrated yet."""
        tiles, record = folder / "log", folder / "record"
        tiles.mkdir()
        record.mkdir()
        key = PrivateKey(Algorithm.ED25519, bytes(range(32)))
        public = NamedPublicKey(ORIGIN, SignatureType.ED25519, key.public_key)
        self.store = LogStore(DiskFiles(tiles))
        self.trust = PolicyAt(policy_of_keys(public.to_vkey()), now_s=int(time.time()))
        self.integrator = Integrator(
            origin=ORIGIN,
            signers=[Ed25519NoteSigner(ORIGIN, key)],
            source=source,
            log=self.store,
            signed=SignedRecord(DiskFiles(record)),
        )
