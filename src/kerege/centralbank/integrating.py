# SPDX-License-Identifier: Apache-2.0
"""Keeps the public log going: one process of a node integrates, the others stand by.

Who integrates holds a lock on the log's folders; the system frees it when the process ends, however
it ends, and one that stands by takes over from what the files say. Processes on other machines that
do not share the folders would write the same log again: leaves come in the ledger's order.
"""

from collections.abc import Sequence
from contextlib import suppress
from typing import Final

from kerege.centralbank.chores import Chore
from kerege.centralbank.leaves import LedgerLeaves
from kerege.keys import NamedPrivateKey
from kerege.ledger.stores import Store
from kerege.runtime import Clock
from kerege.service import get_log
from kerege.translog.checkpoint import CheckpointError, parse_checkpoint
from kerege.translog.files import DiskFiles, FileStoreError
from kerege.translog.integrator import Integrator
from kerege.translog.integrator_record import SignedRecord
from kerege.translog.log_files import LogStore
from kerege.translog.note import Ed25519NoteSigner, NoteError, parse_note
from kerege.translog.witness import WitnessPanel
from kerege.translog.witness.client import WitnessEndpoint

__all__ = ["Integrating"]

_STAND_BY_S: Final = 0.25
"""How often a process that stands by tries to take over."""


class Integrating:
    """The chore of one process."""

    def __init__(
        self,
        *,
        store: Store,
        clock: Clock,
        files: DiskFiles,
        signed: DiskFiles,
        key: NamedPrivateKey,
        salt_key: bytes,
        witnesses: Sequence[WitnessEndpoint],
    ) -> None:
        self._files = files
        self._signed = signed
        self.log = LogStore(files)
        self.is_active = False
        panel = WitnessPanel(witnesses, clock=clock) if witnesses else None
        self._integrator = Integrator(
            origin=key.name,
            signers=[Ed25519NoteSigner(key.name, key.private_key)],
            source=LedgerLeaves(store, salt_key),
            log=self.log,
            signed=SignedRecord(signed),
            cosign=panel,
            witnesses_wanted=len(witnesses),
        )
        self.chore = Chore("integrator", self._step, pause_s=_STAND_BY_S)

    def published_size(self) -> int:
        """Leaves under the published checkpoint, 0 before the first."""
        note = self.log.read_checkpoint()
        if note is None:
            return 0
        with suppress(NoteError, CheckpointError):
            return parse_checkpoint(parse_note(note).text).size
        return 0

    def close(self) -> None:
        """Finish the checkpoint under way and let another process take over."""
        self.chore.close()
        self._files.unlock()
        self._signed.unlock()

    def _step(self) -> None:
        if not self._take_over():
            return
        # Returns when the node ends; raises when something is wrong, and is begun anew.
        self._integrator.run(self.chore.stopping)

    def _take_over(self) -> bool:
        try:
            self._files.lock()
            self._signed.lock()
        except FileStoreError:
            self._files.unlock()
            return False
        if not self.is_active:
            self.is_active = True
            get_log().info("integrating", size=self.published_size())
        return True
